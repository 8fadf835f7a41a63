"""The stand-in's services: found by their names, and what they see of the account."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format

from local.standin import services, wire
from local.standin.account import Account, Resources
from local.standin.behaviour import Behaviour, Named, Numbered, Refused
from local.standin.memory import Memory
from local.standin.place import Place
from local.standin.table import TABLE

QUEUE = "aws:sqs/queue:Queue"
MODULES = [module.name for module in pkgutil.iter_modules(services.__path__)]


def account(state: Path | None = None, region: str = "us-east-1") -> Account:
    return Account(Place(region), Memory(), Resources(state))


def state(folder: Path, stack: str, *resources: dict[str, Any]) -> None:
    """Write a stack's state."""
    file = folder / ".pulumi" / "stacks" / "project" / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        json.dumps({"checkpoint": {"latest": {"resources": [{"type": QUEUE, **one} for one in resources]}}})
    )


def names(account: Account) -> list[str]:
    return sorted(one["name"] for one in account.of(QUEUE))


@pytest.mark.parametrize("module", MODULES)
def test_a_class_of_a_service_is_that_of_a_resource_type(module: str) -> None:
    """A misspelt one would never be found: the plain behaviour would take its place without a word."""
    known = {(token.split(":")[1].partition("/")[0], token.rpartition(":")[2]): token for token in TABLE}
    content = vars(importlib.import_module(f"{services.__name__}.{module}"))
    for name, found in content.items():
        if inspect.isclass(found) and issubclass(found, Behaviour) and not name.startswith("_"):
            if found in (Behaviour, Named, Numbered):
                continue
            assert (module, name) in known, f"{module}.{name} is in no line of resources.json"
            assert type(services.behaviour(known[module, name])) is found


def test_what_a_service_says_nothing_of_has_the_plain_behaviour() -> None:
    assert type(services.behaviour("aws:efs/mountTarget:MountTarget")) is Behaviour
    assert type(services.behaviour("aws:ecs/taskSet:TaskSet")) is Behaviour
    id_, made = services.behaviour("aws:ecs/taskSet:TaskSet").create({}, account(region="eu-west-1"))
    assert made["arn"].startswith("arn:aws:ecs:eu-west-1:123456789012:taskset/")
    assert id_.startswith("taskset-")


def test_an_unknown_data_source_says_where_to_add_it() -> None:
    with pytest.raises(Refused, match=r"Add the function get_images to local/standin/services/ecr\.py"):
        services.data_source("aws:ecr/getImages:getImages")


def test_a_data_source_is_found_by_its_python_name() -> None:
    answer = services.data_source("aws:index/getAvailabilityZones:getAvailabilityZones")({}, account())
    assert len(answer["names"]) == 6


def test_a_vpc_without_ipv6_says_so_because_a_missing_output_would_be_unknown_at_each_preview() -> None:
    vpc = services.behaviour("aws:ec2/vpc:Vpc")
    assert vpc.create({}, account())[1]["ipv6CidrBlock"] == ""
    with_range = vpc.update("vpc-1", {}, {"assignGeneratedIpv6CidrBlock": True, "ipv6CidrBlock": ""}, account())
    assert with_range["ipv6CidrBlock"].endswith("/56")
    assert (
        vpc.update("vpc-1", {}, {**with_range, "assignGeneratedIpv6CidrBlock": False}, account())["ipv6CidrBlock"] == ""
    )


