"""What a stack of many services costs beside the same resources registered raw, in processor time of a preview.

The settings name services of every kind; `up` on the local engine shows which resources they are. A second program
registers as many of the same types with pulumi_aws, with the same inputs, parents and dependencies, and nothing else:
no settings, no components, no checks. Both are previewed in turn, each in a process of its own that starts the engine
and the stand-in, before anything is made and again when all is up. Policy packs are left out: they would judge the
same.
"""

import argparse
import contextlib
import functools
import gc
import importlib
import json
import os
import platform as machine
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from unittest import mock

import yaml
from pulumi import _types

from benchmarks import page
from local.console import Console

ROOT: Final = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- services: begin -->", "<!-- services: end -->"
AIM: Final = 1.3
_OUTPUTS: Final = ("id", "arn", "name")
"""What resources hand on as it is; anything else is made of outputs."""
STACK: Final = "services"
WHEN: Final = {"new": "before anything is made", "living": "all is up, and nothing changes"}

RAW: Final = '''"""Every resource of a state, registered with pulumi_aws and nothing else."""

import importlib
import json

import pulumi

made = {}


def joined(value, now):
    text = value["text"]
    for (_, _, before), after in zip(value["made of"], now):
        text = text.replace(before, after)
    return text


def wired(value):
    if isinstance(value, list):
        return [wired(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "output" in value:
        return getattr(made[value["of"]], value["output"])
    if "made of" in value:
        behind = [getattr(made[urn], output) for urn, output, _ in value["made of"]]
        return pulumi.Output.all(*behind).apply(lambda now: joined(value, now))
    return {key: wired(one) for key, one in value.items()}


for entry in json.load(open("resources.json")):
    opts = pulumi.ResourceOptions(
        parent=made.get(entry["parent"]), depends_on=[made[urn] for urn in entry["dependsOn"]], protect=entry["protect"]
    )
    package, module, _ = entry["type"].split(":")
    if not entry["custom"]:
        made[entry["urn"]] = pulumi.ComponentResource(entry["type"], entry["name"], {}, opts)
        continue
    values = {key: wired(value) for key, value in entry["inputs"].items()}
    kind = getattr(importlib.import_module(f"pulumi_aws.{module.partition('/')[0]}"), entry["class"])
    made[entry["urn"]] = kind(entry["name"], opts=opts, **values)

# As any program has outputs. Without one, the SDK waits for what is left in a way that takes it twice the time.
pulumi.export("urns", [one.urn for one in made.values()])
'''


def kinds() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return section and settings of each kind of service, by the kind's name; `{name}` is the service's."""
    tasks = {"repository": "app"}
    hosts = {**tasks, "containerPort": 8080, "hosts": ["{name}.example.com"]}
    night = {"schedule": "cron(0 19 ? * * *)", "minTasks": 0, "maxTasks": 0}
    return {
        "web": ("services", {**hosts, "memoryTarget": 75, "generatedSecret": {"environmentVariable": "PASSWORD"}}),
        "api": ("services", {**hosts, "paths": ["/api/*"]}),
        "fixed": ("services", {**hosts, "minTasks": 1, "maxTasks": 1}),
        "by-day": (
            "services",
            {**hosts, "scheduledScaling": {"evening": night, "morning": {"schedule": "cron(0 7 ? * * *)"}}},
        ),
        "worker": ("services", {**tasks, "kind": "worker"}),
        "queue": ("services", {**tasks, "kind": "queueWorker"}),
        "job": ("jobs", {**tasks, "schedule": "rate(1 day)"}),
    }


def platform(count: int) -> dict[str, Any]:
    """Return the settings of a stack with so many services and jobs, of every kind in turn."""
    each = list(kinds().items())
    sections: dict[str, dict[str, Any]] = {}
    for number in range(count):
        kind, (section, settings) = each[number % len(each)]
        name = f"{kind}-{number}"
        chosen = json.loads(json.dumps(settings).replace("{name}", name))
        sections.setdefault(section, {})[name] = chosen | ({"priority": number + 1} if "hosts" in settings else {})
    tags = {"project": "container-platform", "environment": STACK}
    return {
        "config": {
            "aws:region": "us-east-1",
            "aws:defaultTags": {"tags": tags},
            "container-platform:platform": {
                "registry": {"repositories": {"app": {}}},
                **sections,
            },
        }
    }


def raw(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the raw program registers: every resource of a state besides stack and providers."""
    known: set[str] = set()
    outputs = {
        one["urn"]: {**one.get("outputs", {}), **({"id": one["id"]} if one["custom"] else {})} for one in resources
    }
    entries = []
    for one in resources:
        if one["type"] == "pulumi:pulumi:Stack" or one["type"].startswith("pulumi:providers:"):
            continue
        dependencies = one.get("propertyDependencies", {})
        behind = {key: [urn for urn in urns if urn in known] for key, urns in dependencies.items()}
        wired = {urn for urns in behind.values() for urn in urns}
        given = one.get("inputs", {})
        chosen = {key: value for key, value in given.items() if key not in (*given.get("__defaults", ()), "__defaults")}
        names = _names(one["type"]) if one["custom"] else {}
        entries.append(
            {
                "urn": one["urn"],
                "type": one["type"],
                "class": one["type"].rpartition(":")[2],
                "custom": one["custom"],
                "name": one["urn"].rpartition("::")[2],
                "parent": one.get("parent", ""),
                "protect": bool(one.get("protect")),
                "inputs": {
                    names[key]: _wired(_open(value), behind.get(key, ()), outputs)
                    for key, value in chosen.items()
                    if key in names
                },
                "dependsOn": [urn for urn in one.get("dependencies", []) if urn in known and urn not in wired],
            }
        )
        known.add(one["urn"])
    return entries


