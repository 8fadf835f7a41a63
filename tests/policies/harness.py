"""Runs rules the way the engine does: protobuf structs into the pack's own gRPC servicer, diagnostics out of it.

So a rule sees what it will see in a run: proxies that are no dicts, whole numbers as floats, unknown values that
raise on access, secrets without a mark, inputs at registration and outputs in the stack.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar, cast

import hypothesis
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped, unused-ignore]
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

from policies.catalog import RULES
from policies.framework import Example, Expect, Res, Rule, SecretValue
from policies.framework.servicer import PackServicer, RulePolicy

T = TypeVar("T")

_LEVELS = {
    "advisory": proto.ADVISORY,
    "mandatory": proto.MANDATORY,
    "remediate": proto.REMEDIATE,
    "disabled": proto.DISABLED,
}


class ConfigurationRefusedError(Exception):
    """The pack refused its configuration, as the engine would print it."""


class _Context:
    def abort(self, _code: object, details: str) -> None:
        raise ConfigurationRefusedError(details)


@dataclass(frozen=True)
class Verdict:
    """One diagnostic as the engine receives it.

    :ivar resource: the URN it is shown at; empty for the stack.
    """

    rule: str
    resource: str
    message: str
    mandatory: bool

    @property
    def id(self) -> str:
        """The finding's id, which every message about a resource holds in brackets."""
        found = re.search(r" \[(\w+::.*)\]($| Its exemption by )", self.message)
        return found[1] if found else ""

    @property
    def on(self) -> str:
        """The name of the resource."""
        return self.resource.rpartition("::")[2]

    @property
    def exempted(self) -> bool:
        """Whether it is shown as exempted."""
        return "EXEMPTED until" in self.message

    @property
    def undecided(self) -> bool:
        """Whether it is shown as undecided."""
        return not self.mandatory and "UNDECIDED" in self.message


