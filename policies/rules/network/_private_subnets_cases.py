"""Workloads in private subnets, and such of which nobody can tell, for `network-private-subnets`."""

from collections.abc import Sequence

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._network_stacks import PREVIEW, UPDATE, ZONES, naming
from policies.rules.network._services import (
    OUT,
    PATH,
    PUBLIC,
    SERVICE,
    UNDECIDED,
    UNKNOWN_GATEWAY,
    awsx,
    default_table,
    in_main_table,
    inline,
    main_association,
    member,
    one,
    outside,
    service,
    to_main,
)
from policies.rules.network._vpc import ASSOCIATION, DEFAULT_ROUTE_TABLE, SUBNET, VPN_GATEWAY
from policies.rules.network._workloads import GROUP, IN_THE_DEFAULT_VPC, MEMBERS, SUBNET_GROUPS, SUBNETS, path_text

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


def private() -> Sequence[Example]:
    """In private subnets, as far as that can be seen."""
    return (
        Example("a service in private subnets, first preview", [*PREVIEW.zones(), service(PREVIEW, *ZONES[:2])]),
        Example("a service in private subnets, update", [*UPDATE.zones(), service(UPDATE, *ZONES[:2])]),
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
                member("aws:rds/instance:Instance", dbSubnetGroupName="data"),
            ],
        ),
        Example(
            "a read replica is in its source's group",
            [member("aws:rds/instance:Instance", replicateSourceDb="primary")],
        ),
        Example(
            "a public load balancer's subnets are nobody's business here",
            [
                *PREVIEW.zones(),
                PREVIEW.using("aws:lb/loadBalancer:LoadBalancer", ("subnets",), "public-1", "public-2"),
            ],
        ),
        Example("a service without subnets of its own", [member(SERVICE, desiredCount=1)]),
        Example(
            "an event target that starts no task",
            [member("aws:cloudwatch/eventTarget:EventTarget", arn="arn:aws:sqs:us-east-1:1:q")],
        ),
        Example("a table without routes", inline(PREVIEW, behind=())),
        Example(
            "a route written into the table, to a NAT gateway",
            inline(PREVIEW, {"cidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN}, behind=()),
        ),
        Example(
            "empty strings and local, as the state of a table has them",
            inline(
                UPDATE, {"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1", "gatewayId": ""}, {"gatewayId": "local"}
            ),
        ),
        Example(
            "an egress-only internet gateway lets nobody in",
            inline(PREVIEW, {"ipv6CidrBlock": "::/0", "egressOnlyGatewayId": UNKNOWN}, behind=()),
        ),
        Example(
            "a virtual private gateway is none of the internet's, first preview",
            [
                Res(VPN_GATEWAY[0], "vgw", {"vpcId": UNKNOWN}),
                *inline(PREVIEW, UNKNOWN_GATEWAY, behind=("vgw",)),
            ],
        ),
        Example(
            "a virtual private gateway, update",
            inline(UPDATE, {"cidrBlock": "0.0.0.0/0", "gatewayId": "vgw-1"}),
        ),
        Example("the main table of a new VPC leads nowhere, first preview", in_main_table(PREVIEW)),
        Example("the main table of a new VPC leads nowhere, update", in_main_table(UPDATE)),
        Example(
            "the VPC's default table is not its main one any more",
            in_main_table(
                UPDATE,
                default_table(UPDATE, OUT),
                UPDATE.table("inner"),
                main_association(UPDATE, "inner"),
            ),
        ),
        Example(
            "an own association counts, not the public main table",
            in_main_table(PREVIEW, PREVIEW.table("a"), PREVIEW.association("a"), to_main(PREVIEW)),
        ),
        Example(
            "subnets of another stack, private by setting",
            **outside("subnet-1", "subnet-2", known_private_subnets=["subnet-1", "subnet-2"]),
        ),
        Example(
            "a subnet group of another stack, private by setting",
            [member("aws:rds/instance:Instance", dbSubnetGroupName="shared")],
            settings={"known_private_subnet_groups": ["shared"]},
        ),
        Example(
            "a state whose outputs lack ids goes by dependencies",
            [
                Res(res.type, res.name, res.inputs, depends=res.depends)
                for res in (*UPDATE.zones(), service(UPDATE, "private-1"))
            ],
        ),
        Example("exempted", [*UPDATE.zones(), service(UPDATE, "public-1")], exempted=[PUBLIC], settings=_EXEMPTION),
    )


def undecided() -> Sequence[Example]:
    """What only the update knows, or nobody in this stack."""
    return (
        Example(
            "a list from every subnet of a Vpc component",
            awsx(),
            undecided=[Expect(UNDECIDED, "app", ["public subnets (public-1, public-2)", "private-1", "the update"])],
        ),
        Example(
            "some elements of such a list",
            awsx(2),
            undecided=[Expect(UNDECIDED, "app")],
        ),
        Example(
            "such a list, and violations by setting",
            awsx(),
            [Expect(UNDECIDED, "app", ["UNDECIDED"])],
            settings={"undecided": "mandatory"},
        ),
        Example(
            "one subnet is public and one of another stack: the violation counts",
            [*UPDATE.zones(), naming(SERVICE, PATH, ["subnet-public-1", "subnet-0"])],
            [PUBLIC],
        ),
        Example(
            "a subnet of another stack",
            undecided=[Expect(UNDECIDED, "app", ["subnet-1, which is not in this stack", "known_private_subnets"])],
            **outside("subnet-1", "subnet-2", known_private_subnets=["subnet-2"]),
        ),
        Example(
            "an unknown list from elsewhere",
            [*PREVIEW.zones(), naming(SERVICE, PATH, UNKNOWN, {PATH[0]: ["vpc"]})],
            undecided=[Expect(UNDECIDED, "app", ["comes from no subnet of this stack"])],
        ),
        Example(
            "a private subnet and an unknown one from elsewhere",
            [*PREVIEW.zones(), naming(SERVICE, PATH, [UNKNOWN, UNKNOWN], {PATH[0]: ["private-1"]})],
            undecided=[Expect(UNDECIDED, "app", ["comes from no subnet of this stack"])],
        ),
        Example(
            "the whole configuration is unknown",
            [*PREVIEW.zones(), Res(SERVICE, "app", {"networkConfiguration": UNKNOWN})],
            undecided=[Expect(UNDECIDED, "app")],
        ),
        Example(
            "a VPC of another stack, and no association",
            [Res(SUBNET[0], "a", {"vpcId": "vpc-9"}, {"id": "subnet-a"}), naming(SERVICE, PATH, ["subnet-a"])],
            undecided=[Expect(UNDECIDED, "app", ["VPC's main route table"])],
        ),
        Example(
            "a route table of another stack",
            [
                Res(SUBNET[0], "a", {"vpcId": "vpc-9"}, {"id": "subnet-a"}),
                Res(ASSOCIATION[0], "in", {"subnetId": "subnet-a", "routeTableId": "rtb-9"}),
                naming(SERVICE, PATH, ["subnet-a"]),
            ],
            undecided=[Expect(UNDECIDED, "app", ["rtb-9 is not in this stack"])],
        ),
        Example(
            "a gateway that nothing tells anything of",
            inline(PREVIEW, UNKNOWN_GATEWAY, behind=()),
            undecided=[Expect(UNDECIDED, "app", ["a gateway that is not known yet"])],
        ),
        Example(
            "routes of a table that are all unknown",
            one(PREVIEW, PREVIEW.subnet("a"), PREVIEW.table("a", UNKNOWN, ["igw"]), PREVIEW.association("a")),
            undecided=[Expect(UNDECIDED, "app", ["routes of its route table a-rt"])],
        ),
        Example(
            "an Auto Scaling group without subnets",
            [member(GROUP, availabilityZones=["us-east-1a"])],
            undecided=[Expect("Undecided::vpcZoneIdentifiers", "app", ["default VPC"])],
        ),
        *(
            Example(
                f"{type_} without subnets",
                [member(type_)],
                undecided=[Expect(f"Undecided::{path_text(SUBNETS[type_])}", "app", ["default VPC"])],
            )
            for type_ in IN_THE_DEFAULT_VPC
        ),
        Example(
            "a default table of a VPC that cannot be told",
            [
                *UPDATE.zones(),
                Res(DEFAULT_ROUTE_TABLE[0], "other", {"defaultRouteTableId": UNKNOWN, "routes": [OUT]}),
                service(UPDATE, "private-1"),
            ],
            undecided=[Expect(UNDECIDED, "app", ["the VPC of the route table other"])],
        ),
        Example(
            "a data store without a subnet group",
            [member("aws:rds/instance:Instance")],
            undecided=[Expect("Undecided::dbSubnetGroupName", "app", ["default VPC"])],
        ),
        Example(
            "a data store in a subnet group of another stack",
            [member("aws:elasticache/replicationGroup:ReplicationGroup", subnetGroupName="shared")],
            undecided=[Expect("Undecided::subnetGroupName", "app", ['"shared"', "known_private_subnet_groups"])],
        ),
        Example(
            "an unknown subnet group from elsewhere",
            [member("aws:dax/cluster:Cluster", subnetGroupName=UNKNOWN)],
            undecided=[Expect("Undecided::subnetGroupName", "app")],
        ),
    )
