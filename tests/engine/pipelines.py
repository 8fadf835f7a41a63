"""Runs the pipeline files as GitHub and GitLab would: their own shell steps, in order, on a copy of the project.

Only what cannot be there is replaced: the download of the CLI (by a `curl` that hands out the one of this machine),
and GitHub's actions (each by a function that checks what it is given). Whatever else a file may hold and this does
not know is an error, so that nothing is passed over.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .conftest import ROOT, copy_project

GITHUB = ROOT / ".github" / "workflows" / "preview.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
ROLE = "arn:aws:iam::123456789012:role/preview"

# What get.pulumi.com serves is a script, which puts the CLI into ~/.pulumi/bin.
_CURL = """#!/bin/sh
echo "curl $*" >> "{calls}"
cat <<'EOF'
echo "installer $*" >> "{calls}"
mkdir -p "$HOME/.pulumi/bin" && ln -sf "{pulumi}" "$HOME/.pulumi/bin/pulumi"
EOF
"""

# Takes the place of the CLI where AWS would be needed: notes how it was called, and leaves the event log of a real run.
_PULUMI = """#!{python} -I
import json, os, pathlib, shutil, sys

given = sys.argv[1:]
kept = {{name: value for name, value in os.environ.items() if name.startswith(("AWS_", "PULUMI_"))}}
token = kept.get("AWS_WEB_IDENTITY_TOKEN_FILE")
if token:
    kept["token"] = pathlib.Path(token).read_text().strip()
    kept["mode"] = oct(pathlib.Path(token).stat().st_mode & 0o777)
with open("{calls}", "a") as calls:
    print("pulumi", json.dumps([given, kept]), file=calls)
if given == ["install"]:
    made = pathlib.Path(".venv/bin")
    made.mkdir(parents=True)
    python, pip = made / "python", made / "pip"
    python.write_text('#!/bin/sh\\nexec "{python}" "$@"\\n')
    pip.write_text('#!/bin/sh\\necho "pip $*" >> "{calls}"\\n')
    python.chmod(0o755)
    pip.chmod(0o755)
if given[0] == "preview":
    if {log!r}:
        shutil.copy({log!r}, given[given.index("--event-log") + 1])
    sys.exit({status})
"""


class Machine:
    """A machine that a job starts on: a copy of the project, an empty home, and what takes the place of the network."""

    def __init__(self, folder: Path, pulumi: Path, *, environment: bool) -> None:
        self.root = folder / "project"
        self.home = folder / "home"
        self.tools = folder / "tools"
        self.calls_file = folder / "calls"
        for made in (self.root, self.home, self.tools):
            made.mkdir(parents=True)
        self.local = copy_project(self.root)
        if not environment:
            (self.root / ".venv").unlink()
        for name in ("Makefile", "requirements.txt", "requirements-dev.lock.txt"):
            shutil.copy(ROOT / name, self.root / name)
        for requirements in self.root.rglob("requirements*.txt"):
            os.utime(requirements, (0, 0))  # older than the environment, which so counts as ready
        self.calls_file.touch()
        self._tool("curl", _CURL.format(calls=self.calls_file, pulumi=pulumi))

    def calls(self, tool: str) -> list[str]:
        """What a replaced tool was called with, in order."""
        lines = self.calls_file.read_text().splitlines()
        return [line.removeprefix(f"{tool} ") for line in lines if line.startswith(f"{tool} ")]

    def stacks(self) -> list[str]:
        """The stacks that the copy has settings of."""
        return sorted(file.name.split(".")[1] for file in self.root.glob("Pulumi.*.yaml"))

    def environment(self) -> dict[str, str]:
        """The environment that a job finds: nothing of the user's, and no CLI on PATH."""
        path = [part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "pulumi").exists()]
        path.insert(0, str(self.tools))
        return {"HOME": str(self.home), "CI": "true", "LANG": "C.UTF-8", "PATH": os.pathsep.join(path)}

    def bash(self, script: str, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a script as the runners do: it ends with the first command that fails, in a pipe too."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.root,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def _tool(self, name: str, text: str) -> None:
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)


def recorder(folder: Path, calls: Path, *, log: Path | None, status: int) -> Path:
    """Write the CLI's recorder.

    :param log: the event log that its preview leaves; none where it fails before there is one.
    :param status: its preview's exit code.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "pulumi"
    text = _PULUMI.format(python=sys.executable, calls=calls, log=str(log) if log else "", status=status)
    file.write_text(text)
    file.chmod(0o755)
    return file


# Expressions

_TOKEN = re.compile(r"""('[^']*'|"[^"]*"|\$?[A-Za-z_][\w.-]*|&&|\|\||==|!=|[!(),])|(\S)""")


