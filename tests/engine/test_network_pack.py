"""The network pack on the real engine, over networks whose ids no preview knows: when it decides, and what it stops."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx
import pytest
from pulumi import automation as auto

from local.console import Console
from local.standin.serve import serve
from local.workspace import Paths, open_workspace, prepare

PACK = str(Path(__file__).resolve().parents[2] / "policies" / "packs" / "network")
SERVICE = "aws:ecs/service:Service"
RULE = "network-private-subnets"
Program = Callable[[], None]

# The Automation API leaves the event loop of a program open whose run the engine broke off.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


class Run:
    """A stack of one program, and what the pack said in its last operation."""

    def __init__(self, stack: auto.Stack) -> None:
        self._stack = stack
        self.said: list[Any] = []

    def preview(self) -> None:
        """Preview with the pack."""
        self.said = []
        self._stack.preview(policy_packs=[PACK], on_event=self._listen)

    def up(self) -> None:
        """Update with the pack, without a preview before it."""
        self.said = []
        self._stack.up(policy_packs=[PACK], on_event=self._listen)

    def verdicts(self, level: str) -> set[tuple[str, str]]:
        """Which rules spoke of which resources at a level."""
        said = (event for event in self.said if event.enforcement_level == level)
        return {(event.policy_name, event.resource_urn.rpartition("::")[2]) for event in said}

    def made(self, type_: str) -> list[str]:
        """The resources of a type in the state."""
        resources = (self._stack.export_stack().deployment or {}).get("resources", [])
        return [item["urn"].rpartition("::")[2] for item in resources if item["type"] == type_]

    def _listen(self, event: Any) -> None:
        if event.policy_event:
            self.said.append(event.policy_event)


@pytest.fixture
def run(pulumi_command: auto.PulumiCommand, tmp_path: Path) -> Iterator[Callable[[Program], Run]]:
    """Makes a stack of a program, on the stand-in for AWS."""

    with serve() as providers:

        def make(program: Program) -> Run:
            (tmp_path / "Pulumi.yaml").write_text("name: networks\nruntime: python\n")
            (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
            paths = Paths(tmp_path, "dev", tmp_path / ".local")
            prepare(paths, Console())
            workspace = open_workspace(paths, pulumi_command, program, providers.environment)
            return Run(auto.Stack.create_or_select("dev", workspace))

        yield make
    gc.collect()


def service(subnets: pulumi.Input[Any]) -> None:
    """A service in these subnets."""
    aws.ecs.Service(
        "app",
        task_definition="app:1",
        cluster="main",
        network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(subnets=subnets),
    )


def vpc() -> awsx.ec2.Vpc:
    """A network of awsx, as the platform makes it."""
    return awsx.ec2.Vpc(
        "net",
        cidr_block="10.0.0.0/16",
        availability_zone_names=["us-east-1a", "us-east-1b"],
        nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(strategy=awsx.ec2.NatGatewayStrategy.SINGLE),
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
    )


def test_private_subnets_are_undecided_at_first_preview_and_pass_at_the_update(run: Callable[[Program], Run]) -> None:
    stack = run(lambda: service(vpc().private_subnet_ids))

    stack.preview()
    assert stack.verdicts("mandatory") == set()
    assert (RULE, "app") in stack.verdicts("advisory")
    assert all("UNDECIDED" in event.message for event in stack.said)

    stack.up()
    assert stack.said == []
    assert stack.made(SERVICE) == ["app"]

    stack.preview()
    assert stack.said == [], "ids are known by now"


def test_public_subnets_of_a_component_are_stopped_before_the_service_is_made(run: Callable[[Program], Run]) -> None:
    stack = run(lambda: service(vpc().public_subnet_ids))

    stack.preview()
    assert stack.verdicts("mandatory") == set()
    (undecided,) = (event for event in stack.said if event.policy_name == RULE)
    assert "public subnets (net-public-1, net-public-2)" in undecided.message

    with pytest.raises(auto.CommandError, match="to the internet gateway igw-"):
        stack.up()
    assert stack.verdicts("mandatory") == {(RULE, "app")}
    assert stack.made(SERVICE) == []
    assert len(stack.made("aws:ec2/subnet:Subnet")) == 4


@pytest.mark.parametrize("inline", [True, False], ids=["route written into the table", "standalone route"])
def test_a_public_subnet_that_is_named_itself_is_stopped_at_first_preview(
    run: Callable[[Program], Run], inline: bool
) -> None:
    def program() -> None:
        network = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
        gateway = aws.ec2.InternetGateway("igw", vpc_id=network.id)
        subnet = aws.ec2.Subnet("a", vpc_id=network.id, cidr_block="10.0.0.0/24")
        route = aws.ec2.RouteTableRouteArgs(cidr_block="0.0.0.0/0", gateway_id=gateway.id)
        table = aws.ec2.RouteTable("rt", vpc_id=network.id, routes=[route] if inline else None)
        aws.ec2.RouteTableAssociation("in", subnet_id=subnet.id, route_table_id=table.id)
        if not inline:
            for half in ("0.0.0.0/1", "128.0.0.0/1"):
                aws.ec2.Route(half, route_table_id=table.id, destination_cidr_block=half, gateway_id=gateway.id)
        service([subnet.id])

    stack = run(program)
    with pytest.raises(auto.CommandError, match="to the internet gateway igw"):
        stack.preview()
    assert stack.verdicts("mandatory") == {(RULE, "app")}
    assert stack.made(SERVICE) == []