def _wired(value: Any, behind: Sequence[str], outputs: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return an input with what it has of other resources marked: an output itself, or a text made of some."""
    if isinstance(value, list):
        return [_wired(one, behind, outputs) for one in value]
    if isinstance(value, dict):
        return {key: _wired(one, behind, outputs) for key, one in value.items()}
    if not isinstance(value, str) or not value:
        return value
    known = {(urn, output): outputs[urn].get(output) for urn in behind for output in _OUTPUTS if "id" in outputs[urn]}
    for (urn, output), text in known.items():
        if text == value:
            return {"of": urn, "output": output}
    # The longest first: a name is a part of an ARN.
    parts = [(*key, text) for key, text in known.items() if isinstance(text, str) and text and text in value]
    made = {text: (urn, output, text) for urn, output, text in sorted(parts, key=lambda part: len(part[2]))}
    return {"made of": [*made.values()][::-1], "text": value} if made else value


def _open(value: Any) -> Any:
    """Return a text in place of what the state keeps encrypted."""
    return "secret" if isinstance(value, dict) and "ciphertext" in value else value


@functools.cache
def _names(token: str) -> dict[str, str]:
    """Return the inputs of a resource type: name in the API to that in Python."""
    _, module, name = token.split(":")
    package = importlib.import_module(f"pulumi_aws.{module.partition('/')[0]}")
    found = sys.modules[getattr(package, name).__module__]
    arguments = getattr(found, f"{name}InitArgs", None) or getattr(package, f"{name}Args")
    return {api: python for python, api in _types.input_type_py_to_pulumi_names(arguments).items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code: 1 if the stack costs more than the aim."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.services", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--services", type=int, default=30)
    parser.add_argument("--home", type=Path, default=ROOT / ".local" / "benchmarks" / STACK)
    parser.add_argument("--keep", action="store_true", help="Leave docs/performance.md as it is.")
    parser.add_argument("--run", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.run:
        return _run(options.run)
    console, home = Console(), options.home.resolve()
    shutil.rmtree(home, ignore_errors=True)
    program = home / "raw"
    ours, other = _prepare(home, program, options.services, console)
    times: dict[str, dict[str, list[float]]] = {when: {"ours": [], "raw": []} for when in WHEN}
    for number in range(options.runs):
        console.step(f"Run {number + 1} of {options.runs}")
        for when in WHEN:
            times[when]["ours"].append(_cost("preview", *ours, "--home", str(home / when)))
            times[when]["raw"].append(_cost("preview", *other, "--home", str(program / when)))
    resources = len(json.loads((program / "resources.json").read_text()))
    text, worst = _table(times, options.services, resources)
    print(text)
    if not options.keep:
        page.write(BEGIN, END, text)
    return int(worst > AIM)


def _prepare(home: Path, program: Path, count: int, console: Console) -> tuple[list[str], list[str]]:
    """Bring both stacks up, each in an account of its own, and return the options that name them."""
    settings = home / f"{STACK}.yaml"
    program.mkdir(parents=True)
    content = platform(count)
    settings.write_text(yaml.safe_dump(content, sort_keys=False))
    ours, other = ["--settings", str(settings)], ["--root", str(program), "--stack", STACK]
    console.step(f"Bringing {count} services up")
    _cost("up", *ours, "--home", str(home / "living"))
    state = home / "living" / "state" / ".pulumi" / "stacks" / "container-platform" / f"{STACK}.json"
    resources = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
    (program / "resources.json").write_text(json.dumps(raw(resources)))
    (program / "__main__.py").write_text(RAW)
    (program / "Pulumi.yaml").write_text("name: raw\nruntime: python\n")
    config = {key: value for key, value in content["config"].items() if key.startswith("aws:")}
    (program / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump({"config": config}))
    console.step("Bringing the same resources up, registered raw")
    _cost("up", *other, "--home", str(program / "living"))
    return ours, other


def _cost(verb: str, *options: str) -> float:
    """Run a verb in a process of its own, and return its processor time and that of what it starts."""
    before = _children()
    command = [sys.executable, "-m", "benchmarks.services", "--run", verb, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return _children() - before


def _run(arguments: Sequence[str]) -> int:
    """Run a verb inside this process, without policy packs."""
    gc.set_threshold(1_000_000)  # as `python -m local` does
    from local import engine
    from local.__main__ import main as local

    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(engine.Engine, "_what", return_value={}))
        stack.enter_context(mock.patch.object(engine.Engine, "_require_packs"))
        return local(list(arguments))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(times: Mapping[str, Mapping[str, Sequence[float]]], count: int, resources: int) -> tuple[str, float]:
    """Return the table, and the worst factor in it."""
    runs = len(times["new"]["raw"])
    conditions = f"median of {runs} runs in turn, {os.cpu_count()} cores, Python {machine.python_version()}"
    lines = [
        f"A stack of {count} services, {resources} resources, {conditions}:",
        "",
        "| processor time of a preview | the stack | registered raw | factor |",
        "|---|---|---|---|",
    ]
    factors = []
    for when, text in WHEN.items():
        ours, other = (statistics.median(times[when][who]) for who in ("ours", "raw"))
        factors.append(statistics.median(a / b for a, b in zip(times[when]["ours"], times[when]["raw"], strict=True)))
        lines.append(f"| {text} | {ours:.1f} s | {other:.1f} s | {factors[-1]:.2f} |")
    return "\n".join(lines), max(factors)


if __name__ == "__main__":
    sys.exit(main())
