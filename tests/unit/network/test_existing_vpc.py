"""A VPC that somebody else made: which subnets are taken, and what is said to be missing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import ExistingNetwork
from components.network import endpoint_services
from components.network.args import ExistingNetworkArgs
from components.network.existing_vpc import Choice, Endpoint, Facts, Route, Subnet, Wanted, choose
from local.standin import services
from local.standin.account import Account, Resources
from local.standin.behaviour import Refused
from local.standin.memory import Memory
from local.standin.place import Place

from ..conftest import REGION, Engine, run_program

OUT, NAT = Route("0.0.0.0/0", "igw-1"), Route("0.0.0.0/0", "nat-1")
LOCAL = Route("10.0.0.0/16", "local")


def subnet(id_: str, zone: str, *routes: Route, addresses: int = 251, free: int = 200) -> Subnet:
    return Subnet(id_, zone, addresses, free, f"rtb-{id_}", (LOCAL, *routes))


def facts(**changes: Any) -> Facts:
    """Return a VPC that suffices, with some of it changed."""
    subnets = [
        subnet("public-a", "a", OUT),
        subnet("public-b", "b", OUT),
        subnet("private-a", "a", NAT),
        subnet("private-b", "b", NAT),
    ]
    needed = endpoint_services.interface_services("eu-west-1", [])
    good = Facts("vpc-1", "eu-west-1", True, True, {one.id: one for one in subnets}, {}, needed)
    return good._replace(**changes)


def with_subnets(*subnets: Subnet) -> Facts:
    """Return the VPC with some subnets replaced or added."""
    return facts(subnets={**facts().subnets, **{one.id: one for one in subnets}})


def endpoints(*lacking: str, private_dns: bool = True) -> dict[str, Endpoint]:
    """Return every endpoint that tasks need, without some."""
    interface = Endpoint(private_dns, (), ("sg-endpoints",), "")
    made = dict.fromkeys(endpoint_services.TASK_SERVICES, interface)
    made["s3"] = Endpoint(False, ("rtb-private-a", "rtb-private-b"), (), "pl-1")
    return {service: endpoint for service, endpoint in made.items() if service not in lacking}


def closed(**changes: Any) -> Facts:
    """Return the VPC without NAT gateways."""
    subnets = {**facts().subnets, "private-a": subnet("private-a", "a"), "private-b": subnet("private-b", "b")}
    return facts(subnets=subnets, **changes)


def names(choice: Choice) -> tuple[list[str], list[str]]:
    return [one.id for one in choice.public], [one.id for one in choice.private]


def test_a_vpc_that_suffices_lacks_nothing() -> None:
    choice = choose(facts(), Wanted())
    assert choice.missing == []
    assert names(choice) == (["public-a", "public-b"], ["private-a", "private-b"])


def test_a_load_balancer_gets_one_subnet_of_each_zone() -> None:
    assert names(choose(with_subnets(subnet("public-z", "a", OUT)), Wanted()))[0] == ["public-a", "public-b"]


def test_subnets_for_databases_are_left_alone() -> None:
    choice = choose(with_subnets(subnet("data-a", "a"), subnet("data-b", "b")), Wanted())
    assert choice.missing == []
    assert names(choice)[1] == ["private-a", "private-b"]


def test_more_subnets_than_a_service_takes_must_be_chosen() -> None:
    def roomy(count: int) -> Facts:
        return with_subnets(*(subnet(f"more-{number}", "a", NAT) for number in range(count)))

    assert not choose(roomy(14), Wanted()).missing
    (told,) = choose(roomy(15), Wanted()).missing
    assert "17 private subnets, but a service takes only 16" in told


def test_subnets_named_are_taken_and_no_others() -> None:
    more = with_subnets(subnet("private-c", "c", NAT), subnet("public-c", "c", OUT))
    wanted = Wanted(public=["public-b", "public-c"], private=["private-a", "private-c"])
    choice = choose(more, wanted)
    assert choice.missing == []
    assert names(choice) == (["public-b", "public-c"], ["private-a", "private-c"])


@pytest.mark.parametrize("target", ["tgw-1", "eni-1", "vgw-1"])
def test_any_way_out_but_an_internet_gateway_will_do(target: str) -> None:
    out = Route("0.0.0.0/0", target)
    assert choose(with_subnets(subnet("private-a", "a", out), subnet("private-b", "b", out)), Wanted()).missing == []


def test_endpoints_will_do_where_there_is_no_way_out() -> None:
    assert choose(closed(endpoints=endpoints()), Wanted(endpoint_group="sg-endpoints")).missing == []


@pytest.mark.parametrize(
    ("found", "wanted", "said"),
    [
        (facts(dns_support=False), Wanted(), "vpc-1 has DNS support off"),
        (facts(dns_hostnames=False), Wanted(), "vpc-1 has DNS hostnames off"),
        (facts(), Wanted(public=["public-a", "other"]), "other is not a subnet of vpc-1"),
        (facts(), Wanted(private=["private-a", "other"]), "other is not a subnet of vpc-1"),
        (facts(), Wanted(public=["public-a", "private-b"]), "private-b is named as public but has no default route"),
        (facts(), Wanted(private=["private-a", "public-b"]), "public-b is named as private but has a route to an"),
        (
            with_subnets(subnet("private-a", "a", NAT, Route("203.0.113.0/24", "igw-1"))),
            Wanted(private=["private-a", "private-b"]),
            "private-a is named as private but has a route to an internet gateway",
        ),
        (
            with_subnets(subnet("public-z", "a", OUT)),
            Wanted(public=["public-a", "public-z", "public-b"]),
            "public-z is in a, as is public-a: a load balancer takes one subnet per zone",
        ),
        (facts(), Wanted(public=["public-a"]), "are needed in two zones: all that were found are in a"),
        (facts(), Wanted(private=["private-b"]), "are needed in two zones: all that were found are in b"),
        (facts(subnets={}), Wanted(), "are needed in two zones: none was found"),
        (with_subnets(subnet("public-a", "a", OUT, free=7)), Wanted(), "public-a has 7 free addresses"),
        (with_subnets(subnet("private-a", "a", NAT, free=0)), Wanted(), "private-a has no free address"),
        (facts(), Wanted(addresses=503), "have 502 addresses, but 503 are needed"),
        (closed(), Wanted(), "private-a has no way out"),
        (closed(endpoints=endpoints("logs")), Wanted(), "these endpoints: logs"),
        (
            closed(endpoints=endpoints(), needed=endpoint_services.interface_services("eu-west-1", [], instances=True)),
            Wanted(),
            "these endpoints: ecs, ecs-agent, ecs-telemetry, monitoring",
        ),
        (closed(endpoints=endpoints("s3")), Wanted(), "s3 (the gateway endpoint, in route table rtb-private-b)"),
        (closed(endpoints=endpoints(private_dns=False)), Wanted(), "ssm (it exists, but its private DNS name is off)"),
        (facts(endpoints=endpoints()), Wanted(endpoint_group="sg-1"), "for logs does not have the security group sg-1"),
    ],
)
def test_what_is_missing_is_said(found: Facts, wanted: Wanted, said: str) -> None:
    missing = choose(found, wanted).missing
    assert any(said in one for one in missing), missing


def test_all_of_it_is_said_at_once() -> None:
    missing = choose(closed(dns_support=False, dns_hostnames=False), Wanted(public=["other"], addresses=9999)).missing
    assert len(missing) == 7


def state(folder: Path) -> Account:
    """Return an account with one stack that has a network, as a state folder keeps it."""
    account = Account(Place(REGION), Memory(), Resources(folder))
    resources: list[dict[str, Any]] = []

    def add(kind: str, **inputs: Any) -> str:
        token = f"aws:ec2/{kind[0].lower()}{kind[1:]}:{kind}"
        id_, made = services.behaviour(token).create(inputs, account)
        resources.append({"type": token, "id": id_, "outputs": {**made, **inputs}})
        return id_

    vpc = add("Vpc", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
    gateway, nat = add("InternetGateway", vpcId=vpc), "nat-1"
    for number, zone in enumerate("ab"):
        for kind, target in (("public", {"gatewayId": gateway}), ("private", {"natGatewayId": nat})):
            block = f"10.0.{number * 2 + (kind == 'public')}.0/24"
            made = add("Subnet", vpcId=vpc, cidrBlock=block, availabilityZone=zone, tagsAll={"kind": kind})
            table = add("RouteTable", vpcId=vpc)
            add("RouteTableAssociation", subnetId=made, routeTableId=table)
            add("Route", routeTableId=table, destinationCidrBlock="0.0.0.0/0", **target)
    file = folder / ".pulumi" / "stacks" / "shared" / "network.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    return account


def in_account(account: Account, program: Callable[[], object]) -> Engine:
    """Run a program whose data sources are answered by an account."""

    class Answering(Engine):
        def call(self, args: Any) -> Any:
            if args.token.startswith("aws:ec2/"):
                return services.data_source(args.token)(dict(args.args), account), []
            return super().call(args)

    return run_program(program, engine=Answering())


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return state(tmp_path)


def vpc_id(account: Account) -> str:
    (vpc,) = account.of("aws:ec2/vpc:Vpc")
    return str(vpc["id"])


def test_what_no_stack_holds_is_not_there(account: Account) -> None:
    with pytest.raises(Refused, match="no matching EC2 VPC found"):
        services.data_source("aws:ec2/getVpc:getVpc")({"id": "vpc-9"}, account)


def test_the_data_sources_are_read_and_nothing_is_made(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {}
    monkeypatch.setattr("components.network.existing_vpc._endpoint", lambda *_: None)

    def program() -> None:
        network = ExistingNetwork("network", ExistingNetworkArgs(vpc_id=vpc_id(account), addresses_needed=20))
        assert network.reaches_internet
        network.private_subnet_ids.apply(lambda ids: found.update(private=ids))
        network.public_subnet_ids.apply(lambda ids: found.update(public=ids))

    engine = in_account(account, program)
    assert [item.type for item in engine.resources if item.type.startswith("aws")] == []
    kinds = {item["id"]: item["tagsAll"]["kind"] for item in account.of("aws:ec2/subnet:Subnet")}
    assert {kinds[id_] for id_ in found["private"]} == {"private"}
    assert {kinds[id_] for id_ in found["public"]} == {"public"}
    assert (len(found["private"]), len(found["public"])) == (2, 2)


def test_what_is_missing_stops_the_program_before_anything_is_registered(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.network.existing_vpc._endpoint", lambda *_: None)
    arguments = ExistingNetworkArgs(vpc_id=vpc_id(account), addresses_needed=503)
    with pytest.raises(
        pulumi.RunError, match=r"lacks what the platform needs\. Nothing was changed\.\n  - the private"
    ):
        in_account(account, lambda: ExistingNetwork("network", arguments))
