"""Runs the rules of a pack when the engine asks over gRPC.

It is the SDK's own analyzer servicer with the calls replaced whose behaviour a platform's policies cannot live
with (measured on pulumi-policy 1.21): it decodes every resource once per rule, leaves the rest of a stack rule
undone at the first unknown value, aborts the whole preview on an error in one rule, cannot show an exempted finding
of a mandatory rule, hands secrets over unmarked, and takes a configuration for rules that do not exist.
"""

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import grpc  # type: ignore[import-untyped, unused-ignore]
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.policy import Policy, _PolicyAnalyzerServicer

from policies.framework.configuration import problems, schema, settings_of
from policies.framework.properties import plain_struct
from policies.framework.received import exists, has_inputs, resources_in
from policies.framework.report import Finding, Report
from policies.framework.resources import Reading, Resource, Stack
from policies.framework.rule import Rule
from policies.framework.secrets import Secrets
from policies.framework.translation import remediated
from policies.framework.types import natives_of, not_translated, types_of

_MOST_UNREADABLE = 10
"""How often a stack check is begun again without a resource that ended it."""


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
        resource = Resource(type=args.resource_type, name=args.name, urn=args.urn, props=lambda: args.props)
        if self.rule.remediate is None or resource.type not in self.rule.types:
            return None
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
        self._checking: dict[str, list[RulePolicy]] = defaultdict(list)
        for policy in self._policies:
            for type_ in policy.rule.types if policy.rule.check is not None else ():
                self._checking[type_].append(policy)
        self._registered: dict[str, list[Resource]] = {}
        self._registered_by_type: dict[str, dict[tuple[str, str], Resource]] = defaultdict(dict)
        self._reading = Reading()
        self._secrets = Secrets()
        self._deploys = False
        self._put_off: list[str] = []
        # The engine may ask for several resources at once, and the reports are shared.
        self._lock = threading.Lock()
        self._apply({})

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Takes levels and settings, and refuses a configuration with a name the pack does not have."""
        config = {name: plain_struct(value.properties) for name, value in request.policyConfig.items()}
        found = problems(self._name, [policy.rule for policy in self._policies], config)
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "; ".join(found))
        answer = super().Configure(request, context)  # type: ignore[no-untyped-call, unused-ignore]
        self._apply(config)
        return answer

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Called in a preview or an update, and not by `pulumi policy analyze`."""
        self._deploys = True
        return super().ConfigureStack(request, context)  # type: ignore[no-untyped-call, unused-ignore]

    def Analyze(self, request: Any, _context: object) -> Any:  # noqa: N802
        """One resource at its registration, with its checked inputs."""
        response = proto.AnalyzeResponse()
        if self._remembered_types.isdisjoint(types_of(request.type)):
            return response
        with self._lock:
            resources = self._registered[request.urn] = list(resources_in(request, self._reading))
            for resource in resources:
                self._registered_by_type[resource.type][resource.urn, resource.name] = resource
            self._learn(request)
            if not self._deploys and not has_inputs(request):
                self._put_off.append(request.urn)
                return response
            self._judge(resources, response)
        return response

    def _judge(self, resources: Sequence[Resource], response: Any) -> None:
        """Judge what was one registration."""
        reading = {id(policy): policy for resource in resources for policy in self._checking.get(resource.type, ())}
        for policy in reading.values():
            if self._get_enforcement_level(policy) is EnforcementLevel.DISABLED:
                continue
            report, check = self._reports[policy.name], policy.rule.check
            report.forget(resources[0].urn)
            for resource in resources:
                if check is not None and resource.type in policy.rule.types:
                    with report.guard(resource):
                        check(resource, report)
            self._answer(response, policy, report.take())

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
        """One resource before its check. The SDK decodes it whole even where no rule is to remediate, as usual."""
        remediate = super().Remediate
        if self._remediates and (self._deploys or has_inputs(request)):
            with contextlib.suppress(Exception):  # what could not be fixed is judged next, and reported there
                return remediated(natives_of(request.type), request, lambda asked: remediate(asked, context))  # type: ignore[no-untyped-call, unused-ignore]
        return proto.RemediateResponse()

    def AnalyzeStack(self, request: Any, _context: object) -> Any:  # noqa: N802
        """The whole stack, with its outputs, at the end of a successful preview or update."""
        response = proto.AnalyzeResponse()
        with self._lock:
            resources = list(self._stack_resources(request.resources))
            stack = Stack(resources)
            read = {resource.urn for resource in resources if resource.read}
            for urn in self._put_off:
                if urn not in read:
                    self._judge(self._registered[urn], response)
            self._put_off.clear()
            for found in request.resources:
                if not self._remembered_types.isdisjoint(types_of(found.type)):
                    self._learn(found)
            self._secrets.gather(found for found in resources if found.type in self._remembered_types)
            for policy, report in self._active():
                if self._check_stack(policy.rule, resources, stack, report):
                    self._answer(response, policy, [*report.take(), *_stale_exemptions(report)])
                else:
                    self._answer(response, policy, report.take())
            self._say_what_is_not_judged(response, Counter(found.type for found in request.resources))
        return response

    def _check_stack(self, rule: Rule, resources: Sequence[Resource], stack: Stack, report: Report) -> bool:
        """Run a rule's stack check; whether it has judged every resource.

        A resource that ends it is reported, and the others are judged with everything of that one unknown.
        """
        if rule.check_stack is None:
            return True
        report.unreadable.clear()
        blamed: list[tuple[Resource, Exception]] = []
        while True:
            self._reading.last = None
            try:
                rule.check_stack(stack, report)
            except Exception as error:  # an error here must not take the other verdicts with it
                culprit = self._reading.last
                if culprit is None or culprit.urn in report.unreadable or len(blamed) == _MOST_UNREADABLE:
                    # If the last one is unknown and the error is the same, another thing is wrong.
                    for resource, why in blamed[:-1]:
                        report.caught(resource, why)
                    report.unfinished(error)
                    return False
                blamed.append((culprit, error))
                report.unreadable.add(culprit.urn)
                stack = Stack(found.unreadable() if found.urn in report.unreadable else found for found in resources)
            else:
                report.unreadable.clear()
                for resource, why in blamed:
                    report.caught(resource, why)
                return not blamed

    def _say_what_is_not_judged(self, response: Any, types: Mapping[str, int]) -> None:
        for type_, number in sorted(types.items()):
            known = not_translated(type_, self._remembered_types)
            policy = next((policy for policy, _ in self._active() if known in policy.rule.types), None)
            if known is None or policy is None:
                continue
            message = (
                f"{type_} is not judged ({number} in the stack): no rule knows its properties. Fix: make it with "
                f"pulumi-aws ({known}), or check it yourself."
            )
            self._answer(response, policy, [Finding(urn="", id=f"NotJudged::{type_}", message=message, advisory=True)])

    def _learn(self, message: Any) -> None:
        self._secrets.learn(message.urn, message.name, message.properties)
        if message.HasField("provider"):
            self._secrets.learn(message.provider.urn, message.provider.name, message.provider.properties)

    def _apply(self, config: Mapping[str, Mapping[str, Any]]) -> None:
        levels = {self._get_enforcement_level(policy) for policy in self._policies}
        self._remediates = EnforcementLevel.REMEDIATE in levels
        self._reports: dict[str, Report] = {}
        for policy in self._policies:
            given = settings_of(policy.rule, config.get(policy.name, {}))
            self._reports[policy.name] = Report(
                remedy=policy.rule.remedy,
                settings=given.settings,
                secrets=self._secrets,
                exemptions=given.exemptions,
                undecided_fails=given.undecided_fails,
                seen=self._seen,
            )

    def _active(self) -> Iterator[tuple[RulePolicy, Report]]:
        for policy in self._policies:
            if self._get_enforcement_level(policy) is not EnforcementLevel.DISABLED:
                yield policy, self._reports[policy.name]

    def _seen(self, *types: str) -> Iterator[Resource]:
        return (resource for type_ in types for resource in self._registered_by_type[type_].values())

    def _stack_resources(self, messages: Iterable[Any]) -> Iterator[Resource]:
        put_off = set(self._put_off)
        for message in messages:
            registered = self._registered.get(message.urn, [])
            known = [found for found in registered if found.written_type == message.type]
            read = message.urn in put_off and exists(message)
            yield from resources_in(message, self._reading, [] if read else known, read=read)

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
                    message=f"{policy.description}\n{finding.message}",
                    urn=finding.urn,
                    description=policy.description,
                    enforcementLevel=self._map_enforcement_level(shown_level),
                    severity=self._map_severity(policy.severity),
                )
            )


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
