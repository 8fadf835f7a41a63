"""What a run did: operations as they happen, then the resource tree, the policies' verdicts and the outputs."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Final

from pulumi.automation import EngineEvent, OpType, OutputMap, StepEventMetadata
from pulumi.automation.events import PolicyEvent

from policies.catalog import PACKS, RULES
from policies.reports.findings import Finding, Run

from .console import Console, Found, Node, Verdict

_SIGNS: Final = {
    OpType.CREATE: ("+", "green", "create"),
    OpType.UPDATE: ("~", "yellow", "update"),
    OpType.DELETE: ("-", "red", "delete"),
    OpType.REPLACE: ("±", "yellow", "replace"),
    OpType.CREATE_REPLACEMENT: ("+", "green", "create replacement"),
    OpType.DELETE_REPLACED: ("-", "red", "delete replaced"),
    OpType.IMPORT: ("=", "green", "import"),
    OpType.READ: (">", "dim", "read"),
    OpType.REFRESH: ("≈", "dim", "refresh"),
}
_DELETIONS: Final = {OpType.DELETE, OpType.DELETE_REPLACED}
_KEPT: Final = ("·", "dim", "keep in AWS")
"""How a resource is shown that leaves the stack and is not deleted, such as an earlier revision of a task."""
_QUIET: Final = {OpType.SAME, OpType.REPLACE, OpType.REFRESH, OpType.READ}
PACK: Final = "all"
_OF_THE_ENGINE: Final = "from $PATH at"
_CUT_OFF: Final = ("Resource monitor has terminated", "the client connection is closing")
"""What is said of calls that were on their way as a failure ended the engine."""


class Recorder:
    """Keeps what the engine says in one operation, and tells each resource as its turn comes."""

    def __init__(
        self, console: Console, *, tell: bool, preview: bool, advance: Callable[[], None] = lambda: None
    ) -> None:
        self.console = console
        self.tell = tell
        self.preview = preview
        self.advance = advance
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
        elif event.diagnostic_event and event.diagnostic_event.severity == "warning" and self.preview:
            # An update repeats what its preview warned of, and the engine warns of its own plugins.
            if _OF_THE_ENGINE not in event.diagnostic_event.message:
                self.console.line(f"  ! {plain(event.diagnostic_event.message)}")
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
        if step.op in _QUIET:
            return
        self.advance()
        if self.tell:
            sign, style, verb = _SIGNS.get(step.op, ("·", "dim", step.op.value))
            if step.op in _DELETIONS and _stays(step):
                sign, style, verb = _KEPT
            changed = f"  [{', '.join(step.diffs)}]" if step.op is OpType.UPDATE and step.diffs else ""
            name = step.urn.rpartition("::")[2]
            self.console.operation(sign, verb, f"{short_type(step.type)}  {name}{changed}", style)

    def changes(self) -> int:
        """Return how many resources differ."""
        return sum(count for op, count in self.counts.items() if OpType(op) not in _QUIET)

    def violations(self) -> list[PolicyEvent]:
        """Return the findings that stop a run."""
        return [finding for finding in self.findings if finding.enforcement_level == "mandatory"]

    def causes(self) -> list[str]:
        """Return what failed, and what only follows from a failure where nothing else was said."""
        return [error for error in self.errors if not any(sign in error for sign in _CUT_OFF)] or self.errors

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


def _stays(step: StepEventMetadata) -> bool:
    """Tell whether AWS keeps what the engine says that it deletes."""
    old = step.old
    return old is not None and bool(old.retain_on_delete or (old.inputs or {}).get("skipDestroy"))


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
    below: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for resource in resources:
        if not resource["type"].startswith("pulumi:providers:"):
            below[resource.get("parent") or None].append(resource)

    def nodes(parent: str | None) -> list[Node]:
        return [
            Node(short_type(one["type"]), one["urn"].rpartition("::")[2], nodes(one["urn"])) for one in below[parent]
        ]

    console.heading(f"Resources ({len(own)})")
    console.tree(nodes(None))


def verdicts(console: Console, findings: list[PolicyEvent]) -> None:
    """Show for each rule of the pack whether it was kept, with every finding."""
    by_rule: dict[str, list[PolicyEvent]] = {name: [] for name, _ in PACKS[PACK]}
    for finding in findings:
        by_rule.setdefault(finding.policy_name, []).append(finding)
    console.heading(f"Policies (pack {PACK})")
    console.verdicts([_verdict(name, found) for name, found in by_rule.items()])


def _verdict(name: str, findings: list[PolicyEvent]) -> Verdict:
    demand = RULES[name].description if name in RULES else ""
    broken = [finding for finding in findings if finding.enforcement_level == "mandatory"]
    return Verdict(name, demand, [_found(finding, demand) for finding in findings], len(broken))


def _found(finding: PolicyEvent, demand: str) -> Found:
    urn = finding.resource_urn or ""
    kind = short_type(urn.split("::")[2].rpartition("$")[2]) if urn else ""
    # The rule's demand is shown already.
    message = plain(finding.message).removeprefix(demand).strip()
    return Found(f"{kind} {urn.rpartition('::')[2] or 'the stack'}".strip(), message.splitlines())


def outputs(console: Console, values: OutputMap, here: Callable[[str], str]) -> None:
    """Show the stack's outputs, secrets hidden.

    Args:
        console: where to.
        values: the outputs.
        here: returns how a service is started on this machine; what the program says of it is for AWS.
    """
    shown = {name: "[secret]" if values[name].secret else values[name].value for name in sorted(values)}
    if isinstance(steps := shown.get("nextSteps"), dict):
        shown["nextSteps"] = {name: f"{here(name)}# On AWS:\n{text}" for name, text in steps.items()}
    console.heading("Outputs")
    console.outputs(shown)
