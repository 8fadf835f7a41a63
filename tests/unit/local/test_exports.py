"""What the local engine exports of a run: whether relations between resources were judged, and who says so."""

import pytest
from pulumi.automation.events import PolicyEvent

from local import report
from local.console import Console
from local.report import Recorder
from policies.catalog import PACKS, RULES
from policies.reports.findings import Kind

URN = "urn:pulumi:dev::container-platform::aws:ecr/repository:Repository::web"


def recorded(*, preview: bool, level: str = "mandatory", errors: tuple[str, ...] = ()) -> Recorder:
    """A run in which one rule spoke."""
    recorder = Recorder(Console(), tell=False, preview=preview)
    message = f"{RULES['ecr-scan-on-push'].description}\nweb (x): not set. Fix: set it [ScanOnPush::web]\n"
    recorder.findings.append(PolicyEvent(message, "never", "ecr-scan-on-push", "all", "0.1.0", "0.1.0", level, URN))
    recorder.errors.extend(errors)
    return recorder


def test_a_run_is_judged_by_the_pack_all_at_its_levels() -> None:
    run = report.run("prod", recorded(preview=True))
    assert (run.stack, run.origin, run.file) == ("prod", "local", "Pulumi.prod.yaml")
    assert tuple(run.rules.items()) == PACKS["all"]
    (finding,) = run.findings
    assert (finding.resource, finding.id, finding.kind) == ("web", "ScanOnPush::web", Kind.VIOLATION)


@pytest.mark.parametrize(
    ("recorder", "whole"),
    [
        (recorded(preview=True, errors=("preview failed",)), True),
        (recorded(preview=True, errors=("preview failed", "no such availability zone")), False),
        (recorded(preview=False), False),
        (recorded(preview=False, level="advisory"), True),
    ],
    ids=["preview", "preview that broke off", "update that a rule stopped", "update"],
)
def test_relations_between_resources_count_as_judged_where_they_were(recorder: Recorder, *, whole: bool) -> None:
    assert report.run("dev", recorder).whole is whole