def test_a_load_balancer_stays_in_its_vpc_and_its_subnets_keep_their_ipv6_ranges() -> None:
    here = account()
    for vpc in "ab":
        here.resources.made("aws:ec2/subnet:Subnet", f"subnet-{vpc}", {"vpcId": f"vpc-{vpc}"})
    balancer = services.behaviour("aws:lb/loadBalancer:LoadBalancer")
    inputs = {"name": "x", "subnets": ["subnet-a"], "ipAddressType": "dualstack"}
    id_, made = balancer.create(inputs, here)
    assert made["vpcId"] == "vpc-a"
    made |= inputs
    here.resources.made("aws:lb/loadBalancer:LoadBalancer", id_, made)
    with pytest.raises(Refused, match="must be in its VPC, vpc-a, not in vpc-b"):
        balancer.update(id_, made, {**made, "subnets": ["subnet-b"]}, here)
    subnet = services.behaviour("aws:ec2/subnet:Subnet")
    with pytest.raises(Refused, match="InUse"):
        subnet.update("subnet-a", {"ipv6CidrBlock": "2001:db8::/64"}, {}, here)
    assert subnet.update("subnet-b", {"ipv6CidrBlock": "2001:db8::/64"}, {}, here) == {}


@pytest.mark.parametrize(("region", "letters"), [("us-west-1", "ac"), ("us-west-2", "abcd"), ("eu-west-1", "abc")])
def test_a_region_offers_its_zones(region: str, letters: str) -> None:
    answer = services.data_source("aws:index/getAvailabilityZones:getAvailabilityZones")({}, account(region=region))
    assert answer["names"] == [f"{region}{letter}" for letter in letters]


def test_the_account_has_the_resources_of_every_stack_and_what_this_run_did(tmp_path: Path) -> None:
    dev = account(tmp_path)
    here, there = "arn:aws:sqs:us-east-1:1:", "arn:aws:sqs:eu-west-1:1:"
    state(tmp_path, "dev", {"id": "a", "outputs": {"arn": f"{here}a", "name": "a"}})
    state(tmp_path, "prod", {"id": "b", "outputs": {"arn": f"{here}b", "name": "b"}})
    state(tmp_path, "abroad", {"id": "c", "outputs": {"arn": f"{there}c", "name": "c"}})
    (tmp_path / ".pulumi/stacks/project/broken.json").write_text("{")
    assert names(dev) == ["a", "b"]
    assert names(dev._replace(place=Place("eu-west-1"))) == ["c"]
    dev.resources.made(QUEUE, "d", {"arn": f"{here}d", "name": "d"})
    dev.resources.changed(QUEUE, "a", {"arn": f"{here}a", "name": "changed"})
    dev.resources.deleted(QUEUE, "b", {"arn": f"{here}b", "name": "b"})
    assert names(dev) == ["changed", "d"]
    made, changed = sorted(dev.of(QUEUE), key=lambda one: one["id"], reverse=True)
    assert dev.age(QUEUE, made) < 60
    assert dev.age(QUEUE, changed) == float("inf")


def test_a_replaced_resource_is_there_until_it_is_deleted(tmp_path: Path) -> None:
    new = {"id": "web", "outputs": {"arn": "r:2", "name": "new"}}
    old = {"arn": "r:1", "name": "old"}
    state(tmp_path, "dev", new, {"id": "web", "delete": True, "outputs": {**old, "arn": "r:2"}})
    assert names(account(tmp_path)) == ["new"]
    state(tmp_path, "dev", new, {"id": "web", "delete": True, "outputs": old})
    dev = account(tmp_path)
    assert names(dev) == ["new", "old"]
    dev.resources.deleted(QUEUE, "web", old)
    assert names(dev) == ["new"]


def test_properties_keep_their_values_on_the_way() -> None:
    values: dict[str, Any] = {"a": [1, 2.5, True, None, "x", {"b": {}, "c": []}], "name": "n"}
    sent = wire.struct({**values, "__defaults": ["name"]})
    assert json_format.MessageToDict(sent) == {**values, "__defaults": ["name"]}
    assert wire.plain(sent) == values
    assert wire.defaulted(sent) == ["name"]
    assert [type(item) for item in wire.plain(sent)["a"][:3]] == [int, float, bool]


def test_the_stand_in_starts_without_what_only_a_change_needs() -> None:
    """`make outputs` and `make down` start it too; pulumi_aws alone takes seconds."""
    heavy = "{'pulumi_aws', 'components', 'botocore'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", f"import sys, local.standin; print({heavy})"], capture_output=True)
    assert done.stdout == b"set()\n", done.stderr
