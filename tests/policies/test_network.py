"""What the network rules say of a run that deletes something, and of what was registered twice."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from policies.catalog import RULES
from policies.framework import Res
from policies.rules.network._group_stacks import ANY4, allow
from policies.rules.network._listener_cases import balanced_by
from policies.rules.network._network_stacks import PREVIEW, UPDATE, Builder
from policies.rules.network._services import service
from tests.policies.harness import Pack, Verdict

SUBNETS, INGRESS = RULES["network-private-subnets"], RULES["network-restricted-ingress"]


def _run(registered: Sequence[Res], deleted: Sequence[Res]) -> list[Verdict]:
    """A preview at whose end the engine hands over what the run is going to delete too."""
    pack = Pack([SUBNETS])
    return [*pack.register(registered), *pack.stack([*registered, *deleted])]


@pytest.mark.parametrize("world", [PREVIEW, UPDATE], ids=["new", "known"])
def test_a_way_out_that_the_run_deletes_is_no_violation(world: Builder) -> None:
    subnet, table, association, out = world.public("a")
    network = [world.vpc, world.gateway, subnet, table, association]
    (found,) = _run([*network, service(world, "a")], [out])
    assert found.undecided
    assert "unless this run deletes that route: only the update knows" in found.message
    assert "Nothing to do now" in found.message


@pytest.mark.parametrize("world", [PREVIEW, UPDATE], ids=["new", "known"])
def test_a_table_that_the_run_takes_from_a_subnet_is_not_its_table(world: Builder) -> None:
    public, private = world.public("outer"), world.private("a")
    before = replace(world.association("a", "outer"), name="before")
    network = [world.vpc, world.gateway, *public, *private, service(world, "a")]
    assert not _run(network, [before])
    assert [verdict.id for verdict in _run([*network, before], [])] != []


def test_a_route_that_is_registered_again_elsewhere_leads_nowhere_before() -> None:
    pack = Pack([SUBNETS])
    subnet, table, association, out = UPDATE.public("a")
    away = replace(out, inputs={**out.inputs, "gatewayId": "", "natGatewayId": "nat-1"})
    network = [UPDATE.vpc, UPDATE.gateway, subnet, table, association]
    assert pack.register([*network, out, service(UPDATE, "a")])
    assert not pack.register([away, service(UPDATE, "a")])
    assert not pack.register([replace(association, inputs={"subnetId": "subnet-b", "routeTableId": "rtb-a"}), out])
    assert not pack.register([service(UPDATE, "a")])


def test_a_rule_that_is_mended_waits_for_no_listener() -> None:
    pack = Pack([INGRESS])
    group, rule, *others = balanced_by(opened=7001)
    assert not pack.register([group, rule, *others])
    assert not pack.register([replace(rule, inputs={**rule.inputs, "cidrIpv4": "10.0.0.0/8"})])
    assert not pack.stack([group, rule, *others])


def test_a_rule_that_the_run_deletes_is_not_judged() -> None:
    pack = Pack([INGRESS])
    group, rule, *others = balanced_by(opened=7001)
    assert not pack.register([group, *others])
    assert not pack.stack([group, rule, *others])


def test_hundreds_of_ports_in_one_rule_are_judged_before_the_group_is_made() -> None:
    group = balanced_by()[0]
    wide = replace(group, inputs={"ingress": [allow("tcp", 10000, 10200, ANY4), allow("udp", 10000, 10200, ANY4)]})
    assert {verdict.id for verdict in Pack([INGRESS]).register([wide])} == {
        "Ingress::tcp/10000-10200",
        "Ingress::udp/10000-10200",
    }
