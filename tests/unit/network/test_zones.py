"""Which zones a network uses: a living one keeps its own, whatever AWS offers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import Network
from components.network import zones

from ..conftest import REGION, Engine, run_main, run_program, stack_config

_LETTERS = st.sets(st.sampled_from("abcdef"))
VPC = "container-platform:index:Network$awsx:ec2:Vpc$aws:ec2/vpc:Vpc"


@given(_LETTERS, st.integers(2, 3), st.lists(st.sampled_from("abcdef"), unique=True, max_size=3))
def test_zones_in_use_stay_and_no_two_are_the_same(offered: set[str], count: int, taken: list[str]) -> None:
    known = dict(enumerate(taken, start=1))
    enough = len(taken) + len(offered - {*taken}) >= count
    if not enough:
        with pytest.raises(ValueError, match="zones are wanted"):
            zones.choose(offered, count, known)
        return
    chosen = zones.choose(offered, count, known)
    assert len({*chosen}) == len(chosen) == count
    assert chosen[: len(taken)] == taken[:count]
    assert chosen[len(taken) :] == sorted(offered - {*taken})[: max(0, count - len(taken))]


def test_a_subnet_that_is_missing_gets_a_zone_of_its_own() -> None:
    assert zones.choose("abc", 3, {1: "b", 3: "a"}) == ["b", "c", "a"]


def test_too_few_zones_stop_the_component_before_it_registers_anything() -> None:
    engine = Engine()
    with pytest.raises(
        Exception, match=f"4 zones are wanted, but the region offers {REGION}a, {REGION}b, {REGION}c only"
    ):
        run_program(lambda: Network("network", {"availability_zone_count": 4, "name_prefix": "/p"}), engine=engine)
    assert [item for item in engine.resources if not item.type.startswith("pulumi:")] == []


@pytest.mark.parametrize("names", [["a"], ["a", "a"], ["a", "b", "c"]])
def test_zones_that_are_given_must_be_as_many_different_ones(names: list[str]) -> None:
    with pytest.raises(Exception, match="must be 2 different zones"):
        run_program(lambda: Network("network", {"zone_names": names, "name_prefix": "/p"}))


def living(**changes: Any) -> Engine:
    """Return an engine that has dev's network, with its load balancer, in the zones c and a."""
    engine = Engine()
    base = "urn:pulumi:dev::container-platform::container-platform:index"
    balancer = f"{base}:LoadBalancer$aws"

    def there(urn: str, **outputs: Any) -> None:
        engine.state[urn] = {"type": urn.rpartition("$")[2].partition("::")[0], "outputs": outputs}

    vpc = {"id": "vpc-1", "cidrBlock": "10.10.0.0/16", **changes}
    there(f"urn:pulumi:dev::container-platform::{VPC}::network", **vpc)
    for kind in ("public", "private"):
        for number, letter in ((1, "c"), (2, "a")):
            urn = f"urn:pulumi:dev::container-platform::{VPC}$aws:ec2/subnet:Subnet::network-{kind}-{number}"
            there(urn, availabilityZone=f"{REGION}{letter}")
    there(f"{balancer}:lb/loadBalancer:LoadBalancer::load-balancer", vpcId="vpc-1")
    there(f"{balancer}:ec2/securityGroup:SecurityGroup::load-balancer", vpcId="vpc-1")
    return engine


def dev(**network: Any) -> dict[str, Any]:
    """Return dev's configuration with some keys of the network set."""
    config = stack_config("dev")
    platform = config["container-platform:platform"]
    platform["network"] = network if "existing" in network else {**platform["network"], **network}
    return config


def test_the_program_gives_the_network_the_zones_that_it_has() -> None:
    engine = living()
    run_main("dev", dev(availabilityZoneCount=3), engine=engine)
    (vpc,) = [item.inputs for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc["availabilityZoneNames"] == [f"{REGION}c", f"{REGION}a", f"{REGION}b"]


@pytest.mark.parametrize(
    ("there", "wanted", "told"),
    [
        ({}, {"cidrBlock": "10.11.0.0/16"}, ["network.cidrBlock", "10.11.0.0/16", "Set 10.10.0.0/16", "second stack"]),
        ({"assignGeneratedIpv6CidrBlock": True}, {"ipv6": False}, ["network.ipv6", "second stack"]),
        ({}, {"existing": {"vpcId": "vpc-0abc"}}, ["network.existing.vpcId", "vpc-0abc", "out of vpc-1"]),
        ({"id": "vpc-2"}, {}, ["network.existing", "vpc-1"]),
        ({}, {"availabilityZoneCount": 3}, []),
        ({}, {"ipv6": True}, []),
        ({"assignGeneratedIpv6CidrBlock": True}, {"ipv6": True}, []),
    ],
    ids=json.dumps,
)
def test_what_would_move_a_living_network_is_refused(
    there: dict[str, Any], wanted: dict[str, Any], told: list[str]
) -> None:
    engine = living(**there)
    if not told:
        run_main("dev", dev(**wanted), engine=engine)
        return
    with pytest.raises(Exception, match="Nothing was changed") as caught:
        run_main("dev", dev(**wanted), engine=engine)
    assert all(part in str(caught.value) for part in told), caught.value
    assert [item for item in engine.resources if not item.type.startswith("pulumi:")] == []


def test_before_there_is_a_load_balancer_nothing_lives_in_the_network() -> None:
    engine = living()
    engine.state = {urn: one for urn, one in engine.state.items() if "lb/loadBalancer" not in urn}
    run_main("dev", dev(cidrBlock="10.11.0.0/16"), engine=engine)


def test_a_region_with_too_few_zones_is_refused_in_words() -> None:
    engine = Engine()
    engine.zones = ["us-west-1c", "us-west-1a"]
    with pytest.raises(Exception, match=r"us-west-1a, us-west-1c. Set 2, or choose another region"):
        run_main("dev", dev(availabilityZoneCount=3, ipv6=True), engine=engine)
    assert [item for item in engine.resources if not item.type.startswith("pulumi:")] == []


def test_an_engine_that_does_not_tell_stops_the_program() -> None:
    """Without the state the next zones would be a guess."""
    engine = Engine()

    def refuse(*_: Any) -> Any:
        raise RuntimeError("no backend client is available")

    engine.monitor.Invoke = refuse  # type: ignore[method-assign]
    with pytest.raises(Exception, match=r"does not tell what is in the state of .*/container-platform/dev: no backend"):
        run_main("dev", dev(), engine=engine)
