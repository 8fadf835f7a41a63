"""What a living network cannot change, on the real engine: its range, its zones, its VPC."""

import json
from typing import Any

import yaml

from .conftest import Local
from .test_network import choose
from .test_platform import touched

SUBNET = "ec2/subnet:Subnet"


def offer(project: Local, *letters: str) -> None:
    """Let AWS offer these zones of the region from the next run on."""
    (file,) = (project.root / ".local").glob("**/memory.json")
    known = json.loads(file.read_text())
    file.write_text(json.dumps({**known, "zones": {"us-east-1": letters}}))


def zones(project: Local) -> dict[str, str]:
    """Return the last letter of every subnet's zone."""
    return {item["urn"].rpartition("::")[2]: item["outputs"]["availabilityZone"][-1] for item in project.find(SUBNET)}


class TestZones:
    """Dev keeps its zones, whatever AWS offers."""

    def test_the_first_two_are_taken(self, project: Local) -> None:
        project.ok("up")
        assert set(zones(project).values()) == {"a", "b"}

    def test_one_that_is_no_longer_offered_stays(self, project: Local) -> None:
        offer(project, "b", "c", "d")
        project.unchanged()

    def test_one_that_is_new_and_comes_first_is_not_taken(self, project: Local) -> None:
        offer(project, "0", "a", "b")
        project.unchanged()

    def test_a_third_one_is_one_that_is_not_in_use(self, project: Local) -> None:
        offer(project, "b", "d", "e")
        choose(project, availabilityZoneCount=3)
        done = touched(project.ok("up"))
        assert not [step for step in done if "replace" in step]
        assert zones(project) == {
            f"network-{kind}-{number}": letter
            for kind in ("public", "private")
            for number, letter in ((1, "a"), (2, "b"), (3, "d"))
        }
        project.unchanged()

    def test_the_last_zone_goes_alone(self, project: Local) -> None:
        choose(project, availabilityZoneCount=2)
        done = touched(project.ok("up"))
        assert {step.split()[1] for step in done} == {"delete", "update"}
        assert all("-3" in step for step in done if step.startswith("-"))
        assert set(zones(project).values()) == {"a", "b"}
        project.unchanged()


class TestMoves:
    """What would move dev's network is refused at the preview."""

    def test_a_region_with_too_few_zones_is_refused_before_anything_is_made(self, project: Local) -> None:
        file = project.root / "Pulumi.dev.yaml"
        before = file.read_text()
        content = yaml.safe_load(before)
        content["config"]["aws:region"] = "us-west-1"
        content["config"]["container-platform:platform"]["network"] |= {"availabilityZoneCount": 3, "ipv6": True}
        file.write_text(yaml.safe_dump(content))
        printed = project.fails("preview")
        assert "network.availabilityZoneCount = 3" in printed
        assert "us-west-1a, us-west-1c. Set 2, or choose another region." in printed
        assert project.state() == []
        file.write_text(before)

    def test_another_range_is_refused_with_the_way_to_go(self, project: Local) -> None:
        project.ok("up")
        before = project.state()
        choose(project, cidrBlock="10.9.0.0/16", ipv6=True)
        printed = project.fails("preview")
        assert 'network.cidrBlock = "10.9.0.0/16"' in printed
        assert "Set 10.10.0.0/16, or keep the new range: make a second stack" in " ".join(printed.split())
        assert "10.9.0.0/16" in project.fails("up")
        assert project.state() == before
        choose(project, cidrBlock="10.10.0.0/16", ipv6=None)
        project.unchanged()

    def test_so_is_another_vpc(self, project: Local) -> None:
        def elsewhere(platform: dict[str, Any]) -> None:
            platform["network"] = {"existing": {"vpcId": "vpc-0123456789abcdef0"}}

        project.edit(elsewhere)
        printed = project.fails("preview")
        (vpc,) = project.find("ec2/vpc:Vpc")
        assert f"would move the load balancer out of {vpc['id']}" in " ".join(printed.split())
