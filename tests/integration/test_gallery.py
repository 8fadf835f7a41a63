"""The gallery on the real provider: every example comes up, stays as it is, and leaves nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.engine.conftest import ROOT
from tests.integration.conftest import Deployment, Emulator

GALLERY: Final = sorted((ROOT / "examples" / "settings").glob("*.yaml"))
LEFT_OUT: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    # Cloud Control makes the first, which moto has not, as it has no ECR Public (gaps.NOT_EMULATED).
    "registry-account": lambda platform: platform["registry"]["account"].pop("signing"),
    "repositories": lambda platform: platform["registry"].pop("publicRepositories"),
    # moto has no CodeConnections: the source is a repository of CodeCommit.
    "pipeline": lambda platform: platform["pipelines"]["web"].update(source={"repository": "app"}),
}
"""What an example must do without here, by its name; a test of the engine runs it whole."""


@pytest.mark.usefixtures("reached")
class _Example:
    """One example, from nothing to nothing."""

    STACK = ""

    def test_it_comes_up_stays_as_it_is_and_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.edit(lambda platform: platform.update(protect=False))
        deployment.edit(LEFT_OUT.get(self.STACK, lambda _: None))
        deployment.edit(lambda platform: _domain(platform).pop("zoneId", None))  # no id of AWS's form has moto
        deployment.edit(lambda platform: _subscribe_to_own(platform, emulator))
        with _zone(emulator):
            done = deployment.run("up")
            assert {step.split()[0] for step in done.steps} == {"create"}
            deployment.unchanged()
            deployment.run("destroy")
        assert [one for one in deployment.types if one.startswith("aws:")] == []


def _domain(platform: dict[str, Any]) -> dict[str, Any]:
    """Return the domain of an example, or nothing that anybody reads."""
    domain: dict[str, Any] = platform.get("loadBalancer", {}).get("domain", {})
    return domain


def _subscribe_to_own(platform: dict[str, Any], emulator: Emulator) -> None:
    """Make the topics that an example names, in this account: the emulated API has no other."""
    for service in platform.get("services", {}).values():
        for one in service.get("subscriptions", {}).values():
            one["topicArn"] = emulator.client("sns").create_topic(Name=one["topicArn"].rpartition(":")[2])["TopicArn"]


@contextmanager
def _zone(emulator: Emulator) -> Iterator[None]:
    """Make the zone that examples with a domain need, for a while."""
    route53 = emulator.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference=str(uuid4()))["HostedZone"]["Id"]
    yield
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    proofs = [record for record in records if record["Type"] == "CNAME"]  # of the certificate, which others may need
    changes = [{"Action": "DELETE", "ResourceRecordSet": record} for record in proofs]
    if changes:
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    route53.delete_hosted_zone(Id=zone)


# A class for each: the lane gives whole classes to its processes.
for file in GALLERY:
    name = f"Test{file.stem.title().replace('-', '')}"
    globals()[name] = type(name, (_Example,), {"STACK": file.stem, "SETTINGS": file})


def test_what_is_left_out_is_of_an_example() -> None:
    assert LEFT_OUT.keys() <= {file.stem for file in GALLERY}
