"""Runs the rules of a pack when the engine asks over gRPC.

It is the SDK's own analyzer servicer with the calls replaced whose behaviour a platform's policies cannot live
with (measured on pulumi-policy 1.21): it decodes every resource once per rule, leaves the rest of a stack rule
undone at the first unknown value, aborts the whole preview on an error in one rule, cannot show an exempted finding
of a mandatory rule, hands secrets over unmarked, and takes a configuration for rules that do not exist.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import grpc  # type: ignore[import-untyped, unused-ignore]
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped, unused-ignore]
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties
from pulumi_policy.policy import Policy, _PolicyAnalyzerServicer
from pulumi_policy.proxy import unknown_checking_proxy

from policies.framework.configuration import problems, schema, settings_of
from policies.framework.report import Finding, Report
from policies.framework.resources import Properties, Resource, Stack
from policies.framework.rule import Rule
from policies.framework.values import CUT as _CUT

_SECRET_TEXT = "[secret]"  # noqa: S105  (what stands in a message in place of one)
_SECRET_MARK = SPECIAL_SECRET_SIG.encode()


class RulePolicy(ResourceValidationPolicy, StackValidationPolicy):
    """One rule as the SDK's metadata wants it: one name for both of its checks, so level and settings hold for both."""

    def __init__(self, rule: Rule, level: EnforcementLevel) -> None:
        # The two parents' constructors take different arguments; both only add callbacks, which the servicer ignores.
        Policy.__init__(
            self,
            name=rule.name,
            description=rule.description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(properties=schema(rule)),
            display_name=rule.title,
            severity=rule.severity,
            tags=list(rule.controls),
            remediation_steps=rule.remedy,
            url=rule.url,
        )
        self.rule = rule

    def validate(self, args: Any, report_violation: Any) -> Any:
        """Never called: `PackServicer` runs the rule itself.

        :raises NotImplementedError: the SDK's own servicer was put before it.
        """
        raise NotImplementedError("rules run in policies.framework.servicer.PackServicer only")

    def has_validation(self) -> bool:
        """Every rule judges."""
        return True

    def has_remediation(self) -> bool:
        """Whether the rule can also fix what it finds."""
        return self.rule.remediate is not None

    def remediate(self, args: Any) -> Any:
        """Called by the SDK at level `remediate`, with inputs that keep secrets secret and unknowns unknown."""
        if self.rule.remediate is None or args.resource_type not in self.rule.types:
            return None
        resource = Resource(type=args.resource_type, name=args.name, urn=args.urn, props=lambda: args.props)
        try:
            return args.props if self.rule.remediate(resource, args.props) else None
        except Exception:  # what could not be fixed is judged next, and reported there
            return None


