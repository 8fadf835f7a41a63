"""The folder that the engine works in: a copy of the project's own files, so that those stay as they are."""

import contextlib
import difflib
import os
import re
import shlex
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from pulumi.automation import CommandResult, Deployment, LocalWorkspace, OutputMap, PulumiCommand, Stack, UpdateSummary
from pulumi.automation._workspace import PulumiFn
from pulumi.automation.errors import StackNotFoundError

from release import files, yaml_file

from . import state
from .console import Console
from .errors import LocalError

PROJECT: Final = "container-platform"
SETTINGS: Final = f"{PROJECT}:platform"

OVERRIDES: Final[dict[str, Any]] = {"protect": False}
"""Settings that hold on this machine whatever the stack says, so that `down` leaves nothing."""

_SECRET_KEYS: Final = ("encryptionsalt", "secretsprovider", "encryptedkey")


class Paths(NamedTuple):
    """Where things lie for one stack of one clone."""

    root: Path
    """The project's own folder."""
    stack: str
    """Name of the stack, as in Pulumi.<stack>.yaml."""
    local: Path
    """Everything that the local engine keeps."""
    given: Path | None = None
    """The file with the stack's settings, if it is not Pulumi.<stack>.yaml: one of examples/settings, say."""

    @property
    def settings(self) -> Path:
        """The file with the stack's settings."""
        return self.given or self.root / f"Pulumi.{self.stack}.yaml"

    @property
    def choice(self) -> str:
        """What a user tells make to choose this stack."""
        if self.given is None:
            return f"STACK={self.stack}"
        other = "" if self.stack == self.given.stem else f" STACK={self.stack}"
        return f"SETTINGS={os.path.relpath(self.given, self.root)}{other}"

    def named(self, text: str) -> str:
        """Return what the program says of Pulumi.<stack>.yaml, with the name of the file that was given instead."""
        if self.given is None:
            return text
        return text.replace(f"Pulumi.{self.stack}.yaml", os.path.relpath(self.given, self.root))

    @property
    def work(self) -> Path:
        """The stack's own folder."""
        return self.local / "stacks" / self.root.name / self.stack

    @property
    def state(self) -> Path:
        """The file backend, shared by stacks and projects so that they can refer to each other."""
        return self.local / "state"

    @property
    def stack_state(self) -> Path:
        """The file in which the engine keeps the stack."""
        project = _read_yaml(self.root / "Pulumi.yaml").get("name", "")
        return self.state / ".pulumi" / "stacks" / str(project) / f"{self.stack}.json"

    @property
    def log(self) -> Path:
        """Everything that the engine said in the last run."""
        return self.work / "last.log"

    @property
    def memory(self) -> Path:
        """What the stand-in for AWS keeps beside the state."""
        return self.work / "memory.json"


def locate(root: Path, local: Path, *, stack: str | None, settings: Path | None) -> Paths:
    """Return the paths of the stack that a user chose, by name, by file or by both; `dev` by neither.

    A file without a name is a stack of the file's name, so that it shares neither state nor work folder with another.
    """
    given = settings.resolve() if settings else None
    return Paths(root, stack or (given.stem if given else "dev"), local, given)


def check_project(paths: Paths) -> dict[str, Any]:
    """Return the stack's own file, read.

    Raises:
        LocalError: the project, the stack or one of their files is missing or broken.
    """
    for name in ("Pulumi.yaml", "__main__.py"):
        if not (paths.root / name).exists():
            raise LocalError(
                f"{paths.root} holds no {name}", "run this in the project's folder, or name it with --root"
            )
    _read_yaml(paths.root / "Pulumi.yaml")
    if paths.given:
        _check_given(paths, paths.given)
    file = paths.settings
    if not file.exists():
        known = ", ".join(sorted(item.name.split(".")[1] for item in paths.root.glob("Pulumi.*.yaml"))) or "none"
        raise LocalError(f"there is no stack {paths.stack} (there: {known})", f"name one of them, or write {file.name}")
    return _read_yaml(file)


