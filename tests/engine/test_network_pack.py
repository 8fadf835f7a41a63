"""The network rules on the real engine, over networks whose ids no preview knows: when they decide, what they stop.

Each project is a user's own, run by `python -m local` with the pack `all`, whose preview comes before its update.
"""

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from .conftest import ROOT, Local

SERVICE = "aws:ecs/service:Service"
PROGRAM = dedent("""
    import pulumi_aws as aws
    import pulumi_awsx as awsx

    def service(name, subnets):
        aws.ecs.Service(
            name, cluster="main", task_definition="app:1", desired_count=0, network_configuration={"subnets": subnets}
        )

    def vpc():
        return awsx.ec2.Vpc(
            "net",
            cidr_block="10.0.0.0/16",
            availability_zone_names=["us-east-1a", "us-east-1b"],
            nat_gateways={"strategy": "Single"},
            subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        )

""")
PLAIN = """
    net = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("igw", vpc_id=net.id)
    out = {"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}

    def subnet(name, number, routes):
        made = aws.ec2.Subnet(name, vpc_id=net.id, cidr_block=f"10.0.{number}.0/24")
        table = aws.ec2.RouteTable(f"{name}-rt", vpc_id=net.id, routes=routes)
        aws.ec2.RouteTableAssociation(f"{name}-in", subnet_id=made.id, route_table_id=table.id)
        return made, table

    closed, _ = subnet("closed", 1, None)
    service("private", [closed.id])

    inline, _ = subnet("inline", 2, [out])
    service("by-inline-route", [closed.id, inline.id])

    halved, table = subnet("halved", 3, None)
    for half in ("::/1", "8000::/1"):
        aws.ec2.Route(half, route_table_id=table.id, destination_ipv6_cidr_block=half, gateway_id=gateway.id)
    service("by-halves", [halved.id])

    bare = aws.ec2.Subnet("bare", vpc_id=net.id, cidr_block="10.0.4.0/24")
    aws.ec2.DefaultRouteTable("main", default_route_table_id=net.default_route_table_id, routes=[out])
    service("by-main-table", [bare.id])
"""


class Network:
    """A project of one network and one service in it."""

    def __init__(self, root: Path) -> None:
        self.driver = Local(ROOT)
        self.home = root / "home"
        self.root = root / "networks"
        self.root.mkdir()
        (self.root / "Pulumi.yaml").write_text("name: networks\nruntime: python\n")
        (self.root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")

    def write(self, rest: str) -> "Network":
        """Write the program: the functions above, and these lines below them."""
        (self.root / "__main__.py").write_text(PROGRAM + dedent(rest))
        return self

    def ok(self, verb: str) -> str:
        """Run a verb that must succeed, and return what it printed."""
        return self.driver.ok(verb, "--root", str(self.root), "--home", str(self.home))

    def fails(self, verb: str) -> str:
        """Run a verb that must fail, and return what it printed."""
        result = self.driver.run(verb, "--root", str(self.root), "--home", str(self.home))
        printed = result.stdout + result.stderr
        assert result.returncode == 1, printed
        assert "Traceback" not in printed
        return printed

    def made(self) -> list[str]:
        """The types of the AWS resources in the state."""
        file = self.home / "state" / ".pulumi" / "stacks" / "networks" / "dev.json"
        latest = json.loads(file.read_text())["checkpoint"]["latest"] if file.exists() else {}
        types = [str(resource["type"]) for resource in (latest or {}).get("resources", [])]
        return [type_ for type_ in types if type_.startswith("aws:")]


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """An empty project; the session's CLI runs it."""
    return Network(tmp_path)


def test_private_subnets_of_a_component_pass_once_their_ids_are_known(network: Network) -> None:
    network.write('service("app", vpc().private_subnet_ids)')

    printed = network.ok("preview")
    assert "UNDECIDED, networkConfiguration.subnets" in printed
    assert "public subnets (net-public-1, net-public-2) and from others (net-private-1, net-private-2)" in printed

    assert "UNDECIDED" not in network.ok("up")
    assert network.made().count(SERVICE) == 1
    assert "UNDECIDED" not in network.ok("preview")


def test_public_subnets_of_a_component_are_stopped_before_the_service_is_made(network: Network) -> None:
    network.write('service("app", vpc().public_subnet_ids)')

    assert "UNDECIDED, networkConfiguration.subnets" in network.ok("preview")

    printed = network.fails("up")
    assert "what it concerns was not made" in printed
    assert re.search(r"subnet-\w+ \(the route net-public-1 of its route table rtb-\w+ sends 0\.0\.0\.0/0", printed)
    assert SERVICE not in network.made()
    assert network.made().count("aws:ec2/subnet:Subnet") == 4


def test_subnets_that_are_named_themselves_are_decided_at_first_preview(network: Network) -> None:
    network.write(PLAIN)

    printed = network.fails("up")
    assert "nothing was made or changed" in printed
    assert "inline (its route table inline-rt sends 0.0.0.0/0 to the internet gateway igw)" in printed
    assert "halved (the route " in printed
    assert "bare (its route table main sends 0.0.0.0/0 to the internet gateway igw)" in printed
    assert set(re.findall(r"\[PublicSubnets::([\w-]+)\]", printed)) == {"by-inline-route", "by-halves", "by-main-table"}
    assert "UNDECIDED" not in printed
    assert network.made() == []
