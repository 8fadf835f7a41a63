"""What runs in subnets and must not be reached from the internet, and the subnets that each names.

Load balancers, NAT gateways and single instances may stand in public subnets on purpose and are not among them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from policies.framework import Ids, Resource, Stack, Unknown, elements, peek
from policies.rules.network._vpc import SUBNET, Exposure

Path = tuple[str, ...]

TASKS: Mapping[str, Path] = {
    "aws:ecs/service:Service": ("networkConfiguration",),
    "aws:ecs/taskSet:TaskSet": ("networkConfiguration",),
    "aws:scheduler/schedule:Schedule": ("target", "ecsParameters", "networkConfiguration"),
    "aws:cloudwatch/eventTarget:EventTarget": ("ecsTarget", "networkConfiguration"),
    "aws:pipes/pipe:Pipe": (
        "targetParameters",
        "ecsTaskParameters",
        "networkConfiguration",
        "awsVpcConfiguration",
    ),
}
"""What starts ECS tasks, and where it says `subnets` and `assignPublicIp`."""

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

OUTSIDE_OF_ANY_VPC = ("aws:elasticsearch/domain:Domain", "aws:opensearch/domain:Domain")
"""What has an endpoint on the internet if it names no subnets."""


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
    """

    subnets: list[Resource]
    outside: list[str]
    unknown: int
    candidates: list[Resource]

    @property
    def named(self) -> bool:
        """Whether it names any."""
        return bool(self.subnets or self.outside or self.unknown)


def subnet_ids(workload: Resource) -> list[str | Unknown] | Unknown:
    """The ids that a workload names, each known or not, or an `Unknown` for all of them.

    :raises Malformed: the property is not of the form AWS documents.
    """
    path = SUBNETS[workload.type]
    value = peek(workload.inputs, *path)
    if isinstance(value, Unknown):
        return value
    if path[-1] == "subnetId":
        return [] if value is None else [str(value)]
    return [item if isinstance(item, Unknown) else str(item) for item in elements(value, ".".join(path))]


def used_subnets(workload: Resource, ids: Ids) -> Use:
    """The subnets that a workload names, as far as they are known.

    :raises Malformed: the property is not of the form AWS documents.
    """
    names = subnet_ids(workload)
    prop = SUBNETS[workload.type][0]
    used: dict[str, Resource] = {}
    outside: list[str] = []
    candidates: dict[str, Resource] = {}
    unknown = 0
    for value in [names] if isinstance(names, Unknown) else names:
        named = ids.named(workload, prop, value, SUBNET)
        if isinstance(value, Unknown) or len(named) > 1:
            unknown += 1
            candidates.update((subnet.urn, subnet) for subnet in named)
        elif named:
            used[named[0].urn] = named[0]
        else:
            outside.append(value)
    # The engine hands dependencies over in no order; messages should have one.
    possible = [subnet for urn, subnet in sorted(candidates.items()) if urn not in used]
    return Use(list(used.values()), outside, unknown, possible)


def group_is_in_stack(member: Resource, stack: Stack, value: object) -> bool:
    """Whether a data store's subnet group is in the stack, where it is judged itself."""
    membership = MEMBERS[member.type]
    groups = stack.of_type(membership.group)
    if stack.behind(member, membership.prop, membership.group):
        return True
    return isinstance(value, str) and any(
        value in (peek(props, name) for name in _GROUP_NAMES)
        for group in groups
        for props in (group.inputs, group.props)
    )


class Exposed(NamedTuple):
    """The public ones among the subnets of a workload.

    :ivar public: why it is exposed, one text a subnet; empty if it is not, or if that is undecided.
    :ivar undecided: what cannot be decided of the others.
    """

    public: list[str]
    undecided: list[str]


_LATER = "only the update knows"


def only_later(undecided: Iterable[str]) -> bool:
    """Whether nothing but the update is missing to decide."""
    return all(_LATER in reason for reason in undecided)


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
            f"comes from public subnets ({names}) and from others ({', '.join(others)}); {_LATER} which of them it "
            "names"
        )
    else:
        found.undecided.extend(
            f"may name {subnet.name}, {_OPEN}: {verdict.why}" for subnet, verdict in verdicts if verdict.public is None
        )
    if use.unknown > len(verdicts):
        found.undecided.append("is not known yet, and comes from no subnet of this stack")
    return found