class PackServicer(_PolicyAnalyzerServicer):
    """Serves one pack. The engine configures it once, then sends every resource, then the stack."""

    def __init__(self, name: str, version: str, policies: list[Policy], *args: Any) -> None:
        super().__init__(name, version, policies, *args)  # type: ignore[no-untyped-call, unused-ignore]
        self._name, self._version = name, version
        self._policies = [policy for policy in policies if isinstance(policy, RulePolicy)]
        self._remembered_types = frozenset(type_ for policy in self._policies for type_ in policy.rule.types)
        self._registered: dict[str, Resource] = {}
        self._registered_by_type: dict[str, dict[str, Resource]] = defaultdict(dict)
        self._hide = _Redaction()
        # The engine may ask for several resources at once, and the reports are shared.
        self._lock = threading.Lock()
        self._apply({})

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Takes levels and settings, and refuses a configuration with a name the pack does not have."""
        config = {name: json_format.MessageToDict(value.properties) for name, value in request.policyConfig.items()}
        found = problems(self._name, [policy.rule for policy in self._policies], config)
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "; ".join(found))
        self._apply(config)
        return super().Configure(request, context)  # type: ignore[no-untyped-call, unused-ignore]

    def Analyze(self, request: Any, _context: object) -> Any:  # noqa: N802
        """One resource at its registration, with its checked inputs."""
        response = proto.AnalyzeResponse()
        if request.type not in self._remembered_types:
            return response
        with self._lock:
            resource = _resource(request)
            again = resource.urn in self._registered
            self._registered[resource.urn] = resource
            self._registered_by_type[resource.type][resource.urn] = resource
            self._hide.learn(request.properties)
            for policy, report in self._active():
                if policy.rule.check is None or request.type not in policy.rule.types:
                    continue
                if again:  # it looks through all that was said
                    report.forget(resource.urn)
                with report.guard(resource):
                    policy.rule.check(resource, report)
                self._answer(response, policy, report.take())
        return response

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
        """One resource before its check. The SDK decodes it whole even where no rule is to remediate, as usual."""
        for policy in self._policies:
            if self._get_enforcement_level(policy) is EnforcementLevel.REMEDIATE:
                return super().Remediate(request, context)  # type: ignore[no-untyped-call, unused-ignore]
        return proto.RemediateResponse()

    def AnalyzeStack(self, request: Any, _context: object) -> Any:  # noqa: N802
        """The whole stack, with its outputs, at the end of a successful preview or update."""
        response = proto.AnalyzeResponse()
        with self._lock:
            stack = Stack(self._stack_resources(request.resources))
            for found in request.resources:
                if found.type in self._remembered_types:
                    self._hide.learn(found.properties)
            for policy, report in self._active():
                if policy.rule.check_stack is not None:
                    whole = Resource(type="the stack", name="stack", urn="", props=dict)
                    with report.guard(whole):
                        policy.rule.check_stack(stack, report)
                self._answer(response, policy, [*report.take(), *_stale_exemptions(report)])
        return response

    def _apply(self, config: Mapping[str, Mapping[str, Any]]) -> None:
        self._reports: dict[str, Report] = {}
        for policy in self._policies:
            given = settings_of(policy.rule, config.get(policy.name, {}))
            self._reports[policy.name] = Report(
                remedy=policy.rule.remedy,
                settings=given.settings,
                exemptions=given.exemptions,
                undecided_fails=given.undecided_fails,
                seen=self._seen,
            )

    def _active(self) -> Iterator[tuple[RulePolicy, Report]]:
        for policy in self._policies:
            if self._get_enforcement_level(policy) is not EnforcementLevel.DISABLED:
                yield policy, self._reports[policy.name]

    def _seen(self, *types: str) -> Iterator[Resource]:
        return (resource for type_ in types for resource in tuple(self._registered_by_type[type_].values()))

    def _stack_resources(self, messages: Iterable[Any]) -> Iterator[Resource]:
        for message in messages:
            registered = self._registered.get(message.urn)
            inputs = registered.props if registered is not None and registered.type == message.type else None
            yield _resource(message, inputs)

    def _answer(self, response: Any, policy: RulePolicy, findings: list[Finding]) -> None:
        if not findings:
            return
        level = self._get_enforcement_level(policy)
        if level is EnforcementLevel.REMEDIATE:  # what a remediation left over counts as mandatory
            level = EnforcementLevel.MANDATORY
        for finding in findings:
            shown_level = EnforcementLevel.ADVISORY if finding.advisory else level
            response.diagnostics.append(
                proto.AnalyzeDiagnostic(
                    policyName=policy.name,
                    policyPackName=self._name,
                    policyPackVersion=self._version,
                    message=f"{policy.description}\n{self._hide(finding.message)}",
                    urn=finding.urn,
                    description=policy.description,
                    enforcementLevel=self._map_enforcement_level(shown_level),
                    severity=self._map_severity(policy.severity),
                )
            )


def _resource(message: Any, inputs: Properties | None = None) -> Resource:
    provider = message.provider.properties if message.HasField("provider") else None
    dependencies: Sequence[str] = getattr(message, "dependencies", ())
    behind = getattr(message, "propertyDependencies", {})
    return Resource(
        type=message.type,
        name=message.name or message.urn.rpartition("::")[2],
        urn=message.urn,
        props=lambda: _decode(message.properties),
        inputs=inputs,
        provider=None if provider is None else lambda: _decode(provider),
        parent=getattr(message, "parent", "") or message.options.parent or None,
        dependencies=dependencies,
        property_dependencies={key: tuple(value.urns) for key, value in behind.items()},
    )


def _decode(properties: struct_pb2.Struct) -> Properties:
    decoded = deserialize_properties(json_format.MessageToDict(properties))
    return cast("Properties", unknown_checking_proxy(decoded))


def _stale_exemptions(report: Report) -> list[Finding]:
    unused = [exemption for exemption in report.exemptions if exemption not in report.used]
    return [
        Finding(
            urn="",
            id="Exemption::unused",
            message=f"The exemption {exemption} {'has expired and ' * exemption.expired}matches no finding: remove it.",
            advisory=True,
        )
        for exemption in unused
    ]


class _Redaction:
    """Replaces the secrets of the stack in messages: one about an attachment may quote the policy that it attaches."""

    def __init__(self) -> None:
        self._new: list[struct_pb2.Struct] = []
        self._known: list[str] = []

    def learn(self, properties: struct_pb2.Struct) -> None:
        """Have the secrets of a resource replaced from now on. They are looked for once there is a message."""
        if _SECRET_MARK in properties.SerializeToString():
            self._new.append(properties)

    def __call__(self, message: str) -> str:
        for secret in self._secrets():
            message = message.replace(secret, _SECRET_TEXT)
        if _CUT in message:
            for secret in self._secrets():
                message = _without_beginning_of(secret, message)
        return message

    def _secrets(self) -> list[str]:
        if self._new:
            found = {text for value in self._new for text in _secret_texts(json_format.MessageToDict(value), False)}
            # As `shown` writes them in a list or an object.
            found |= {json.dumps(text)[1:-1] for text in found}
            self._known = sorted(found.union(self._known), key=len, reverse=True)
            self._new.clear()
        return self._known


def _without_beginning_of(secret: str, message: str) -> str:
    """`shown` shortens long values, and what is left of a secret is as secret."""
    before, *others = message.split(_CUT)
    for other in others:
        kept = next((n for n in range(min(len(secret) - 1, len(before)), 3, -1) if before.endswith(secret[:n])), 0)
        before = f"{before[:-kept]}{_SECRET_TEXT}" if kept else before
        before = f"{before}{_CUT}{other}"
    return before


def _secret_texts(value: Any, secret: bool) -> Iterator[str]:
    """The texts inside secrets; a short one is no secret worth breaking every message for."""
    if isinstance(value, dict):
        if value.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG:
            yield from _secret_texts(value.get("value"), True)
            return
        for item in value.values():
            yield from _secret_texts(item, secret)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_texts(item, secret)
    elif secret and isinstance(value, int | float) and abs(value) >= 1000:
        yield str(int(value) if value == int(value) else value)
    elif secret and isinstance(value, str) and len(value) >= 4:
        yield value
        if value[0] in "[{":  # a secret document: its parts are as secret as the whole
            try:
                yield from _secret_texts(json.loads(value), True)
            except (json.JSONDecodeError, RecursionError):
                return
