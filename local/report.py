"""What a run did: operations as they happen, then the resource tree, the policies' verdicts and the outputs."""

import json
import re
from collections import Counter, defaultdict
from typing import Any, Final

from pulumi.automation import EngineEvent, OpType, OutputMap, StepEventMetadata
from pulumi.automation.events import PolicyEvent

from policies.catalog import PACKS, RULES
from policies.reports.findings import Finding, Run

from .console import Console

_SIGNS: Final = {
    OpType.CREATE: ("+", "green", "create"),
    OpType.UPDATE: ("~", "yellow", "update"),
    OpType.DELETE: ("-", "red", "delete"),
    OpType.REPLACE: ("±", "yellow", "replace"),
    OpType.CREATE_REPLACEMENT: ("+", "green", "create replacement"),
    OpType.DELETE_REPLACED: ("-", "red", "delete replaced"),
    OpType.READ: (">", "dim", "read"),
    OpType.REFRESH: ("≈", "dim", "refresh"),
}
_QUIET: Final = {OpType.SAME, OpType.REPLACE, OpType.REFRESH, OpType.READ}
PACK: Final = "all"


class Recorder:
    """Keeps what the engine says in one operation, and tells each resource as its turn comes."""

    def __init__(self, console: Console, *, tell: bool, preview: bool) -> None:
        self.console = console
        self.tell = tell
        self.preview = preview
        self.counts: Counter[str] = Counter()
        self.findings: list[PolicyEvent] = []
        self.errors: list[str] = []
        self.packs: set[str] = set()
        self.failed = ""

    def __call__(self, event: EngineEvent) -> None:
        """Take one event of the engine."""
        if event.policy_event:
            self.findings.append(event.policy_event)
        elif event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(plain(event.diagnostic_event.message))
        elif event.summary_event:
            self.packs = set(event.summary_event.policy_packs or {})
        elif event.res_op_failed_event:
            self.failed = event.res_op_failed_event.metadata.urn
        elif self.preview and event.resource_pre_event:
            self._count(event.resource_pre_event.metadata)
        elif not self.preview and event.res_outputs_event:
            self._count(event.res_outputs_event.metadata)

    def _count(self, step: StepEventMetadata) -> None:
        if step.type in ("pulumi:pulumi:Stack",) or step.type.startswith("pulumi:providers:"):
            return
        self.counts[step.op.value] += 1
        if self.tell and step.op not in _QUIET:
            sign, colour, verb = _SIGNS.get(step.op, ("·", "dim", step.op.value))
            name = step.urn.rpartition("::")[2]
            changed = f"  [{', '.join(step.diffs)}]" if step.op is OpType.UPDATE and step.diffs else ""
            self.console.line(
                f"  {self.console.paint(sign, colour)} {verb:<8} {short_type(step.type)}  {name}{changed}"
            )

    def changes(self) -> int:
        """Return how many resources differ."""
        return sum(count for op, count in self.counts.items() if OpType(op) not in _QUIET)

    def violations(self) -> list[PolicyEvent]:
        """Return the findings that stop a run."""
        return [finding for finding in self.findings if finding.enforcement_level == "mandatory"]

    def summary(self) -> str:
        """Return the operations and their numbers in one line."""
        if not self.changes():
            return f"no changes, {self.counts['same']} resources as they were"
        words = _PLANNED if self.preview else _DONE
        return ", ".join(f"{self.counts[op]} {word}" for op, word in words.items() if self.counts[op])


_PLANNED: Final = {
    "create": "to create", "update": "to update", "replace": "to replace", "delete": "to delete", "same": "unchanged",
}  # fmt: skip
_DONE: Final = {
    "create": "created", "update": "updated", "create-replacement": "replaced", "delete": "deleted",
    "same": "unchanged",
}  # fmt: skip


def run(stack: str, recorder: Recorder) -> Run:
    """Return what the policies said in one operation, for those who read it elsewhere.

    A preview judges everything, violations or not; a violation ends an update before relations between resources are.
    """
    said = [
        Finding.parse(
            rule=event.policy_name,
            pack=event.policy_pack_name,
            urn=event.resource_urn or "",
            message=event.message,
            level=event.enforcement_level,
        )
        for event in recorder.findings
    ]
    failures = [error for error in recorder.errors if error != "preview failed"]
    whole = not recorder.violations() or (recorder.preview and not failures)
    return Run(stack=stack, origin="local", rules=dict(PACKS[PACK]), findings=said, whole=whole)