def _check_given(paths: Paths, file: Path) -> None:
    if not file.is_file():
        folder = file.parent if any(file.parent.glob("*.yaml")) else paths.root / "examples" / "settings"
        known = {item.stem: item for item in sorted(folder.glob("*.yaml"))}
        close = difflib.get_close_matches(file.stem, known, n=1)
        guess = f"did you mean {os.path.relpath(known[close[0]])}? " if close else ""
        raise LocalError(
            f"there is no file {os.path.relpath(file)}",
            f"{guess}{os.path.relpath(folder)} holds: {', '.join(known) or 'no settings'}",
        )
    if not re.fullmatch(r"[a-z][a-z0-9-]*", paths.stack):
        raise LocalError(
            f"{paths.stack} cannot be the name of a stack: it takes lower-case letters, digits and hyphens",
            f"name the stack: {paths.choice.partition(' ')[0]} STACK=<name>",
        )
    if paths.stack == file.stem and (paths.root / f"Pulumi.{paths.stack}.yaml").exists():
        raise LocalError(
            f"{os.path.relpath(file)} would be the stack {paths.stack}, which Pulumi.{paths.stack}.yaml is already",
            f"name another stack: {paths.choice} STACK=<name>",
        )


def prepare(paths: Paths, console: Console) -> None:
    """Copy the project and stack files into the work folder, with the local overrides."""
    settings = check_project(paths)
    paths.work.mkdir(parents=True, exist_ok=True)
    files.write(paths.work / "Pulumi.yaml", (paths.root / "Pulumi.yaml").read_text())
    copy = paths.work / f"Pulumi.{paths.stack}.yaml"
    for key in _SECRET_KEYS:
        settings.pop(key, None)
    if salt := _salt(paths, copy):
        settings["encryptionsalt"] = salt
    config = settings.setdefault("config", {}) or {}
    hidden: list[str] = []
    settings["config"] = {key: _without_secrets(value, key, hidden) for key, value in config.items()}
    if hidden:
        console.step(f"Secrets of the real stack stay closed here; a placeholder stands for {', '.join(hidden)}")
    settings["config"].setdefault("aws:region", "us-east-1")
    tag(settings["config"], paths)
    platform = settings["config"].get(SETTINGS)
    if isinstance(platform, dict):
        settings["config"][SETTINGS] = {**platform, **OVERRIDES}
    files.write(copy, yaml.safe_dump(settings, sort_keys=False))


def _salt(paths: Paths, copy: Path) -> str | None:
    """Return what the stack's secrets were encrypted with: it is in the last run's copy, and in the state."""
    try:
        salt = yaml_file.read(copy).content["encryptionsalt"]
    except (FileNotFoundError, yaml_file.YamlError, LookupError, TypeError):
        try:
            salt = state.read(paths.stack_state)["secrets_providers"]["state"]["salt"]
        except (state.UnreadableError, LookupError, TypeError):
            return None
    return salt if isinstance(salt, str) else None


def tag(config: dict[str, Any], paths: Paths) -> None:
    """Give the stack its own tag if a file is used under another name than its own."""
    default = config.get("aws:defaultTags")
    tags = default.get("tags") if isinstance(default, dict) else None
    if paths.given and paths.given.stem != paths.stack and isinstance(tags, dict) and "environment" in tags:
        tags["environment"] = paths.stack


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml_file.read(file).content
    except yaml_file.YamlError as error:
        raise LocalError(str(error), "correct the YAML") from None
    if content is not None and not isinstance(content, dict):
        raise LocalError(f"{file.name} holds no map", "write `config:` and the keys below it")
    return content or {}


def _without_secrets(value: Any, path: str, hidden: list[str], within: tuple[int, ...] = ()) -> Any:
    if id(value) in within:
        raise LocalError(f"{path} contains itself: a YAML alias (*name) points to what it is in", "write the value")
    inner = (*within, id(value))
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            hidden.append(path)
            return "local-placeholder"
        return {key: _without_secrets(item, f"{path}.{key}", hidden, inner) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item, f"{path}[{index}]", hidden, inner) for index, item in enumerate(value)]
    return value


