"""What a user may do to the local run: mistakes in files that the work folder's copy would hide, and broken files."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.automation import EngineEvent

from local import engine, judge, state, workspace
from local.__main__ import main
from local.console import Console
from local.errors import LocalError, file_trouble
from local.report import Recorder
from local.standin.memory import Memory
from local.workspace import Paths
from release import files, yaml_file
from release.errors import ReleaseError
from release.project import Stack

from ..conftest import ROOT

MONITOR = "Resource monitor has terminated, shutting down"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The project's own files in a folder."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return Paths(tmp_path, "dev", tmp_path / ".local")


def change(paths: Paths, old: str, new: str) -> None:
    text = paths.settings.read_text()
    assert old in text
    paths.settings.write_text(text.replace(old, new, 1))


def refused(paths: Paths) -> str:
    with pytest.raises(LocalError) as caught:
        judge.judge(paths)
    return str(caught.value)


class TestTheUsersOwnFile:
    def test_what_is_right_passes(self, paths: Paths) -> None:
        judge.judge(paths)
        judge.judge(paths._replace(stack="prod"))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("protect: false", 'protect: "yes"', "must be true or false, without quotes"),
            ("protect: false", "protect:", "protect\n      is empty, but must be true or false"),
            ("protect: false", "protect: true", "uses only Spot capacity"),
            ("cidrBlock: 10.10.0.0/16", "cidrBlock: {secure: v1:abc}", "`secure:` value at network.cidrBlock"),
            ("cidrBlock: 10.10.0.0/16", "cidrBlock: .inf", "must be a number with an end"),
            ("environment: dev", "environment: prod", 'aws:defaultTags.tags.environment = "prod"'),
            ("config:", "config:\n  container-platform:platfrom: {}", "did you mean"),
            ("    network:", "    network: &n\n      existing: *n", "network.existing\n      contains itself"),
            (
                "container-platform:platform:",
                "container-platform:platform:\n  a:b:",
                "container-platform:platform is empty",
            ),
            ("config:", "config: []\nx:", "config must be a map"),
            (
                "    cluster:",
                "    protect: true\n    cluster:",
                "protect is written twice, in lines 10 and 19",
            ),
        ],
    )
    def test_the_local_override_hides_no_mistake(self, paths: Paths, old: str, new: str, said: str) -> None:
        change(paths, old, new)
        assert said in refused(paths)

    def test_everything_is_told_at_once(self, paths: Paths) -> None:
        change(paths, "protect: false", "protect: no way")
        change(paths, "cidrBlock: 10.10.0.0/16", "cidrBlock: {secure: v1:abc}")
        paths.settings.write_text(paths.settings.read_text() + "      web:\n        repository: other\n")
        (paths.root / "Pulumi.dev.policies.json").write_text('{"ecr-immutable-tags": "strict"}')
        said = refused(paths)
        for part in (
            "services.web is written twice, in lines 23 and 30",
            "must be true or false",
            "services.web.repository",
            "`secure:` value at network.cidrBlock",
            "Pulumi.dev.policies.json: ecr-immutable-tags: 'strict' is not a level",
        ):
            assert part in said
        assert "2 mistakes" in said, "what is secret is told once"

    def test_a_secret_beside_the_settings_stays_closed(self, paths: Paths) -> None:
        change(paths, "config:", "config:\n  container-platform:hub:\n    secure: v1:abc")
        judge.judge(paths)

    def test_a_project_without_these_settings_is_not_judged(self, paths: Paths) -> None:
        paths.settings.write_text("config:\n  other:key: 1\n")
        judge.judge(paths)

    def test_a_program_of_its_own_is_not_judged_by_these_settings(self, paths: Paths) -> None:
        change(paths, "protect: false", "protect: 5")
        (paths.root / "__main__.py").write_text("import pulumi\n")
        judge.judge(paths)

    def test_of_two_services_the_one_is_named_that_the_program_names(self, paths: Paths) -> None:
        added = "priority: 7\n      api: {repository: web, priority: 7}\n"
        paths.settings.write_text(f"{paths.settings.read_text()}        {added}")
        assert "services.web.priority = 7\n      is also the priority of api" in refused(paths)

    def test_a_down_asks_for_no_right_settings(self, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
        change(paths, "protect: false", "protect: 5")
        called: list[str] = []
        monkeypatch.setattr(engine.Engine, "_session", lambda self, **_: called.append("session"))
        with pytest.raises((TypeError, AttributeError)):
            engine.Engine(paths, Console()).down()
        assert called
        with pytest.raises(LocalError, match="must be true or false"):
            engine.Engine(paths, Console()).up()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{bad", "Pulumi.dev.policies.json, line 1: is not JSON"),
            ("[]", "Pulumi.dev.policies.json: the configuration must be a JSON object"),
            (
                '{"ecr-immutable-tags": {"exemptions": [{"expires": "soon"}]}}',
                "Pulumi.dev.policies.json: ecr-immutable",
            ),
        ],
    )
    def test_a_broken_policies_file_is_named(self, paths: Paths, text: str, said: str) -> None:
        (paths.root / "Pulumi.dev.policies.json").write_text(text)
        assert said in refused(paths)

    def test_a_given_file_is_named_as_it_was_given(self, paths: Paths) -> None:
        given = paths.root / "mine.yaml"
        given.write_text(paths.settings.read_text().replace("protect: false", "protect: 1"))
        said = refused(paths._replace(stack="mine", given=given))
        assert said.startswith("mine.yaml: 2 mistakes")
        assert "Write mine." in said, "its tag is still that of the stack that it was copied from"


class TestYaml:
    @pytest.mark.parametrize(
        ("text", "repeated"),
        [
            ("a: 1\nb: {c: 1, c: 2}\n", ["b.c is written twice, in line 2"]),
            ("a:\n  - x: 1\n    x: 2\n", ["a[0].x is written twice, in lines 2 and 3"]),
            ("a: 1\n'a': 2\n", ["a is written twice, in lines 1 and 2"]),
            ("a: &b {c: 1}\nd: {<<: *b, c: 2}\ne: *b\n", []),
            ("1: a\n'1': b\n", []),
            ("", []),
        ],
    )
    def test_keys_that_are_written_twice_are_found(self, tmp_path: Path, text: str, repeated: list[str]) -> None:
        file = tmp_path / "a.yaml"
        file.write_text(text)
        read = yaml_file.read(file)
        assert read.repeated == repeated
        assert read.content == yaml.safe_load(text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (b"a: [1", "a.yaml, line 1: expected"),
            (b"a:\n  b: 2027-13-45\n", "a.yaml, line 2: 2027-13-45 cannot be read"),
            (b"a: " + b"9" * 5000, "a.yaml, line 1: 99999"),
            (b"\xff\xfe\x00", "a.yaml is no YAML"),
            (b"[" * 5000, "a.yaml: is nested too deeply"),
            (b"a: \x00", "a.yaml is no YAML"),
        ],
    )
    def test_what_cannot_be_read_is_told_with_its_line(self, tmp_path: Path, text: bytes, said: str) -> None:
        (tmp_path / "a.yaml").write_bytes(text)
        with pytest.raises(yaml_file.YamlError) as caught:
            yaml_file.read(tmp_path / "a.yaml")
        assert said in str(caught.value)

    def test_a_release_refuses_a_key_that_is_written_twice(self, paths: Paths) -> None:
        paths.settings.write_text(paths.settings.read_text() + "      web: {repository: web}\n")
        with pytest.raises(ReleaseError, match="web is written twice, in lines 23 and 30"):
            Stack.read(paths.root, "dev")


class TestFiles:
    def test_a_file_is_the_old_or_the_new_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "state.json"
        file.write_text("old")
        file.chmod(0o640)
        files.write(file, "new ä")
        assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("new ä", 0o640)

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            files.write(file, "newer")
        assert file.read_text(encoding="utf-8") == "new ä"
        assert [found.name for found in tmp_path.iterdir()] == ["state.json"], "nothing is left lying about"

    def test_nothing_of_the_local_run_or_of_a_release_is_written_otherwise(self) -> None:
        """Except by hand-run generators, and what only one process ever appends to."""
        writing = {
            f"{file.relative_to(ROOT)}"
            for folder in ("local", "release")
            for file in (ROOT / folder).rglob("*.py")
            if "write_text(" in file.read_text() or "json.dump(" in file.read_text()
        }
        assert writing == {"local/standin/extract.py"}

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (errno.ENOSPC, "make room on its disk"),
            (errno.EROFS, "let this user write there"),
            (errno.EACCES, "let this user write there"),
            (errno.ENOTDIR, "move away what is in its place"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_named(self, number: int, said: str) -> None:
        told = str(file_trouble(OSError(number, os.strerror(number), "/x/.local")))
        assert told.startswith(f"/x/.local cannot be used: {os.strerror(number)}")
        assert said in told

    def test_an_error_of_no_file_is_not_taken_for_one(self) -> None:
        assert file_trouble(ConnectionRefusedError(errno.ECONNREFUSED, "refused")) is None

    def test_a_local_folder_that_is_a_file_is_named(
        self, paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(paths.root)
        monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
        paths.local.write_text("")
        assert main(["up"]) == 1
        said = capsys.readouterr().err
        assert ".local" in said
        assert "move away what is in its place" in said
        assert "trace" not in said


def whole(number: int) -> str:
    return json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [], "number": number}}})


class TestState:
    @pytest.fixture
    def file(self, paths: Paths) -> Path:
        file = paths.stack_state
        file.parent.mkdir(parents=True)
        return file

    @pytest.mark.parametrize("cut", ["", "{", whole(3)[:20], "null", "[]"])
    def test_one_that_was_cut_off_comes_back_from_the_copy_beside_it(self, file: Path, cut: str) -> None:
        file.write_text(cut)
        file.with_name("dev.json.bak").write_text(whole(2))
        restored = state.restore(file)
        assert restored is not None
        assert restored.name == "dev.json.bak"
        assert state.read(file)["number"] == 2
        assert state.restore(file) is None

    def test_where_that_is_cut_off_too_the_last_run_s_copy_is_used(self, file: Path) -> None:
        kept = file.parents[1] / "backups" / file.parent.name / "dev"
        kept.mkdir(parents=True)
        for stamp, text in ((1, whole(1)), (2, whole(2)), (3, "{")):
            (kept / f"dev.{stamp}.json").write_text(text)
        file.write_text("")
        file.with_name("dev.json.bak").write_text("{")
        assert state.restore(file) == kept / "dev.2.json"

    def test_one_that_is_whole_or_gone_or_lost_stays_as_it_is(self, file: Path) -> None:
        file.with_name("dev.json.bak").write_text(whole(1))
        assert state.restore(file) is None
        assert not file.exists(), "a stack that was taken down does not come back"
        file.write_text(whole(2))
        assert state.restore(file) is None
        assert state.read(file)["number"] == 2
        file.write_text("{")
        file.with_name("dev.json.bak").unlink()
        assert state.restore(file) is None
        assert file.read_text() == "{"


class TestMemory:
    @pytest.mark.parametrize("text", ["", "{", "[]", '{"revisions": 5}', '{"revisions": {}, "parameters": []}'])
    def test_one_that_is_broken_is_named_with_what_it_held(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "memory.json"
        file.write_text(text)
        if text.endswith("[]}"):
            Memory(file).check()
            return
        with pytest.raises(LocalError) as caught:
            Memory(file).check()
        assert str(file) in str(caught.value)
        assert "release set" in str(caught.value)


class TestWorkFolder:
    def copied(self, paths: Paths) -> dict[str, Any]:
        workspace.prepare(paths, Console())
        content: dict[str, Any] = yaml.safe_load((paths.work / "Pulumi.dev.yaml").read_text())
        return content

    def test_a_broken_copy_is_written_again_with_the_salt_of_the_state(self, paths: Paths) -> None:
        self.copied(paths)
        copy = paths.work / "Pulumi.dev.yaml"
        copy.write_text("{{{")
        assert "encryptionsalt" not in self.copied(paths)
        paths.stack_state.parent.mkdir(parents=True)
        latest = {"secrets_providers": {"type": "passphrase", "state": {"salt": "v1:salt"}}}
        paths.stack_state.write_text(json.dumps({"checkpoint": {"latest": latest}}))
        copy.write_text("{{{")
        assert self.copied(paths)["encryptionsalt"] == "v1:salt"
        assert self.copied(paths)["encryptionsalt"] == "v1:salt", "from the copy"

    @pytest.mark.parametrize("name", ["a $HOME b", 'it\'s "q"', "a`b`", "a;b&c"])
    def test_the_packs_starter_takes_a_python_in_a_folder_of_any_name(
        self, paths: Paths, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        python = paths.root / name / "python"
        python.parent.mkdir()
        python.write_text('#!/bin/sh\necho "$@"\n')
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))
        monkeypatch.setattr(shutil, "which", lambda _: None)
        starter = workspace._shims(paths) / "pulumi-analyzer-policy-python"
        done = subprocess.run([starter, "1", "2"], capture_output=True, text=True, check=True)
        assert done.stdout == "-u -m pulumi.policy 1 2\n"

    def test_a_path_for_a_flag_has_no_name_of_the_clone(self, paths: Paths) -> None:
        odd = paths.root / 'a,b "c"'
        one = engine.Engine(Paths(odd, "dev", odd / ".local"), Console())
        assert one._for_a_flag(odd / "Pulumi.dev.policies.json") == "../../../../Pulumi.dev.policies.json"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_run_that_was_stopped_since_its_preview_begins_no_update(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, *, dry_run: bool
) -> None:
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: dry_run)
    one, previewed = engine.Engine(paths, Console()), Recorder(Console(), tell=False, preview=True)
    previewed.packs = {"all"}
    one._before_update(previewed)
    one.interrupted = True
    if dry_run:
        one._before_update(previewed)
    else:
        with pytest.raises(LocalError, match="stopped before the update; nothing was changed"):
            one._before_update(previewed)


@pytest.mark.parametrize("old", [{"retainOnDelete": True}, {"inputs": {"skipDestroy": True}}, {"inputs": {}}])
def test_what_aws_keeps_is_not_said_to_be_deleted(old: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    of = {"type": "aws:ecs/taskDefinition:TaskDefinition", "urn": "urn:pulumi:dev::p::t::web"}
    kind = {"op": "delete-replaced", "provider": "", **of}
    event = {"sequence": 1, "timestamp": 1, "resOutputsEvent": {"metadata": {**kind, "old": {**of, **old}}}}
    Recorder(Console(), tell=True, preview=False)(EngineEvent.from_json(event))
    kept = "inputs" not in old or old["inputs"]
    said = "· keep in AWS ecs.TaskDefinition  web" if kept else "- delete replaced ecs.TaskDefinition  web"
    assert capsys.readouterr().out == f"  {said}\n"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ([MONITOR, "no name", "awsx: grpc: the client connection is closing"], ["no name"]),
        ([MONITOR], [MONITOR]),
        ([], []),
    ],
)
def test_what_only_follows_from_a_failure_is_not_said_beside_it(said: list[str], shown: list[str]) -> None:
    recorder = Recorder(Console(), tell=False, preview=True)
    for message in said:
        event = {"message": message, "severity": "error", "color": "never"}
        recorder(EngineEvent.from_json({"sequence": 1, "timestamp": 1, "diagnosticEvent": event}))
    assert recorder.causes() == shown


def test_a_reader_that_goes_ends_nothing() -> None:
    """As `make outputs | head` does."""
    program = "from local.console import Console\nfor n in range(100000): Console().line('x' * 100)\nprint('on')"
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""
