"""Workloads in public subnets, for `network-private-subnets`."""

from collections.abc import Sequence
from dataclasses import replace

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._network_stacks import IPV4_HALVES, IPV6_HALVES, PREVIEW, UPDATE, ZONES, Builder, naming
from policies.rules.network._services import (
    IGW,
    OUT,
    PATH,
    PUBLIC,
    SERVICE,
    UNKNOWN_GATEWAY,
    awsx,
    default_table,
    in_main_table,
    inline,
    main_association,
    outside,
    service,
    to_main,
)
from policies.rules.network._vpc import INTERNET_GATEWAY, SUBNET, VPC
from policies.rules.network._workloads import SUBNETS, path_text

_EVERY_TYPE_PUBLIC = tuple(
    Example(
        f"{type_} in a public subnet",
        [*PREVIEW.zones(), PREVIEW.using(type_, path, "public-1")],
        [Expect("PublicSubnets::app", "app", [path_text(path), "public-1", "internet gateway igw", "Fix: "])],
    )
    for type_, path in SUBNETS.items()
)


def _other(world: Builder) -> Res:
    return replace(service(world, "public-1"), name="other")


def public() -> Sequence[Example]:
    """In public subnets, however these became so."""
    return (
        *_EVERY_TYPE_PUBLIC,
        Example(
            "a public subnet, update: said once, at registration",
            [*UPDATE.zones(), service(UPDATE, *ZONES[2:])],
            [Expect("PublicSubnets::app", "app", ["subnet-public-1", "subnet-public-2", "internet gateway igw-1"])],
        ),
        Example(
            "one public subnet beside a private one",
            [*PREVIEW.zones(), service(PREVIEW, "private-1", "public-1")],
            [PUBLIC],
        ),
        Example(
            "all subnets behind an unknown list are public",
            [
                *PREVIEW.zones(),
                naming(SERVICE, PATH, UNKNOWN, {PATH[0]: ZONES[2:]}),
            ],
            [Expect("PublicSubnets::app", "app", ["public-1", "public-2"])],
        ),
        Example("more subnets than private ones to take them from", awsx(3), [PUBLIC]),
        Example(
            "a whole default route written into the table, first preview",
            inline(PREVIEW, UNKNOWN_GATEWAY),
            [Expect("PublicSubnets::app", "app", ["route table a-rt sends 0.0.0.0/0 to the internet gateway igw"])],
        ),
        Example(
            "written into the table, update: found by the stack check",
            inline(UPDATE, OUT),
            [PUBLIC],
        ),
        Example(
            "the second route of a table",
            inline(PREVIEW, {"cidrBlock": "10.9.0.0/16", "transitGatewayId": UNKNOWN}, UNKNOWN_GATEWAY),
            [PUBLIC],
        ),
        Example(
            "IPv6, written into the table",
            inline(UPDATE, {"ipv6CidrBlock": "::/0", **IGW}),
            [Expect("PublicSubnets::app", "app", ["sends ::/0"])],
        ),
        *(
            Example(
                f"a default route in halves, {family}, {when}",
                [world.vpc, world.gateway, *world.public("a", *halves), service(world, "a")],
                [Expect("PublicSubnets::app", "app", ["/1 to the internet gateway"])],
            )
            for family, halves in (("IPv4", IPV4_HALVES), ("IPv6", IPV6_HALVES))
            for when, world in (("first preview", PREVIEW), ("update", UPDATE))
        ),
        Example(
            "one half written into the table, the other standalone, which alone leads out",
            [
                *inline(PREVIEW, {"cidrBlock": "0.0.0.0/1", "natGatewayId": UNKNOWN}),
                PREVIEW.route("a", IPV4_HALVES[1]),
            ],
            [Expect("PublicSubnets::app", "app", ["sends 128.0.0.0/1"])],
        ),
        Example(
            "IPv4 through NAT and IPv6 straight out",
            [PREVIEW.vpc, PREVIEW.gateway, *PREVIEW.private("a"), PREVIEW.route("a", "::/0"), service(PREVIEW, "a")],
            [Expect("PublicSubnets::app", "app", ["sends ::/0"])],
        ),
        Example(
            "the route is registered after the service",
            [
                UPDATE.vpc,
                UPDATE.gateway,
                UPDATE.subnet("a"),
                UPDATE.table("a"),
                service(UPDATE, "a"),
                UPDATE.association("a"),
                UPDATE.route("a"),
            ],
            [PUBLIC],
        ),
        Example(
            "two subnets share one public table",
            [
                PREVIEW.vpc,
                PREVIEW.gateway,
                *PREVIEW.public("a"),
                PREVIEW.subnet("b"),
                PREVIEW.association("b", "a"),
                service(PREVIEW, "b"),
            ],
            [PUBLIC],
        ),
        Example(
            "a gateway attached apart, first preview",
            [
                Res(INTERNET_GATEWAY[1], "attachment", {"vpcId": UNKNOWN}),
                *inline(PREVIEW, UNKNOWN_GATEWAY, behind=("attachment",)),
            ],
            [Expect("PublicSubnets::app", "app", ["internet gateway attachment"])],
        ),
        Example(
            "the main table is public by a standalone route, first preview",
            in_main_table(PREVIEW, to_main(PREVIEW)),
            [PUBLIC],
        ),
        Example(
            "the main table is public by a standalone route, update", in_main_table(UPDATE, to_main(UPDATE)), [PUBLIC]
        ),
        Example(
            "the main table is public by the VPC's default table, first preview",
            in_main_table(PREVIEW, default_table(PREVIEW, UNKNOWN_GATEWAY)),
            [Expect("PublicSubnets::app", "app", ["its route table default sends"])],
        ),
        Example(
            "the main table is public by the VPC's default table, update",
            in_main_table(UPDATE, default_table(UPDATE, OUT)),
            [PUBLIC],
        ),
        *(
            Example(
                f"a public table is made the main one, {when}",
                in_main_table(world, world.table("outer"), world.route("outer"), main_association(world, "outer")),
                [PUBLIC],
            )
            for when, world in (("first preview", PREVIEW), ("update", UPDATE))
        ),
        *(
            Example(
                f"{type_} without {name}",
                [*PREVIEW.zones(), Res(type_, "app", inputs)],
                [Expect("PublicEndpoint::app", "app", ["vpcOptions.subnetIds is not set", "on the internet", "Fix: "])],
            )
            for type_ in ("aws:elasticsearch/domain:Domain", "aws:opensearch/domain:Domain")
            for name, inputs in (("VPC", {"domainName": "app"}), ("subnets", {"vpcOptions": {"subnetIds": []}}))
        ),
        Example(
            "a subnet of the default VPC",
            [
                Res(VPC[1], "default-vpc", {}),
                Res(SUBNET[1], "default-a", {"availabilityZone": "us-east-1a"}, {"id": UNKNOWN}),
                naming(SERVICE, PATH, [UNKNOWN], {PATH[0]: ["default-a"]}),
            ],
            [Expect("PublicSubnets::app", "app", ["default VPC"])],
        ),
        Example(
            "a subnet that the stack makes in the default VPC",
            [
                Res(VPC[1], "default-vpc", {}, {"id": "vpc-0"}),
                Res(SUBNET[0], "a", {"vpcId": "vpc-0"}, {"id": "subnet-a"}),
                naming(SERVICE, PATH, ["subnet-a"]),
            ],
            [Expect("PublicSubnets::app", "app", ["default VPC"])],
        ),
        Example(
            "a subnet of another stack, public by setting",
            findings=[Expect("PublicSubnets::app", "app", ["known_public_subnets"])],
            **outside("subnet-1", known_public_subnets=["subnet-1"]),
        ),
        Example(
            "subnets that are no list",
            [*UPDATE.zones(), naming(SERVICE, PATH, "subnet-public-1"), _other(UPDATE)],
            [
                Expect("Malformed::networkConfiguration.subnets", "app", ["must be a list, not text"]),
                Expect("PublicSubnets::other", "other"),
            ],
        ),
        Example(
            "routes that are no list, and a public subnet beside them",
            [*UPDATE.zones(), UPDATE.table("broken", "0.0.0.0/0"), service(UPDATE, "public-1")],
            [Expect("Malformed::routes", "broken-rt", ["must be a list, not text"]), PUBLIC],
        ),
    )