def secret_places(value: Any, path: str = "") -> list[str]:
    """Return the paths of every `secure:` value."""
    found: list[str] = []
    with contextlib.suppress(LocalError):  # settings without an end, which is another mistake
        _without_secrets(value, path, found)
    return [place.removeprefix(".") for place in found]


class FolderWorkspace(LocalWorkspace):
    """Looks into the backend's folder itself for what the Automation API asks the CLI for, process by process."""

    def __init__(self, stack_state: Path, **options: Any) -> None:
        super().__init__(**options)
        self._state = stack_state

    def select_stack(self, stack_name: str) -> None:
        """Find the stack; every command names it, so none has to be selected."""
        if not self._state.exists():
            raise StackNotFoundError(CommandResult("", f"no stack named '{stack_name}' found", 255))

    def export_stack(self, stack_name: str) -> Deployment:  # noqa: ARG002
        """Return the state, secrets encrypted."""
        return Deployment(version=3, deployment=state.read(self._state))

    def stack_outputs(self, stack_name: str) -> OutputMap:  # noqa: ARG002
        """Return the outputs; secrets stay closed."""
        return state.outputs(state.read(self._state))


class FolderStack(Stack):
    """A stack whose history nobody reads."""

    def info(self, show_secrets: bool = True) -> UpdateSummary:  # noqa: ARG002
        """Say that there was an operation, which is all that the Automation API does with its record."""
        return UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


def open_workspace(
    paths: Paths, command: PulumiCommand, program: PulumiFn | None, environment: dict[str, str]
) -> FolderWorkspace:
    """Return a workspace with backend, home and passphrase of its own: the user's own Pulumi is not touched."""
    paths.state.mkdir(parents=True, exist_ok=True)
    _keep_no_log(paths.local / "home")
    if os.pathsep in str(paths.local):
        raise LocalError(
            f"{paths.local} has a {os.pathsep} in its name, which PATH cannot hold",
            "rename the folder, or name another one with --home",
        )
    shims = _shims(paths)
    os.environ["PATH"] = f"{shims}{os.pathsep}{os.environ['PATH']}"
    return FolderWorkspace(
        paths.stack_state,
        work_dir=str(paths.work),
        pulumi_home=str(paths.local / "home"),
        program=program,
        pulumi_command=command,
        env_vars={
            # Without the backend's sidecar files: they are not written in one go, and one that a killed engine left
            # empty makes the whole state beside it unreadable ("failed to load checkpoint: EOF").
            "PULUMI_BACKEND_URL": f"{paths.state.as_uri()}?metadata=skip",
            # Not a secret: nothing that the local engine keeps is worth one.
            "PULUMI_CONFIG_PASSPHRASE": "local",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # A run is short: the engine need not clean up after itself so often.
            "GOGC": "400",
            # The state is read from its file.
            "PULUMI_DIY_BACKEND_GZIP": "false",
            "PULUMI_DIY_BACKEND_ZSTD": "false",
            **environment,
        },
    )


def _keep_no_log(home: Path) -> None:
    """Keep the engine from writing all that it does into a log that nobody can read: it is compressed and encrypted.

    It does so wherever it can make the log's folder. That takes a fifth of its time, and half a megabyte for each run.
    """
    logs = home / "logs"
    if not logs.is_file():
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(logs, ignore_errors=True)
        logs.touch()


# Only the first two arguments are pulumi.policy's, the pack's runtime options follow them. A pack ends with its engine,
# also where that is killed: by itself it would stay for ever.
STARTER: Final = """#!/bin/sh
command -v setpriv >/dev/null && exec setpriv --pdeathsig KILL {python} -u -m pulumi.policy "$1" "$2"
exec {python} -u -m pulumi.policy "$1" "$2"
"""


def _shims(paths: Paths) -> Path:
    """Write the policy packs' starter for a CLI without its Python language plugin, and return the folder it is in."""
    folder = paths.local / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("pulumi-language-python") is None:
        starter = folder / "pulumi-analyzer-policy-python"
        files.write(starter, STARTER.replace("{python}", shlex.quote(sys.executable)), mode=0o755)
    return folder
