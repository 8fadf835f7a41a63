"""What runs in subnets and must not be reached from the internet, and the subnets that each names.

Load balancers, NAT gateways and single instances may stand in public subnets on purpose and are not among them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from policies.framework import Ids, Resource, Stack, Unknown, elements, peek
from policies.rules.network._task_runs import SCHEDULE, STATE_MACHINE, Chosen, document_of, task_runs
from policies.rules.network._vpc import LATER, SUBNET, Exposure

Path = tuple[str, ...]
"""Names of properties from the resource inwards."""

EACH = "[]"
"""Stands in a path for every element of a list."""

TASKS: Mapping[str, Path] = {
    "aws:ecs/service:Service": ("networkConfiguration",),
    "aws:ecs/taskSet:TaskSet": ("networkConfiguration",),
    SCHEDULE: ("target", "ecsParameters", "networkConfiguration"),
    "aws:cloudwatch/eventTarget:EventTarget": ("ecsTarget", "networkConfiguration"),
    "aws:pipes/pipe:Pipe": (
        "targetParameters",
        "ecsTaskParameters",
        "networkConfiguration",
        "awsVpcConfiguration",
    ),
}
"""What starts ECS tasks, and where it says `subnets` and `assignPublicIp`. `_task_runs` reads what starts them by a
document."""

EXPRESS_SERVICE = "aws:ecs/expressGatewayService:ExpressGatewayService"

_HOSTS: Mapping[str, Path] = {
    "aws:batch/computeEnvironment:ComputeEnvironment": ("computeResources", "subnets"),
    "aws:ecs/capacityProvider:CapacityProvider": (
        "managedInstancesProvider",
        "instanceLaunchTemplate",
        "networkConfiguration",
        "subnets",
    ),
}
"""What tasks and jobs run on, where it is no Auto Scaling group."""

GROUP = "aws:autoscaling/group:Group"

SUBNET_GROUPS = (
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:docdb/subnetGroup:SubnetGroup",
    "aws:neptune/subnetGroup:SubnetGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
    "aws:redshift/subnetGroup:SubnetGroup",
    "aws:dax/subnetGroup:SubnetGroup",
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
)

_STORES: Mapping[str, Path] = {
    "aws:docdb/elasticCluster:ElasticCluster": ("subnetIds",),
    "aws:efs/mountTarget:MountTarget": ("subnetId",),
    "aws:elasticache/serverlessCache:ServerlessCache": ("subnetIds",),
    "aws:elasticsearch/domain:Domain": ("vpcOptions", "subnetIds"),
    "aws:fsx/fileCache:FileCache": ("subnetIds",),
    "aws:fsx/lustreFileSystem:LustreFileSystem": ("subnetIds",),
    "aws:fsx/ontapFileSystem:OntapFileSystem": ("subnetIds",),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": ("subnetIds",),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": ("subnetIds",),
    "aws:mq/broker:Broker": ("subnetIds",),
    "aws:msk/cluster:Cluster": ("brokerNodeGroupInfo", "clientSubnets"),
    "aws:opensearch/domain:Domain": ("vpcOptions", "subnetIds"),
    "aws:rds/proxy:Proxy": ("vpcSubnetIds",),
    "aws:redshiftserverless/workgroup:Workgroup": ("subnetIds",),
    "aws:timestreaminfluxdb/dbCluster:DbCluster": ("vpcSubnetIds",),
    "aws:timestreaminfluxdb/dbInstance:DbInstance": ("vpcSubnetIds",),
}

SUBNETS: Mapping[str, Path] = {
    **{type_: (*path, "subnets") for type_, path in TASKS.items()},
    EXPRESS_SERVICE: ("networkConfigurations", EACH, "subnets"),
    STATE_MACHINE: ("definition",),
    **_HOSTS,
    GROUP: ("vpcZoneIdentifiers",),
    **dict.fromkeys(SUBNET_GROUPS, ("subnetIds",)),
    **_STORES,
}
"""Where each type names its subnets."""

IN_THE_DEFAULT_VPC = (
    GROUP,
    "aws:docdb/elasticCluster:ElasticCluster",
    "aws:elasticache/serverlessCache:ServerlessCache",
    "aws:mq/broker:Broker",
    "aws:redshiftserverless/workgroup:Workgroup",
)
"""What AWS puts into the default VPC if it names no subnets."""


class Unnamed(NamedTuple):
    """What becomes of a type that names no subnets.

    :ivar finding: what the finding is called.
    """

    finding: str
    reason: str


_ENDPOINT = Unnamed("PublicEndpoint", "without subnets it is outside any VPC, and its endpoint is on the internet")

PUBLIC_IF_UNNAMED: Mapping[str, Unnamed] = {
    "aws:elasticsearch/domain:Domain": _ENDPOINT,
    "aws:opensearch/domain:Domain": _ENDPOINT,
    EXPRESS_SERVICE: Unnamed(
        "PublicSubnets",
        "without subnets its tasks run in those of the default VPC, which are public, with public addresses",
    ),
}
"""What the internet reaches if it names no subnets."""


class Membership(NamedTuple):
    """How a data store names the subnet group that it is in.

    :ivar inherits: a property that puts it into the subnet group of something else.
    """

    prop: str
    group: str
    inherits: str = ""


MEMBERS: Mapping[str, Membership] = {
    "aws:rds/instance:Instance": Membership("dbSubnetGroupName", SUBNET_GROUPS[0], "replicateSourceDb"),
    "aws:rds/cluster:Cluster": Membership("dbSubnetGroupName", SUBNET_GROUPS[0]),
    "aws:docdb/cluster:Cluster": Membership("dbSubnetGroupName", SUBNET_GROUPS[1]),
    "aws:neptune/cluster:Cluster": Membership("neptuneSubnetGroupName", SUBNET_GROUPS[2]),
    "aws:elasticache/cluster:Cluster": Membership("subnetGroupName", SUBNET_GROUPS[3], "replicationGroupId"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Membership("subnetGroupName", SUBNET_GROUPS[3]),
    "aws:memorydb/cluster:Cluster": Membership("subnetGroupName", SUBNET_GROUPS[4]),
    "aws:redshift/cluster:Cluster": Membership("clusterSubnetGroupName", SUBNET_GROUPS[5]),
    "aws:dax/cluster:Cluster": Membership("subnetGroupName", SUBNET_GROUPS[6]),
    "aws:dms/replicationInstance:ReplicationInstance": Membership("replicationSubnetGroupId", SUBNET_GROUPS[7]),
}
"""Data stores whose subnets are those of a group."""

_OPEN = "which may be public"
_GROUP_NAMES = ("name", "id", "replicationSubnetGroupId")


class Use(NamedTuple):
    """The subnets that a workload names.

    :ivar subnets: those of the stack that it surely uses.
    :ivar outside: ids of others.
    :ivar unknown: how many it names that are not known yet; at least so many if the list itself is not known.
    :ivar candidates: the stack's subnets that the unknown ones come from.
    :ivar chosen: properties whose value is chosen while the workload runs.
    :ivar in_document: whether a document names them, which may name none.
    """

    subnets: list[Resource]
    outside: list[str]
    unknown: int
    candidates: list[Resource]
    chosen: list[str]
    in_document: bool

    @property
    def named(self) -> bool:
        """Whether it names any."""
        return bool(self.subnets or self.outside or self.unknown or self.chosen)

    @property
    def may_be_none(self) -> bool:
        """Whether nothing tells that it names any: a document that is not known yet, and comes from no subnet."""
        return self.in_document and self.unknown > 0 and not (self.candidates or self.subnets or self.outside)


def prop_of(workload: Resource) -> str:
    """The property that names a workload's subnets, for messages."""
    return document_of(workload) or path_text(SUBNETS[workload.type])