def plain(text: str) -> str:
    """Return the engine's text without its colour marks."""
    return re.sub(r"<\{%.*?%\}>", "", text).strip()


def short_type(token: str) -> str:
    """Return a type token without its repetition: `aws:ecs/service:Service` is `ecs.Service`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    if package != "aws":
        return name
    return f"{module.partition('/')[0]}.{name}"


def tree(console: Console, resources: list[dict[str, Any]]) -> None:
    """Show the resources below their parents."""
    own = [one for one in resources if not one["type"].startswith(("pulumi:pulumi:", "pulumi:providers:"))]
    console.heading(f"Resources ({len(own)})")
    children: dict[str, list[dict[str, Any]]] = defaultdict(list)
    roots: list[dict[str, Any]] = []
    for resource in resources:
        if resource["type"].startswith("pulumi:providers:"):
            continue
        parent = resource.get("parent")
        children[parent].append(resource) if parent else roots.append(resource)

    def show(resource: dict[str, Any], indent: str, *, last: bool) -> None:
        label = f"{short_type(resource['type'])}  {console.paint(resource['urn'].rpartition('::')[2], 'dim')}"
        console.line(f"  {indent}{'└─ ' if last else '├─ '}{label}")
        below = children[resource["urn"]]
        for position, child in enumerate(below, start=1):
            show(child, f"{indent}{'   ' if last else '│  '}", last=position == len(below))

    for position, root in enumerate(roots, start=1):
        show(root, "", last=position == len(roots))


def verdicts(console: Console, findings: list[PolicyEvent]) -> None:
    """Show for each rule of the pack whether it was kept, with every finding."""
    console.heading(f"Policies (pack {PACK})")
    by_rule: dict[str, list[PolicyEvent]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.policy_name].append(finding)
    for name, _ in PACKS[PACK]:
        found = by_rule.pop(name, [])
        broken = [item for item in found if item.enforcement_level == "mandatory"]
        if broken:
            mark = console.paint(f"✗ broken by {len(broken)}", "red")
        elif found:
            mark = console.paint(f"? see {len(found)} below", "yellow")
        else:
            mark = console.paint("✓ kept", "green")
        console.line(f"  {mark:<10}  {name}: {RULES[name].description}")
        _findings(console, found)
    for name, found in by_rule.items():
        console.line(f"  {name}")
        _findings(console, found)


def _findings(console: Console, found: list[PolicyEvent]) -> None:
    for finding in found:
        resource = (finding.resource_urn or "the stack").rpartition("::")[2] or "the stack"
        kind = (
            short_type((finding.resource_urn or "::").split("::")[2].rpartition("$")[2]) if finding.resource_urn else ""
        )
        console.line(f"      {kind} {resource}".rstrip())
        # The heading says already what the rule demands.
        message = plain(finding.message)
        demand = RULES[finding.policy_name].description if finding.policy_name in RULES else ""
        for line in message.removeprefix(demand).strip().splitlines():
            console.line(f"        {line}")


def outputs(console: Console, values: OutputMap) -> None:
    """Show the stack's outputs, secrets hidden."""
    console.heading("Outputs")
    for name, output in sorted(values.items()):
        if output.secret:
            console.line(f"  {name}: [secret]")
        elif isinstance(output.value, (dict, list)):
            console.line(f"  {name}:")
            _nested(console, output.value, "    ")
        else:
            console.line(f"  {name}: {_scalar(output.value)}")


def _nested(console: Console, value: Any, indent: str) -> None:
    items = value.items() if isinstance(value, dict) else (("-", item) for item in value)
    for key, item in items:
        mark = "-" if key == "-" else f"{key}:"
        if isinstance(item, (dict, list)) and item:
            console.line(f"{indent}{mark}")
            _nested(console, item, indent + "  ")
        elif isinstance(item, str) and "\n" in item:
            console.line(f"{indent}{mark}")
            for line in item.splitlines():
                console.line(f"{indent}  {line}")
        else:
            console.line(f"{indent}{mark} {_scalar(item)}")


def _scalar(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)
