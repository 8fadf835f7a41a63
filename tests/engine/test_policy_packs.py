"""The packs as the real CLI runs them: over an exported state, and in a preview of the real engine.

No provider takes part. The state is a file, and the preview's repositories are components that carry the type and
the inputs of one, which the engine sends to the packs like any other resource.
"""

import asyncio
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import automation as auto

from policies import vendor
from policies.check_config import problems_in

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "policies" / "packs"
REPOSITORY = "aws:ecr/repository:Repository"
SCANNED = {"imageScanningConfiguration": {"scanOnPush": True}, "imageTagMutability": "IMMUTABLE"}
EXEMPTION = {
    "resource": "*::app",
    "finding": "*",
    "reason": "until the move",
    "owner": "team-a",
    "expires": "2999-12-31",
}


@pytest.fixture(scope="session")
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> auto.PulumiCommand:
    """The session's own CLI; where nothing provides one, PULUMI_CLI or the one on PATH."""
    try:
        provided = request.getfixturevalue("pulumi_command")
    except pytest.FixtureLookupError:
        found = os.environ.get("PULUMI_CLI") or shutil.which("pulumi")
        assert found, "no Pulumi CLI: run `make setup`, or name one in PULUMI_CLI"
        root = tmp_path_factory.mktemp("cli")
        (root / "bin").mkdir()
        (root / "bin" / "pulumi").symlink_to(found)
        return auto.PulumiCommand(str(root))
    assert isinstance(provided, auto.PulumiCommand)
    return provided


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment of its own for the CLI, in which a CLI without Python language plugin can start packs too."""
    shim = tmp_path / "bin" / "pulumi-analyzer-policy-python"
    shim.parent.mkdir()
    # Only the first two: the engine adds the pack's runtime options, which pulumi.policy takes for its own flags.
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m pulumi.policy "$1" "$2"\n')
    shim.chmod(0o755)
    (tmp_path / "backend").mkdir()
    return {
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


Analyze = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def analyze(command: auto.PulumiCommand, environment: dict[str, str], tmp_path: Path) -> Analyze:
    """`pulumi policy analyze` on a state: that of one repository `app` with some inputs, or another."""

    def run(
        pack: Path,
        inputs: dict[str, Any],
        config: dict[str, Any] | None = None,
        *more: str,
        content: dict[str, Any] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        state = tmp_path / "state.json"
        state.write_text(json.dumps(content or _state(inputs)))
        arguments = ["policy", "analyze", "--file", str(state), "--policy-pack", str(pack), "--color", "never", *more]
        if config is not None:
            (tmp_path / "config.json").write_text(json.dumps(config))
            arguments += ["--policy-pack-config", str(tmp_path / "config.json")]
        return subprocess.run(
            [command.command, *arguments],
            env={**os.environ, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def _state(inputs: dict[str, Any]) -> dict[str, Any]:
    """A repository, and one violation for each of the other packs."""
    urn = "urn:pulumi:dev::demo::"
    everybody = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}}
    others = {
        "aws:ecs/service:Service": {"networkConfiguration": {"assignPublicIp": True}},
        "aws:ecs/taskDefinition:TaskDefinition": {"networkMode": "host"},
        "aws:iam/role:Role": {"name": "open", "assumeRolePolicy": json.dumps(everybody)},
    }
    resources = [
        {"urn": f"{urn}pulumi:pulumi:Stack::demo-dev", "custom": False, "type": "pulumi:pulumi:Stack"},
        {
            "urn": f"{urn}{REPOSITORY}::app",
            "custom": True,
            "id": "team/app",
            "type": REPOSITORY,
            "inputs": {"name": "team/app", **inputs},
            "outputs": {"name": "team/app", **inputs},
        },
        *(
            {"urn": f"{urn}{type_}::other", "custom": True, "id": "x", "type": type_, "inputs": given, "outputs": given}
            for type_, given in others.items()
        ),
    ]
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": resources}}


@pytest.mark.parametrize(
    "config",
    [
        {"ecr-immutable-tags": 1},
        {"ecr-immutable-tags": {"exemptions": [{**EXEMPTION, "expires": "20270630"}]}},
        {"ecr-scan-on-push": {"assume_registry_scanning": [{"filters": []}]}},
        {"all": {"undecided": "mandatory"}},
        {"environments": "team/ci"},
    ],
)
def test_what_the_engine_refuses_is_refused_without_it_too(
    analyze: Analyze, tmp_path: Path, config: dict[str, Any]
) -> None:
    done = analyze(PACKS / "all", SCANNED, config)
    assert done.returncode != 0
    assert "policy violations were found" not in done.stdout + done.stderr
    assert problems_in("all", tmp_path / "config.json")


@pytest.mark.parametrize("pack", ["images", "all"])
def test_a_violation_fails_with_resource_reason_and_remedy(analyze: Analyze, pack: str) -> None:
    done = analyze(PACKS / pack, {"imageTagMutability": "MUTABLE"})
    assert done.returncode != 0
    assert f"{pack}@v0.1.0" in done.stdout
    assert "[mandatory] [severity: high]  ecr-scan-on-push  (aws:ecr:Repository: app)" in done.stdout
    assert "app (aws:ecr/repository:Repository): imageScanningConfiguration.scanOnPush is not set" in done.stdout
    assert "Fix: set imageScanningConfiguration.scanOnPush to true" in done.stdout
    assert "[mandatory] [severity: medium]  ecr-immutable-tags  (aws:ecr:Repository: app)" in done.stdout
    assert "one or more mandatory policy violations were found" in done.stderr


def test_what_the_program_only_reads_is_not_judged(analyze: Analyze) -> None:
    state = _state({})
    repository = state["deployment"]["resources"][1]
    repository |= {"external": True, "inputs": {}, "outputs": {"id": "team/app", "name": "team/app", "arn": "arn"}}
    done = analyze(PACKS / "images", {}, content=state)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ImmutableTags" not in done.stdout
    # The engine does not say what is read, so a state without outputs is one of a resource that is made.
    del repository["outputs"]
    assert "ImmutableTags::app" in analyze(PACKS / "images", {}, content=state).stdout


def test_a_good_state_passes(analyze: Analyze) -> None:
    done = analyze(PACKS / "images", SCANNED)
    assert done.returncode == 0, done.stderr
    assert "✅ images@v0.1.0" in done.stdout


@pytest.mark.parametrize(
    ("pack", "rule"),
    [
        ("images", "ecr-scan-on-push"),
        ("network", "network-no-public-ip"),
        ("identity", "iam-trust-policy"),
        ("workloads", "ecs-no-host-network"),
        ("all", "iam-trust-policy"),
    ],
)
def test_a_vendored_pack_works_wherever_it_is_copied(analyze: Analyze, tmp_path: Path, pack: str, rule: str) -> None:
    made = vendor.vendor(pack, tmp_path / "made")
    copied = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(made, copied)
    shutil.rmtree(made)
    (copied / "venv").symlink_to(sys.prefix)  # what `pulumi install` would make from its requirements
    done = analyze(copied, {})
    assert done.returncode != 0
    assert f"{rule}  (aws:" in done.stdout


def test_a_pack_copied_without_its_rules_says_what_to_do(analyze: Analyze, tmp_path: Path) -> None:
    copied = tmp_path / "bare"
    shutil.copytree(PACKS / "images", copied)
    shutil.rmtree(copied / "__pycache__", ignore_errors=True)
    project = copied / "PulumiPolicy.yaml"
    project.write_text(project.read_text().replace("../../../.venv", str(sys.prefix)))
    done = analyze(copied, SCANNED)
    assert done.returncode != 0
    assert "holds no rules: copy a folder made by `python -m policies.vendor`" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_levels_and_exemptions_show_in_the_report(analyze: Analyze) -> None:
    config = {"ecr-scan-on-push": "advisory", "ecr-immutable-tags": {"exemptions": [EXEMPTION]}}
    done = analyze(PACKS / "images", {}, config)
    assert done.returncode == 0, done.stderr
    assert "[advisory] [severity: high]  ecr-scan-on-push" in done.stdout
    assert "[advisory] [severity: medium]  ecr-immutable-tags" in done.stdout
    assert "EXEMPTED until 2999-12-31 by team-a (until the move)" in done.stdout


def test_an_expired_exemption_fails_and_names_owner_and_day(analyze: Analyze) -> None:
    config = {"ecr-immutable-tags": {"exemptions": [{**EXEMPTION, "expires": "2020-01-31"}]}}
    done = analyze(PACKS / "images", {"imageScanningConfiguration": {"scanOnPush": True}}, config)
    assert done.returncode != 0
    assert "exemption by team-a (until the move) expired on 2020-01-31" in done.stdout


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"ecr-scan-on-pushh": "advisory"}, "unknown rule 'ecr-scan-on-pushh'"),
        ({"ecr-immutable-tags": {"alowed": []}}, "unknown setting 'alowed'"),
        ({"ecr-immutable-tags": {"exemptions": [{"resource": "*"}]}}, "owner is required"),
        ({"ecr-immutable-tags": {"allowed_exclusion_filters": "latest"}}, "Expected: array"),
        ({"ecr-scan-on-pushh": {"any": 1}}, "invalid enforcement level"),
    ],
)
def test_a_wrong_configuration_stops_before_anything_is_judged(
    analyze: Analyze, config: dict[str, Any], text: str
) -> None:
    done = analyze(PACKS / "images", SCANNED, config)
    assert done.returncode != 0
    assert text in done.stderr
    assert "Policies:" not in done.stdout


class _Component(pulumi.ComponentResource):
    def __init__(self, type_: str, name: str, props: dict[str, Any]) -> None:
        super().__init__(type_, name, props)
        self.register_outputs({})


class _Repository(_Component):
    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(REPOSITORY, name, props)


def _later(value: object) -> "pulumi.Output[Any]":
    """A value that a preview does not know and an update does."""

    async def known() -> bool:
        return not pulumi.runtime.is_dry_run()

    async def content() -> object:
        return value

    async def nothing() -> "set[pulumi.Resource]":
        return set()

    async def plain() -> bool:
        return False

    start = asyncio.ensure_future
    return pulumi.Output(start(nothing()), start(content()), start(known()), start(plain()))


@pytest.fixture
def stack(
    command: auto.PulumiCommand, environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[Callable[[], None]], auto.Stack]]:
    """Makes a stack of a program, on the real engine."""

    def make(program: Callable[[], None]) -> auto.Stack:
        options = auto.LocalWorkspaceOptions(work_dir=str(work), pulumi_command=command, env_vars=environment)
        return auto.create_stack("dev", project_name="demo", program=program, opts=options)

    work = tmp_path / "work"
    work.mkdir()
    yield make
    # The Automation API leaves the event loop of a program open whose run the engine broke off.
    gc.collect()


def test_an_exported_state_is_judged_as_its_preview_is(
    stack: Callable[[Callable[[], None]], auto.Stack], analyze: Analyze, tmp_path: Path
) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    group = {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrBlocks": ["0.0.0.0/0"]}

    def program() -> None:
        _Repository("scanned", {"name": "scanned", **SCANNED})
        _Repository("unscanned", {"name": "unscanned", "imageTagMutability": "MUTABLE"})
        _Component("aws:iam/role:Role", "task", {"name": "task", "assumeRolePolicy": json.dumps({"Statement": trust})})
        _Component("aws:iam/rolePolicy:RolePolicy", "all", {"role": "task", "policy": {"Statement": statement}})
        _Component("aws:iam/rolePolicy:RolePolicy", "bad", {"role": "task", "policy": "{"})
        _Component("aws:ec2/securityGroup:SecurityGroup", "open", {"ingress": [group]})
        network = {"subnets": ["subnet-elsewhere"], "assignPublicIp": True}
        _Component("aws:ecs/service:Service", "web", {"networkConfiguration": network})

    made = stack(program)
    made.up()
    exported = made.export_stack()
    events: list[Any] = []
    shown = {"all": "advisory"}  # nothing breaks off, and both say all they have to say
    (tmp_path / "shown.json").write_text(json.dumps(shown))
    made.preview(
        policy_packs=[str(PACKS / "all")], policy_pack_configs=[str(tmp_path / "shown.json")], on_event=events.append
    )
    previewed = {
        (found.policy_name, found.resource_urn, found.message.strip())
        for event in events
        if (found := event.policy_event)
    }

    state = {"version": exported.version, "deployment": exported.deployment}
    done = analyze(PACKS / "all", {}, shown, "--json", content=state)
    assert done.returncode == 0, done.stderr
    in_state = {
        (found["policyName"], found["resourceUrn"], found["message"].strip()) for found in _policy_events(done.stdout)
    }
    assert in_state == previewed
    assert {(rule, urn.rpartition("::")[2]) for rule, urn, _ in in_state} == {
        ("ecr-scan-on-push", "unscanned"),
        ("ecr-immutable-tags", "unscanned"),
        ("iam-least-privilege", "all"),
        ("iam-least-privilege", "bad"),
        ("network-restricted-ingress", "open"),
        ("network-no-public-ip", "web"),
        ("network-private-subnets", "web"),
    }
    assert analyze(PACKS / "all", {}, None, content=state).returncode != 0


def _policy_events(printed: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [event["policyEvent"] for event in events if "policyEvent" in event]


BROKEN_OFF = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@BROKEN_OFF
def test_a_preview_stops_on_violations_and_says_what_it_cannot_decide(
    stack: Callable[[Callable[[], None]], auto.Stack],
) -> None:
    def program() -> None:
        _Repository("unknown", {**SCANNED, "imageTagMutability": _later("IMMUTABLE")})
        _Repository("unscanned", {"imageTagMutability": "IMMUTABLE"})
        _Repository("movable", {**SCANNED, "imageTagMutability": "MUTABLE"})
        _Repository("secret", {**SCANNED, "imageTagMutability": pulumi.Output.secret("HUSH-HUSH")})

    events: list[Any] = []
    made = stack(program)
    with pytest.raises(auto.CommandError):
        made.preview(policy_packs=[str(PACKS / "images")], on_event=events.append)

    said = {
        (event.policy_event.policy_name, event.policy_event.resource_urn.rpartition("::")[2]): event.policy_event
        for event in events
        if event.policy_event
    }
    levels = {key: event.enforcement_level for key, event in said.items()}
    assert levels == {
        ("ecr-immutable-tags", "unknown"): "advisory",
        ("ecr-scan-on-push", "unscanned"): "mandatory",
        ("ecr-immutable-tags", "movable"): "mandatory",
        ("ecr-immutable-tags", "secret"): "mandatory",
    }
    assert "UNDECIDED, imageTagMutability is not known" in said["ecr-immutable-tags", "unknown"].message
    assert "HUSH" not in said["ecr-immutable-tags", "secret"].message
    assert '"[secret]"' in said["ecr-immutable-tags", "secret"].message


@BROKEN_OFF
def test_an_update_decides_what_the_preview_could_not(stack: Callable[[Callable[[], None]], auto.Stack]) -> None:
    def program() -> None:
        _Repository("app", {**SCANNED, "imageTagMutability": _later("MUTABLE")})

    made = stack(program)
    made.preview(policy_packs=[str(PACKS / "images")])
    with pytest.raises(auto.CommandError, match=r'imageTagMutability is "MUTABLE"'):
        made.up(policy_packs=[str(PACKS / "images")])
    kept = [resource["type"] for resource in (made.export_stack().deployment or {}).get("resources", [])]
    assert REPOSITORY not in kept, "it was stopped before it was made"