class Pack:
    """A served pack of some rules.

    :param config: the pack's JSON configuration, levels included.
    :param deploys: whether it is asked in a preview or an update, and not by `pulumi policy analyze`.
    :raises ConfigurationRefusedError: the pack does not take that configuration.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        config: Mapping[str, Any] | None = None,
        name: str = "test",
        *,
        deploys: bool = True,
    ) -> None:
        policies = [RulePolicy(rule, EnforcementLevel.MANDATORY) for rule in rules]
        self._servicer = PackServicer(name, "0.0.1", list(policies), EnforcementLevel.MANDATORY)
        if deploys:
            self._servicer.ConfigureStack(proto.AnalyzerStackConfigureRequest(), None)
        if config is not None:
            self._servicer.Configure(_configuration(config), cast("Any", _Context()))

    def run(self, resources: Sequence[Res]) -> list[Verdict]:
        """A whole preview: every registration, then the stack."""
        return [*self.register(resources), *self.stack(resources)]

    def register(self, resources: Sequence[Res]) -> list[Verdict]:
        """The registrations alone."""
        world = _World(resources)
        found: list[Verdict] = []
        for resource in resources:
            answer = self._servicer.Analyze(world.request(resource), None)
            # The engine shows these at the resource it asked about, whatever the diagnostic names.
            found += [_verdict(diagnostic, world.urn(resource.name)) for diagnostic in answer.diagnostics]
        return found

    def stack(self, resources: Sequence[Res]) -> list[Verdict]:
        """The stack alone, as at the end of a run."""
        answer = self._servicer.AnalyzeStack(_World(resources).stack_request(), None)
        return [_verdict(diagnostic, diagnostic.urn) for diagnostic in answer.diagnostics]

    def remediate(self, resource: Res) -> dict[str, Any] | None:
        """The inputs after remediation as they go over the wire, or `None` if nothing was changed."""
        answer = self._servicer.Remediate(_World([resource]).request(resource), None)
        changed = [remediation for remediation in answer.remediations if remediation.HasField("properties")]
        return dict(json_format.MessageToDict(changed[-1].properties)) if changed else None


def judge(rule: Rule, example: Example) -> list[Verdict]:
    """What the rule says of one of its examples."""
    return Pack([rule], {rule.name: dict(example.settings)}).run(example.resources)


@cache
def judged(name: str) -> list[tuple[Example, list[Verdict]]]:
    """What a rule of the catalog says of each of its examples, found out once for all tests of a process."""
    return [(example, judge(RULES[name], example)) for example in RULES[name].examples]


def drawn(cases: Sequence[T]) -> Sequence[T]:
    """Some of many cases, evenly: as many as Hypothesis draws examples, so all of nearly every rule's in CI."""
    return cases[:: max(1, len(cases) // hypothesis.settings().max_examples)]


def expected(expectations: Iterable[Expect]) -> list[tuple[str, str]]:
    """Expectations as comparable pairs of resource name and finding id, sorted."""
    return sorted((expect.on, expect.id) for expect in expectations)


def _verdict(diagnostic: Any, urn: str) -> Verdict:
    mandatory = diagnostic.enforcementLevel == proto.MANDATORY
    return Verdict(diagnostic.policyName, urn, diagnostic.message, mandatory)


def _configuration(config: Mapping[str, Any]) -> Any:
    request = proto.ConfigureAnalyzerRequest()
    for name, given in config.items():
        settings = {"enforcementLevel": given} if isinstance(given, str) else dict(given)
        level = settings.pop("enforcementLevel", "mandatory")
        request.policyConfig[name].enforcementLevel = _LEVELS[level]
        request.policyConfig[name].properties.CopyFrom(struct(settings))
    return request


class _World:
    """The resources of one example, with the URNs the engine would give them."""

    def __init__(self, resources: Sequence[Res]) -> None:
        self._resources = resources

    @cached_property
    def _by_name(self) -> dict[str, Res]:
        return {resource.name: resource for resource in self._resources}

    def urn(self, name: str) -> str:
        resource = self._by_name[name]
        chain = resource.type
        while resource.parent:
            resource = self._by_name[resource.parent]
            chain = f"{resource.type}${chain}"
        return f"urn:pulumi:dev::container-platform::{chain}::{name}"

    def request(self, resource: Res) -> Any:
        request = proto.AnalyzeRequest(
            type=resource.type,
            urn=self.urn(resource.name),
            name=resource.name,
            properties=struct(resource.inputs),
            options=proto.AnalyzerResourceOptions(parent=self.urn(resource.parent) if resource.parent else ""),
        )
        self._add_provider(request, resource)
        return request

    def stack_request(self) -> Any:
        request = proto.AnalyzeStackRequest()
        for resource in self._resources:
            message = request.resources.add(
                type=resource.type,
                urn=self.urn(resource.name),
                name=resource.name,
                properties=struct({**resource.inputs, **resource.outputs}),
                parent=self.urn(resource.parent) if resource.parent else "",
                options=proto.AnalyzerResourceOptions(),
            )
            for prop, names in resource.depends.items():
                urns = [self.urn(name) for name in names]
                message.propertyDependencies[prop].urns.extend(urns)
                message.dependencies.extend(urn for urn in urns if urn not in message.dependencies)
            self._add_provider(message, resource)
        return request

    @staticmethod
    def _add_provider(message: Any, resource: Res) -> None:
        if resource.provider is not None:
            package = resource.type.split(":")[0]
            message.provider.type = f"pulumi:providers:{package}"
            message.provider.name = resource.provider.name
            message.provider.urn = (
                f"urn:pulumi:dev::container-platform::{message.provider.type}::{resource.provider.name}"
            )
            message.provider.properties.CopyFrom(struct(resource.provider.inputs))


def struct(value: Mapping[str, Any]) -> Any:
    struct = struct_pb2.Struct()
    struct.update(_wire(value))
    return struct


def _wire(value: Any) -> Any:
    if isinstance(value, SecretValue):
        return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": _wire(value.value)}
    if isinstance(value, Mapping):
        return {key: _wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    json.dumps(value)  # nothing else travels, and NaN does
    return value