def path_text(path: Path) -> str:
    """A path as messages show it."""
    return ".".join(path).replace(f".{EACH}", EACH)


def subnet_ids(workload: Resource) -> list[str | Unknown | Chosen]:
    """The ids that a workload names, each known or not. An `Unknown` stands for a whole list, too.

    :raises Malformed: the property is not of the form AWS documents.
    """
    if document_of(workload):
        runs = task_runs(workload)
        if isinstance(runs, Unknown):
            return [runs]
        return [id_ for run in runs for id_ in _ids_in(run.subnets, f"{run.path}.Subnets")]
    path = SUBNETS[workload.type]
    one = path[-1] == "subnetId"
    return [
        id_
        for where, value in _values(workload.inputs, path)
        for id_ in _ids_in([value] if one and value is not None and not isinstance(value, Unknown) else value, where)
    ]


def _values(container: object, path: Path, walked: str = "") -> Iterator[tuple[str, object]]:
    """The values at a path, through every element of a list on the way."""
    if EACH not in path:
        yield f"{walked}{'.'.join(path)}", peek(container, *path)
        return
    at = path.index(EACH)
    name, value = f"{walked}{'.'.join(path[:at])}", peek(container, *path[:at])
    if isinstance(value, Unknown):
        yield name, value
        return
    for index, element in enumerate(elements(value, name)):
        yield from _values(element, path[at + 1 :], f"{name}[{index}].")


