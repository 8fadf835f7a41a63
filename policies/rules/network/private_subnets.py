"""Services, scheduled tasks, Auto Scaling groups and data stores run in subnets that no internet gateway leads to."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    peek,
)
from policies.rules.network._network_stacks import IPV4_HALVES, IPV6_HALVES, PREVIEW, UPDATE, ZONES, Builder, naming
from policies.rules.network._vpc import (
    ASSOCIATION,
    DEFAULT_ROUTE_TABLE,
    INTERNET_GATEWAY,
    MAIN_ASSOCIATION,
    NETWORK,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    VPC,
    VPN_GATEWAY,
    Network,
    check_form,
    public_by_ids,
)
from policies.rules.network._workloads import (
    GROUP,
    IN_THE_DEFAULT_VPC,
    MEMBERS,
    OUTSIDE_OF_ANY_VPC,
    SUBNET_GROUPS,
    SUBNETS,
    exposed,
    group_is_in_stack,
    only_later,
    subnet_ids,
    used_subnets,
)

_PUBLIC_BY_SETTING = "it is listed in the setting known_public_subnets"
_DEFAULT_VPC = "so it is in the default VPC, whose subnets are public"


def _check(resource: Resource, report: Report) -> None:
    """At the update ids are known before the workload is created, and what joins them has gone by with its own.

    What this cannot see yet (a main route table, routes written into a `RouteTable`) the stack check judges.
    """
    if resource.type not in SUBNETS:
        return
    ids = subnet_ids(resource)
    if not ids and resource.type in OUTSIDE_OF_ANY_VPC:
        report.fail(
            resource,
            f"PublicEndpoint::{resource.name}",
            "without subnets it is outside any VPC, and its endpoint is on the internet",
            prop=".".join(SUBNETS[resource.type]),
            value=None,
        )
        return
    known = [] if isinstance(ids, Unknown) else [value for value in ids if isinstance(value, str)]
    seen = {type_: list(report.seen(type_)) for type_ in (*ASSOCIATION, *ROUTE, *DEFAULT_ROUTE_TABLE)} if known else {}
    public = []
    for subnet_id in known:
        why = public_by_ids(subnet_id, seen)
        if why is None and subnet_id in report.settings["known_public_subnets"]:
            why = _PUBLIC_BY_SETTING
        if why is not None:
            public.append(f"{subnet_id} ({why})")
    if public:
        _fail(resource, report, public)


def _check_stack(stack: Stack, report: Report) -> None:
    network = Network(stack)
    for table in stack.of_type(*ROUTE_TABLE, *DEFAULT_ROUTE_TABLE):
        with report.guard(table):
            check_form(table)
    for workload in stack.of_type(*SUBNETS):
        with report.guard(workload):
            _judge(workload, network, report)
    for member in stack.of_type(*MEMBERS):
        with report.guard(member):
            _judge_member(member, stack, report)


def _judge(workload: Resource, network: Network, report: Report) -> None:
    prop = ".".join(SUBNETS[workload.type])
    use = used_subnets(workload, network.ids)
    public, undecided = exposed(use, network.exposure)
    for subnet_id in use.outside:
        if subnet_id in report.settings["known_public_subnets"]:
            public.append(f"{subnet_id} ({_PUBLIC_BY_SETTING})")
        elif subnet_id not in report.settings["known_private_subnets"]:
            undecided.append(
                f"has {subnet_id}, which is not in this stack: list it in the setting known_private_subnets or "
                "known_public_subnets"
            )
    if public:
        _fail(workload, report, public)
    elif undecided:
        report.undecided(workload, prop, "; ".join(undecided), later=only_later(undecided))
    elif workload.type in IN_THE_DEFAULT_VPC and not use.named:
        report.undecided(workload, prop, f"is not set, {_DEFAULT_VPC}")


def _judge_member(member: Resource, stack: Stack, report: Report) -> None:
    """A data store is in the subnets of its group, which is judged itself if it is in the stack."""
    prop, _, inherits = MEMBERS[member.type]
    value = peek(member.inputs, prop)
    if group_is_in_stack(member, stack, value):
        return
    if isinstance(value, Unknown):
        report.undecided(member, prop)
    elif value in (None, ""):
        if not inherits or peek(member.inputs, inherits) in (None, ""):
            report.undecided(member, prop, f"is not set, {_DEFAULT_VPC}")
    elif value not in report.settings["known_private_subnet_groups"]:
        report.undecided(
            member,
            prop,
            f'is "{value}", a subnet group that is not in this stack: list it in the setting '
            "known_private_subnet_groups if its subnets are private",
        )


def _fail(workload: Resource, report: Report, public: list[str]) -> None:
    prop = ".".join(SUBNETS[workload.type])
    report.fail(
        workload,
        f"PublicSubnets::{workload.name}",
        f"names public subnets, which the internet can reach: {'; '.join(public)}",
        prop=prop,
    )


_SERVICE = "aws:ecs/service:Service"
_PATH = SUBNETS[_SERVICE]
_PUBLIC = Expect("PublicSubnets::app", "app", ["networkConfiguration.subnets", "0.0.0.0/0", "Fix: "])
_UNDECIDED = "Undecided::networkConfiguration.subnets"


def _service(world: Builder, *subnets: str) -> Res:
    return world.using(_SERVICE, _PATH, *subnets)


def _one(world: Builder, *resources: Res) -> list[Res]:
    """A service in the subnet `a`, with what is given around it."""
    return [world.vpc, world.gateway, *resources, _service(world, "a")]


def _inline(world: Builder, *routes: Mapping[str, Any], behind: Sequence[str] = ("igw",)) -> list[Res]:
    """A service in a subnet whose route table carries its routes itself."""
    return _one(world, world.subnet("a"), world.table("a", list(routes), behind), world.association("a"))


def _awsx(count: int = 0) -> list[Res]:
    """A service at first preview fed by a Vpc component: its list (or as many elements) comes from every subnet."""
    value = [UNKNOWN] * count if count else UNKNOWN
    return [*PREVIEW.zones(), naming(_SERVICE, _PATH, value, {_PATH[0]: ZONES})]


def _main(world: Builder, *resources: Res) -> list[Res]:
    """A service in a subnet without association."""
    return _one(world, world.subnet("a"), *resources)


def _default_table(world: Builder, *routes: Mapping[str, Any]) -> Res:
    depends = {"defaultRouteTableId": ["vpc"], "routes": ["igw"]}
    inputs = {"defaultRouteTableId": world.id("rtb-main"), "routes": list(routes)}
    return Res(DEFAULT_ROUTE_TABLE[0], "default", inputs, {"id": world.id("rtb-main")}, depends=depends)


def _main_association(world: Builder, table: str) -> Res:
    inputs = {"vpcId": world.id("vpc-1"), "routeTableId": world.id(f"rtb-{table}")}
    depends = {"vpcId": ["vpc"], "routeTableId": [f"{table}-rt"]}
    return Res(MAIN_ASSOCIATION[0], "main", inputs, depends=depends)


def _to_main(world: Builder, gateway: str = "igw-1") -> Res:
    """A standalone route in the main table, which the VPC names."""
    inputs = {
        "routeTableId": world.id("rtb-main"),
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": world.id(gateway),
    }
    return Res(ROUTE[0], "default-route", inputs, depends={"routeTableId": ["vpc"], "gatewayId": ["igw"]})


def _other(world: Builder) -> Res:
    service = _service(world, "public-1")
    return Res(service.type, "other", service.inputs, depends=service.depends)


def _outside(*subnets: str, **settings: Any) -> dict[str, Any]:
    return {"resources": [naming(_SERVICE, _PATH, list(subnets))], "settings": settings}


def _member(type_: str, **inputs: Any) -> Res:
    return Res(type_, "app", inputs)


_EVERY_TYPE_PUBLIC = tuple(
    Example(
        f"{type_} in a public subnet",
        [*PREVIEW.zones(), PREVIEW.using(type_, path, "public-1")],
        [Expect("PublicSubnets::app", "app", [".".join(path), "public-1", "internet gateway igw", "Fix: "])],
    )
    for type_, path in SUBNETS.items()
)

_EVERY_TYPE_PRIVATE = [
    Res(res.type, f"app-{number}", res.inputs, depends=res.depends)
    for number, res in enumerate(PREVIEW.using(type_, path, "private-1") for type_, path in SUBNETS.items())
]


def _in_group(type_: str, number: int) -> list[Res]:
    """A data store and its subnet group, first preview: the group's name is not known."""
    membership = MEMBERS[type_]
    group = PREVIEW.using(membership.group, ("subnetIds",), "private-1")
    return [
        Res(group.type, f"group-{number}", group.inputs, depends=group.depends),
        Res(type_, f"store-{number}", {membership.prop: UNKNOWN}, depends={membership.prop: [f"group-{number}"]}),
    ]