def evaluate(text: str, look_up: Callable[[str], Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Return the value of an expression of GitHub's or GitLab's, as far as the pipeline files use them.

    :param look_up: gives the value of a name, and fails where there is none of it.
    """
    tokens = [token for token, _ in _TOKEN.findall(text)]
    assert not any(rest.strip() for _, rest in _TOKEN.findall(text)), f"not understood: {text}"

    def either() -> Any:
        value = both()
        while tokens[:1] == ["||"]:
            tokens.pop(0)
            other = both()
            value = value or other
        return value

    def both() -> Any:
        value = compared()
        while tokens[:1] == ["&&"]:
            tokens.pop(0)
            other = compared()
            value = value and other
        return value

    def compared() -> Any:
        value = single()
        while tokens[:1] in (["=="], ["!="]):
            value = (value == single()) if tokens.pop(0) == "==" else (value != single())
        return value

    def single() -> Any:
        token = tokens.pop(0)
        if token == "!":
            return not single()
        if token == "(":
            value = either()
            assert tokens.pop(0) == ")"
            return value
        if token[0] in "'\"":
            return token[1:-1]
        if tokens[:1] != ["("]:
            return look_up(token)
        tokens.pop(0)
        arguments = []
        while tokens[0] != ")":
            arguments.append(either())
            if tokens[0] == ",":
                tokens.pop(0)
        tokens.pop(0)
        return functions[token](*arguments)

    value = either()
    assert not tokens, f"left over of {text}: {tokens}"
    return value


# GitHub


@dataclass
class Step:
    """What became of one step."""

    name: str
    outcome: str
    output: str = ""


@dataclass
class Job:
    """One job of a workflow, for one element of its matrix.

    :ivar started: whether its condition held.
    """

    started: bool = True
    steps: list[Step] = field(default_factory=list)
    summary: str = ""
    uploads: list[dict[str, Any]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """`success` or `failure`."""
        return "failure" if any(step.outcome == "failure" for step in self.steps) else "success"

    def step(self, name: str) -> Step:
        """A step by its name."""
        return next(step for step in self.steps if step.name == name)


class Workflow:
    """The workflow of GitHub Actions, in a repository.

    :ivar variables: the repository's, and so none unless one chooses to have them.
    :ivar fork: whether the pull request comes from one.
    """

    def __init__(self, variables: Mapping[str, str] | None = None, *, fork: bool = False) -> None:
        self.content = yaml.safe_load(GITHUB.read_text())
        self.variables = variables or {}
        self.fork = fork

    def matrix(self, name: str) -> list[str]:
        """The stacks that a job is run for."""
        (axis,) = self.content["jobs"][name]["strategy"]["matrix"].items()
        assert axis[0] == "stack"
        return list(axis[1])

    def run(self, name: str, stack: str, machine: Machine) -> Job:
        """Run one job for one stack."""
        job = self.content["jobs"][name]
        known = {"name", "if", "runs-on", "timeout-minutes", "permissions", "strategy", "steps"}
        assert set(job) <= known, set(job) - known
        assert self.content["defaults"] == {"run": {"shell": "bash"}}, "machine.bash is what that means"
        result = Job()
        values = {"matrix.stack": stack}
        if not self._holds(job.get("if", "success()"), values, machine, result):
            result.started = False
            return result
        self._text(job["name"], values, machine, result)
        names = ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
        files = {key: machine.home / key for key in names}
        for file in files.values():
            file.write_text("")
        environment = {
            **machine.environment(),
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(machine.root),
            **{key: str(file) for key, file in files.items()},
            **self.content["env"],
        }
        for step in job["steps"]:
            self._step(step, job["permissions"], values, environment, machine, result)
            added = files["GITHUB_PATH"].read_text().split()
            environment["PATH"] = os.pathsep.join([*reversed(added), environment["PATH"]])
            files["GITHUB_PATH"].write_text("")
        result.summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return result

    def _step(
        self,
        step: dict[str, Any],
        permissions: dict[str, str],
        values: dict[str, str],
        environment: dict[str, str],
        machine: Machine,
        result: Job,
    ) -> None:
        known = {"name", "if", "run", "uses", "with", "env", "continue-on-error"}
        assert set(step) <= known, set(step) - known
        name = step.get("name") or step["uses"].partition("@")[0]
        if not self._holds(step.get("if", "success()"), values, machine, result):
            result.steps.append(Step(name, "skipped"))
            return
        if "uses" in step:
            given = {key: self._text(value, values, machine, result) for key, value in step.get("with", {}).items()}
            action, _, commit = step["uses"].partition("@")
            assert re.fullmatch("[0-9a-f]{40}", commit), f"{action} is not pinned"
            _ACTIONS[action](given, permissions, environment, machine, result)
            result.steps.append(Step(name, "success"))
            return
        own = {key: self._text(value, values, machine, result) for key, value in step.get("env", {}).items()}
        done = machine.bash(self._text(step["run"], values, machine, result), {**environment, **own})
        outcome = "success" if done.returncode == 0 or step.get("continue-on-error") else "failure"
        result.steps.append(Step(name, outcome, done.stdout + done.stderr))

    def _holds(self, condition: str, values: dict[str, str], machine: Machine, result: Job) -> bool:
        text = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition.strip())
        functions = self._functions(machine, result)
        # Without a word about how the job stands, a step is for one that has not failed.
        if not re.search(r"\b(success|failure|always|cancelled)\(", text):
            text = f"success() && ({text})"
        return bool(evaluate(text, self._values(values), functions))

    def _text(self, text: Any, values: dict[str, str], machine: Machine, result: Job) -> str:
        if not isinstance(text, str):
            return json.dumps(text)

        def value(match: "re.Match[str]") -> str:
            return str(evaluate(match[1], self._values(values), self._functions(machine, result)))

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    def _values(self, values: dict[str, str]) -> Callable[[str], Any]:
        repository = "acme/platform"
        known = {
            **values,
            "github.repository": repository,
            "github.event.pull_request.head.repo.full_name": "somebody/platform" if self.fork else repository,
        }

        def look_up(name: str) -> Any:
            context, _, rest = name.partition(".")
            return self.variables.get(rest, "") if context == "vars" else known[name]

        return look_up

    def _functions(self, machine: Machine, result: Job) -> dict[str, Callable[..., Any]]:
        return {
            "success": lambda: result.outcome == "success",
            "failure": lambda: result.outcome == "failure",
            "always": lambda: True,
            "cancelled": lambda: False,
            "hashFiles": lambda pattern: "".join(sorted(str(file) for file in machine.root.glob(pattern))),
        }


def _checkout(
    given: dict[str, str], permissions: dict[str, str], environment: dict[str, str], machine: Machine, result: Job
) -> None:
    assert permissions["contents"] == "read"
    assert given == {"persist-credentials": "false"}, "no step needs the token"


def _setup_python(
    given: dict[str, str], permissions: dict[str, str], environment: dict[str, str], machine: Machine, result: Job
) -> None:
    assert tuple(map(int, given["python-version"].split("."))) >= (3, 11)


def _upload_sarif(
    given: dict[str, str], permissions: dict[str, str], environment: dict[str, str], machine: Machine, result: Job
) -> None:
    assert permissions["security-events"] == "write"
    assert permissions["actions"] == "read", "a private repository's run is read"
    result.uploads.append(json.loads((machine.root / given["sarif_file"]).read_text()))


def _aws_credentials(
    given: dict[str, str], permissions: dict[str, str], environment: dict[str, str], machine: Machine, result: Job
) -> None:
    assert permissions["id-token"] == "write"
    environment["AWS_ROLE"] = given["role-to-assume"]
    environment["AWS_REGION"] = given["aws-region"]


_ACTIONS = {
    "actions/checkout": _checkout,
    "actions/setup-python": _setup_python,
    "github/codeql-action/upload-sarif": _upload_sarif,
    "aws-actions/configure-aws-credentials": _aws_credentials,
}


# GitLab


class GitLab:
    """The pipeline of GitLab, in a merge request.

    :ivar variables: the project's, and so none unless one chooses to have them.
    :ivar fork: whether the merge request comes from one.
    """

    def __init__(self, variables: Mapping[str, str] | None = None, *, fork: bool = False) -> None:
        self.content = yaml.safe_load(GITLAB.read_text())
        self.variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_PIPELINE_ID": "7",
            "CI_SERVER_URL": "https://gitlab.example.com",
            "CI_MERGE_REQUEST_PROJECT_ID": "1",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2" if fork else "1",
            **(variables or {}),
        }

    def jobs(self) -> Iterator[tuple[str, str]]:
        """The jobs of the pipeline, by name and stack."""
        for name in self.content:
            job = self._job(name)
            if name.startswith(".") or not any(self._holds(rule["if"]) for rule in job["rules"]):
                continue
            ((_, stacks),) = job["parallel"]["matrix"][0].items()
            yield from ((name, stack) for stack in stacks)

    def run(self, name: str, stack: str, machine: Machine) -> "subprocess.CompletedProcess[str]":
        """Run one job for one stack; it leaves the reports that it names, or GitLab would show none."""
        job = self._job(name)
        known = {"stage", "image", "interruptible", "timeout", "parallel", "rules", "variables", "before_script"}
        known |= {"script", "artifacts", "id_tokens"}
        assert set(job) <= known, set(job) - known
        assert job["artifacts"]["when"] == "always"
        given = {"STACK": stack, **job["variables"], **self.variables}
        expanded = {key: self._expand(str(value), given) for key, value in given.items()}
        tokens = {
            key: f"token for {self._expand(token['aud'], expanded)}" for key, token in job.get("id_tokens", {}).items()
        }
        script = "\n".join([*job["before_script"], *job["script"]])
        return machine.bash(script, {**machine.environment(), **expanded, **tokens})

    def report(self, name: str, machine: Machine) -> str:
        """The JUnit report that GitLab would take from a job."""
        file: str = self._job(name)["artifacts"]["reports"]["junit"]
        return (machine.root / file).read_text()

    def _job(self, name: str) -> dict[str, Any]:
        job = dict(self.content[name])
        base = self._job(job.pop("extends")) if "extends" in job else {}
        variables = {**base.get("variables", {}), **job.get("variables", {})}
        return {**base, **job, "variables": variables}

    def _holds(self, condition: str) -> bool:
        return bool(evaluate(condition, lambda name: self.variables.get(name.removeprefix("$"), ""), {}))

    def _expand(self, text: str, values: Mapping[str, str]) -> str:
        return re.sub(r"\$(\w+)", lambda match: str(values.get(match[1], "")), text)
