"""`python -m local` called from this process: what it returns and prints."""

import shutil
import sys
from pathlib import Path

import pytest

from local import engine
from local.__main__ import main

from ..conftest import ROOT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's files, in the folder that is worked in."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # `main` sets it, for its process
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "Bring the stack up"),
        (["up", "--help"], 0, "python -m local up --settings"),
        (["release", "set", "--help"], 0, "python -m local release set web git-"),
        (["prevew"], 2, "Did you mean 'preview'?"),
        (["up", "--sariff", "x"], 2, "Did you mean '--sarif'?"),
        (["release", "shwo", "web"], 2, "Did you mean 'show'?"),
        (["outputs", "--stack", "prod"], 1, "there is no stack prod"),
        (["down", "--root", "nowhere"], 1, "nowhere holds no Pulumi.yaml"),
        (["release", "show", "wbe"], 1, "did you mean web?"),
    ],
)
def test_words_are_understood_or_answered(
    project: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert main(words) == code
    printed = capsys.readouterr()
    assert said in (printed.err if code else printed.out)


def test_an_earlier_verdict_is_removed_before_anything_can_go_wrong(project: Path) -> None:
    (project / "old.xml").touch()
    assert main(["up", "--stack", "nowhere", "--junit", "old.xml"]) == 1
    assert not (project / "old.xml").exists()


def test_an_unexpected_failure_says_where_its_trace_is(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: engine.Engine) -> None:
        raise ValueError("too much\nof it")

    monkeypatch.setattr(engine.Engine, "refresh", fail)
    assert main(["refresh"]) == 1
    said = capsys.readouterr().err
    log = project / ".local/stacks" / project.name / "dev/last.log"
    assert said == f"✗ ValueError: too much\n  → its trace is in {log}; --debug shows it\n"
    assert "in fail" in log.read_text()
    assert main(["refresh", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_is_130(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(self: engine.Engine) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine.Engine, "refresh", stop)
    assert main(["refresh"]) == 130
    assert "the next run goes on from here" in capsys.readouterr().err