_IGW = {"gatewayId": "igw-1"}
_OUT = {"cidrBlock": "0.0.0.0/0", **_IGW}
_EXEMPTION = {
    "exemptions": [
        {
            "resource": "*::app",
            "finding": "PublicSubnets::app",
            "reason": "a bastion",
            "owner": "team-a",
            "expires": "2999-12-31",
        }
    ]
}
_UNKNOWN_GATEWAY = {"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}

RULE = Rule(
    name="network-private-subnets",
    title="Workloads run in private subnets",
    description="Tasks, Auto Scaling groups and data stores run in subnets without a route to an internet gateway.",
    severity=Severity.HIGH,
    packs=("network",),
    controls=("RDS.46", "CKV2_AWS_35", "AwsSolutions-VPCNoUnrestrictedRouteToIGW"),
    remedy="use private subnets (privateSubnetIds of an awsx Vpc), whose route tables lead to a NAT gateway, a transit "
    "gateway or nowhere",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
    types=(*NETWORK, *SUBNETS, *MEMBERS),
    settings={
        "known_private_subnets": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "pattern": "^subnet-"},
            "description": "Ids of private subnets outside the stack. Subnets in neither list are undecided.",
        },
        "known_public_subnets": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "pattern": "^subnet-"},
            "description": "Ids of public subnets outside the stack.",
        },
        "known_private_subnet_groups": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "minLength": 1},
            "description": "Names of subnet groups outside the stack (RDS, ElastiCache and so on) that have private "
            "subnets only. Others are undecided.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        Example("a service in private subnets, first preview", [*PREVIEW.zones(), _service(PREVIEW, *ZONES[:2])]),
        Example("a service in private subnets, update", [*UPDATE.zones(), _service(UPDATE, *ZONES[:2])]),
        Example("every kind of workload in a private subnet", [*PREVIEW.zones(), *_EVERY_TYPE_PRIVATE]),
        Example(
            "every kind of data store in a subnet group",
            [*PREVIEW.zones(), *(res for number, type_ in enumerate(MEMBERS) for res in _in_group(type_, number))],
        ),
        Example(
            "a data store names its group by its known name",
            [
                *UPDATE.zones(),
                Res(SUBNET_GROUPS[0], "group", {"name": "data", "subnetIds": ["subnet-private-1"]}),
                _member("aws:rds/instance:Instance", dbSubnetGroupName="data"),
            ],
        ),
        Example(
            "a read replica is in its source's group",
            [_member("aws:rds/instance:Instance", replicateSourceDb="primary")],
        ),
        Example(
            "a public load balancer's subnets are nobody's business here",
            [
                *PREVIEW.zones(),
                PREVIEW.using("aws:lb/loadBalancer:LoadBalancer", ("subnets",), "public-1", "public-2"),
            ],
        ),
        Example("a service without subnets of its own", [_member(_SERVICE, desiredCount=1)]),
        Example(
            "an event target that starts no task",
            [_member("aws:cloudwatch/eventTarget:EventTarget", arn="arn:aws:sqs:us-east-1:1:q")],
        ),
        Example("a table without routes", _inline(PREVIEW, behind=())),
        Example(
            "a route written into the table, to a NAT gateway",
            _inline(PREVIEW, {"cidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN}, behind=()),
        ),
        Example(
            "empty strings and local, as the state of a table has them",
            _inline(
                UPDATE, {"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1", "gatewayId": ""}, {"gatewayId": "local"}
            ),
        ),
        Example(
            "an egress-only internet gateway lets nobody in",
            _inline(PREVIEW, {"ipv6CidrBlock": "::/0", "egressOnlyGatewayId": UNKNOWN}, behind=()),
        ),
        Example(
            "a virtual private gateway is none of the internet's, first preview",
            [
                Res(VPN_GATEWAY[0], "vgw", {"vpcId": UNKNOWN}),
                *_inline(PREVIEW, _UNKNOWN_GATEWAY, behind=("vgw",)),
            ],
        ),
        Example(
            "a virtual private gateway, update",
            _inline(UPDATE, {"cidrBlock": "0.0.0.0/0", "gatewayId": "vgw-1"}),
        ),
        Example("the main table of a new VPC leads nowhere, first preview", _main(PREVIEW)),
        Example("the main table of a new VPC leads nowhere, update", _main(UPDATE)),
        Example(
            "the VPC's default table is not its main one any more",
            _main(
                UPDATE,
                _default_table(UPDATE, _OUT),
                UPDATE.table("inner"),
                _main_association(UPDATE, "inner"),
            ),
        ),
        Example(
            "an own association counts, not the public main table",
            _main(PREVIEW, PREVIEW.table("a"), PREVIEW.association("a"), _to_main(PREVIEW)),
        ),
        Example(
            "subnets of another stack, private by setting",
            **_outside("subnet-1", "subnet-2", known_private_subnets=["subnet-1", "subnet-2"]),
        ),
        Example(
            "a subnet group of another stack, private by setting",
            [_member("aws:rds/instance:Instance", dbSubnetGroupName="shared")],
            settings={"known_private_subnet_groups": ["shared"]},
        ),
        Example(
            "a state whose outputs lack ids goes by dependencies",
            [
                Res(res.type, res.name, res.inputs, depends=res.depends)
                for res in (*UPDATE.zones(), _service(UPDATE, "private-1"))
            ],
        ),
        Example("exempted", [*UPDATE.zones(), _service(UPDATE, "public-1")], exempted=[_PUBLIC], settings=_EXEMPTION),
        *_EVERY_TYPE_PUBLIC,
        Example(
            "a public subnet, update: said once, at registration",
            [*UPDATE.zones(), _service(UPDATE, *ZONES[2:])],
            [Expect("PublicSubnets::app", "app", ["subnet-public-1", "subnet-public-2", "internet gateway igw-1"])],
        ),
        Example(
            "one public subnet beside a private one",
            [*PREVIEW.zones(), _service(PREVIEW, "private-1", "public-1")],
            [_PUBLIC],
        ),
        Example(
            "all subnets behind an unknown list are public",
            [
                *PREVIEW.zones(),
                naming(_SERVICE, _PATH, UNKNOWN, {_PATH[0]: ZONES[2:]}),
            ],
            [Expect("PublicSubnets::app", "app", ["public-1", "public-2"])],
        ),
        Example("more subnets than private ones to take them from", _awsx(3), [_PUBLIC]),
        Example(
            "a whole default route written into the table, first preview",
            _inline(PREVIEW, _UNKNOWN_GATEWAY),
            [Expect("PublicSubnets::app", "app", ["route table a-rt sends 0.0.0.0/0 to the internet gateway igw"])],
        ),
        Example(
            "written into the table, update: found by the stack check",
            _inline(UPDATE, _OUT),
            [_PUBLIC],
        ),
        Example(
            "the second route of a table",
            _inline(PREVIEW, {"cidrBlock": "10.9.0.0/16", "transitGatewayId": UNKNOWN}, _UNKNOWN_GATEWAY),
            [_PUBLIC],
        ),
        Example(
            "IPv6, written into the table",
            _inline(UPDATE, {"ipv6CidrBlock": "::/0", **_IGW}),
            [Expect("PublicSubnets::app", "app", ["sends ::/0"])],
        ),
        *(
            Example(
                f"a default route in halves, {family}, {when}",
                [world.vpc, world.gateway, *world.public("a", *halves), _service(world, "a")],
                [Expect("PublicSubnets::app", "app", ["/1 to the internet gateway"])],
            )
            for family, halves in (("IPv4", IPV4_HALVES), ("IPv6", IPV6_HALVES))
            for when, world in (("first preview", PREVIEW), ("update", UPDATE))
        ),
        Example(
            "one half written into the table, the other standalone, which alone leads out",
            [
                *_inline(PREVIEW, {"cidrBlock": "0.0.0.0/1", "natGatewayId": UNKNOWN}),
                PREVIEW.route("a", IPV4_HALVES[1]),
            ],
            [Expect("PublicSubnets::app", "app", ["sends 128.0.0.0/1"])],
        ),
        Example(
            "IPv4 through NAT and IPv6 straight out",
            [PREVIEW.vpc, PREVIEW.gateway, *PREVIEW.private("a"), PREVIEW.route("a", "::/0"), _service(PREVIEW, "a")],
            [Expect("PublicSubnets::app", "app", ["sends ::/0"])],
        ),
        Example(
            "the route is registered after the service",
            [
                UPDATE.vpc,
                UPDATE.gateway,
                UPDATE.subnet("a"),
                UPDATE.table("a"),
                _service(UPDATE, "a"),
                UPDATE.association("a"),
                UPDATE.route("a"),
            ],
            [_PUBLIC],
        ),
        Example(
            "two subnets share one public table",
            [
                PREVIEW.vpc,
                PREVIEW.gateway,
                *PREVIEW.public("a"),
                PREVIEW.subnet("b"),
                PREVIEW.association("b", "a"),
                _service(PREVIEW, "b"),
            ],
            [_PUBLIC],
        ),
        Example(
            "a gateway attached apart, first preview",
            [
                Res(INTERNET_GATEWAY[1], "attachment", {"vpcId": UNKNOWN}),
                *_inline(PREVIEW, _UNKNOWN_GATEWAY, behind=("attachment",)),
            ],
            [Expect("PublicSubnets::app", "app", ["internet gateway attachment"])],
        ),
        Example(
            "the main table is public by a standalone route, first preview",
            _main(PREVIEW, _to_main(PREVIEW)),
            [_PUBLIC],
        ),
        Example("the main table is public by a standalone route, update", _main(UPDATE, _to_main(UPDATE)), [_PUBLIC]),
        Example(
            "the main table is public by the VPC's default table, first preview",
            _main(PREVIEW, _default_table(PREVIEW, _UNKNOWN_GATEWAY)),
            [Expect("PublicSubnets::app", "app", ["its route table default sends"])],
        ),
        Example(
            "the main table is public by the VPC's default table, update",
            _main(UPDATE, _default_table(UPDATE, _OUT)),
            [_PUBLIC],
        ),
        *(
            Example(
                f"a public table is made the main one, {when}",
                _main(world, world.table("outer"), world.route("outer"), _main_association(world, "outer")),
                [_PUBLIC],
            )
            for when, world in (("first preview", PREVIEW), ("update", UPDATE))
        ),
        *(
            Example(
                f"{type_} without {name}",
                [*PREVIEW.zones(), Res(type_, "app", inputs)],
                [Expect("PublicEndpoint::app", "app", ["vpcOptions.subnetIds is not set", "on the internet", "Fix: "])],
            )
            for type_ in OUTSIDE_OF_ANY_VPC
            for name, inputs in (("VPC", {"domainName": "app"}), ("subnets", {"vpcOptions": {"subnetIds": []}}))
        ),
        Example(
            "a subnet of the default VPC",
            [
                Res(VPC[1], "default-vpc", {}),
                Res(SUBNET[1], "default-a", {"availabilityZone": "us-east-1a"}, {"id": UNKNOWN}),
                naming(_SERVICE, _PATH, [UNKNOWN], {_PATH[0]: ["default-a"]}),
            ],
            [Expect("PublicSubnets::app", "app", ["default VPC"])],
        ),
        Example(
            "a subnet that the stack makes in the default VPC",
            [
                Res(VPC[1], "default-vpc", {}, {"id": "vpc-0"}),
                Res(SUBNET[0], "a", {"vpcId": "vpc-0"}, {"id": "subnet-a"}),
                naming(_SERVICE, _PATH, ["subnet-a"]),
            ],
            [Expect("PublicSubnets::app", "app", ["default VPC"])],
        ),
        Example(
            "a subnet of another stack, public by setting",
            findings=[Expect("PublicSubnets::app", "app", ["known_public_subnets"])],
            **_outside("subnet-1", known_public_subnets=["subnet-1"]),
        ),
        Example(
            "subnets that are no list",
            [*UPDATE.zones(), naming(_SERVICE, _PATH, "subnet-public-1"), _other(UPDATE)],
            [
                Expect("Malformed::networkConfiguration.subnets", "app", ["must be a list, not text"]),
                Expect("PublicSubnets::other", "other"),
            ],
        ),
        Example(
            "routes that are no list, and a public subnet beside them",
            [*UPDATE.zones(), UPDATE.table("broken", "0.0.0.0/0"), _service(UPDATE, "public-1")],
            [Expect("Malformed::routes", "broken-rt", ["must be a list, not text"]), _PUBLIC],
        ),
        Example(
            "a list from every subnet of a Vpc component",
            _awsx(),
            undecided=[Expect(_UNDECIDED, "app", ["public subnets (public-1, public-2)", "private-1", "the update"])],
        ),
        Example(
            "some elements of such a list",
            _awsx(2),
            undecided=[Expect(_UNDECIDED, "app")],
        ),
        Example(
            "such a list, and violations by setting",
            _awsx(),
            [Expect(_UNDECIDED, "app", ["UNDECIDED"])],
            settings={"undecided": "mandatory"},
        ),
        Example(
            "one subnet is public and one of another stack: the violation counts",
            [*UPDATE.zones(), naming(_SERVICE, _PATH, ["subnet-public-1", "subnet-0"])],
            [_PUBLIC],
        ),
        Example(
            "a subnet of another stack",
            undecided=[Expect(_UNDECIDED, "app", ["subnet-1, which is not in this stack", "known_private_subnets"])],
            **_outside("subnet-1", "subnet-2", known_private_subnets=["subnet-2"]),
        ),
        Example(
            "an unknown list from elsewhere",
            [*PREVIEW.zones(), naming(_SERVICE, _PATH, UNKNOWN, {_PATH[0]: ["vpc"]})],
            undecided=[Expect(_UNDECIDED, "app", ["comes from no subnet of this stack"])],
        ),
        Example(
            "a private subnet and an unknown one from elsewhere",
            [*PREVIEW.zones(), naming(_SERVICE, _PATH, [UNKNOWN, UNKNOWN], {_PATH[0]: ["private-1"]})],
            undecided=[Expect(_UNDECIDED, "app", ["comes from no subnet of this stack"])],
        ),
        Example(
            "the whole configuration is unknown",
            [*PREVIEW.zones(), Res(_SERVICE, "app", {"networkConfiguration": UNKNOWN})],
            undecided=[Expect(_UNDECIDED, "app")],
        ),
        Example(
            "a VPC of another stack, and no association",
            [Res(SUBNET[0], "a", {"vpcId": "vpc-9"}, {"id": "subnet-a"}), naming(_SERVICE, _PATH, ["subnet-a"])],
            undecided=[Expect(_UNDECIDED, "app", ["VPC's main route table"])],
        ),
        Example(
            "a route table of another stack",
            [
                Res(SUBNET[0], "a", {"vpcId": "vpc-9"}, {"id": "subnet-a"}),
                Res(ASSOCIATION[0], "in", {"subnetId": "subnet-a", "routeTableId": "rtb-9"}),
                naming(_SERVICE, _PATH, ["subnet-a"]),
            ],
            undecided=[Expect(_UNDECIDED, "app", ["rtb-9 is not in this stack"])],
        ),
        Example(
            "a gateway that nothing tells anything of",
            _inline(PREVIEW, _UNKNOWN_GATEWAY, behind=()),
            undecided=[Expect(_UNDECIDED, "app", ["a gateway that is not known yet"])],
        ),
        Example(
            "routes of a table that are all unknown",
            _one(PREVIEW, PREVIEW.subnet("a"), PREVIEW.table("a", UNKNOWN, ["igw"]), PREVIEW.association("a")),
            undecided=[Expect(_UNDECIDED, "app", ["routes of its route table a-rt"])],
        ),
        Example(
            "an Auto Scaling group without subnets",
            [_member(GROUP, availabilityZones=["us-east-1a"])],
            undecided=[Expect("Undecided::vpcZoneIdentifiers", "app", ["default VPC"])],
        ),
        *(
            Example(
                f"{type_} without subnets",
                [_member(type_)],
                undecided=[Expect(f"Undecided::{'.'.join(SUBNETS[type_])}", "app", ["default VPC"])],
            )
            for type_ in IN_THE_DEFAULT_VPC
        ),
        Example(
            "a default table of a VPC that cannot be told",
            [
                *UPDATE.zones(),
                Res(DEFAULT_ROUTE_TABLE[0], "other", {"defaultRouteTableId": UNKNOWN, "routes": [_OUT]}),
                _service(UPDATE, "private-1"),
            ],
            undecided=[Expect(_UNDECIDED, "app", ["the VPC of the route table other"])],
        ),
        Example(
            "a data store without a subnet group",
            [_member("aws:rds/instance:Instance")],
            undecided=[Expect("Undecided::dbSubnetGroupName", "app", ["default VPC"])],
        ),
        Example(
            "a data store in a subnet group of another stack",
            [_member("aws:elasticache/replicationGroup:ReplicationGroup", subnetGroupName="shared")],
            undecided=[Expect("Undecided::subnetGroupName", "app", ['"shared"', "known_private_subnet_groups"])],
        ),
        Example(
            "an unknown subnet group from elsewhere",
            [_member("aws:dax/cluster:Cluster", subnetGroupName=UNKNOWN)],
            undecided=[Expect("Undecided::subnetGroupName", "app")],
        ),
    ),
)