def _ids_in(value: object, where: str) -> list[str | Unknown | Chosen]:
    if isinstance(value, Unknown | Chosen):
        return [value]
    return [item if isinstance(item, Unknown | Chosen) else str(item) for item in elements(value, where)]


def used_subnets(workload: Resource, ids: Ids) -> Use:
    """The subnets that a workload names, as far as they are known.

    :raises Malformed: the property is not of the form AWS documents.
    """
    prop = prop_of(workload).partition(".")[0].removesuffix(EACH)
    used: dict[str, Resource] = {}
    outside: list[str] = []
    chosen: list[str] = []
    candidates: dict[str, Resource] = {}
    unknown, from_anything = 0, False
    # What an id that nobody has may name is the same for each of them.
    of_id: list[Resource] | None = None
    for value in subnet_ids(workload):
        if isinstance(value, Chosen):
            chosen.append(value.path)
            continue
        if isinstance(value, Unknown):
            unknown, from_anything = unknown + 1, True
            continue
        found = ids.get(value)
        if found is None or found.type not in SUBNET:
            of_id = ids.named(workload, prop, "", SUBNET) if of_id is None else of_id
            if len(of_id) > 1:
                unknown += 1
                candidates.update((subnet.urn, subnet) for subnet in of_id)
                continue
            found = of_id[0] if of_id else None
        if found is None:
            outside.append(value)
        else:
            used[found.urn] = found
    if from_anything:
        candidates = {subnet.urn: subnet for subnet in ids.named(workload, prop, Unknown(prop), SUBNET)}
    # The engine hands dependencies over in no order; messages should have one.
    possible = [subnet for urn, subnet in sorted(candidates.items()) if urn not in used]
    return Use(list(used.values()), outside, unknown, possible, chosen, bool(document_of(workload)))


def group_is_in_stack(member: Resource, stack: Stack, value: object) -> bool:
    """Whether a data store's subnet group is in the stack, where it is judged itself."""
    membership = MEMBERS[member.type]
    if stack.behind(member, membership.prop, membership.group):
        return True
    return isinstance(value, str) and value in _names_of_groups(stack, membership.group)


@lru_cache(maxsize=len(SUBNET_GROUPS))
def _names_of_groups(stack: Stack, type_: str) -> frozenset[object]:
    """What others call the subnet groups of a type."""
    named = (
        (props, name)
        for group in stack.of_type(type_)
        for props in (group.inputs, group.props)
        for name in _GROUP_NAMES
    )
    return frozenset(value for props, name in named if isinstance(value := peek(props, name), str))


class Exposed(NamedTuple):
    """The public ones among the subnets of a workload.

    :ivar public: why it is exposed, one text a subnet; empty if it is not, or if that is undecided.
    :ivar undecided: what cannot be decided of the others.
    """

    public: list[str]
    undecided: list[str]


def only_later(undecided: Iterable[str]) -> bool:
    """Whether nothing but the update is missing to decide."""
    return all(LATER in reason for reason in undecided)


def exposed(use: Use, exposure: Callable[[Resource], Exposure]) -> Exposed:
    """Which subnets of a workload are public, as far as dependencies tell before ids are known.

    An unknown list depends on every subnet that it may come from; awsx makes `private_subnet_ids` depend on the public
    subnets of the VPC too. So with all of them public it is exposed, with none it is not, and with some of them it is
    if it names more subnets than those that are not.
    """
    found = Exposed([], [])
    for subnet in use.subnets:
        verdict = exposure(subnet)
        if verdict.public:
            found.public.append(f"{subnet.name} ({verdict.why})")
        elif verdict.public is None:
            found.undecided.append(f"names {subnet.name}, {_OPEN}: {verdict.why}")
    found.undecided.extend(f"has {prop}, which is chosen while it runs" for prop in use.chosen)
    if not use.unknown:
        return found
    verdicts = [(subnet, exposure(subnet)) for subnet in use.candidates]
    public = [f"{subnet.name} ({verdict.why})" for subnet, verdict in verdicts if verdict.public]
    others = [subnet.name for subnet, verdict in verdicts if not verdict.public]
    if public and use.unknown > len(others):
        found.public.extend(public)
    elif public:
        names = ", ".join(subnet.name for subnet, verdict in verdicts if verdict.public)
        found.undecided.append(
            f"comes from public subnets ({names}) and from others ({', '.join(others)}); {LATER} which of them it names"
        )
    else:
        found.undecided.extend(
            f"may name {subnet.name}, {_OPEN}: {verdict.why}" for subnet, verdict in verdicts if verdict.public is None
        )
    if use.unknown > len(verdicts) and not use.may_be_none:
        found.undecided.append("is not known yet, and comes from no subnet of this stack")
    return found
