"""Another team's project, `examples/consumer`, on a platform stack of the same engine by StackReference."""

import json
import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Local


@pytest.fixture(scope="class")
def consumer(project: Local) -> Local:
    """A copy of the example, whose runs share the platform's state."""
    root = project.root / "examples" / "consumer"
    shutil.copytree(ROOT / "examples" / "consumer", root)
    return project


def options(project: Local) -> list[str]:
    return ["--root", str(project.root / "examples" / "consumer"), "--home", str(project.root / ".local")]


class TestConsumer:
    """What the consumer sees before, while and after the platform is there."""

    def test_without_the_platform_it_says_what_is_missing(self, consumer: Local) -> None:
        printed = consumer.fails("up", *options(consumer))
        assert "organization/container-platform/dev" in printed

    def test_with_it_it_builds_on_its_outputs(self, consumer: Local) -> None:
        consumer.ok("up")
        consumer.ok("up", *options(consumer))
        published = json.loads(consumer.ok("outputs", "--json", *options(consumer)))
        platform = json.loads(consumer.ok("outputs", "--json"))
        assert published["platformUrl"] == platform["url"]

    def test_a_second_up_changes_nothing(self, consumer: Local) -> None:
        assert "Up: no changes" in consumer.ok("up", *options(consumer))

    def test_a_contract_it_does_not_know_stops_it(self, consumer: Local) -> None:
        program = consumer.root / "examples" / "consumer" / "__main__.py"
        program.write_text(program.read_text().replace("CONTRACT_VERSION = 1 ", "CONTRACT_VERSION = 2 "))
        printed = consumer.fails("up", *options(consumer))
        assert "has contractVersion 1. This project needs contractVersion 2." in printed

    def test_both_can_be_taken_down(self, consumer: Local, tmp_path: Path) -> None:
        assert "nothing is left" in consumer.ok("down", *options(consumer))
        assert "nothing is left" in consumer.ok("down")
