"""Application Auto Scaling."""

import re
import uuid
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from components.jobs import schedules

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Refused, is_known
from ..place import hex_digits
from ..times import is_no_time_zone
from . import dynamodb, ecs
from .cloudwatch import query_faults

_ROLES: Final = {"ecs": "ECSService", "dynamodb": "DynamoDBTable"}
_TARGET: Final = "aws:appautoscaling/target:Target"
_POLICY: Final = "aws:appautoscaling/policy:Policy"
_FORWARDING: Final = ("aws:lb/listenerRule:ListenerRule", "aws:lb/listener:Listener")
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

_LABEL: Final = re.compile(r"app/[^/]+/[0-9a-f]+/(targetgroup/[^/]+/[0-9a-f]+)")
_MOST_STEPS: Final = 20
_TRACKING, _STEPS = "targetTrackingScalingPolicyConfiguration", "stepScalingPolicyConfiguration"
_REQUESTS: Final = "ALBRequestCountPerTarget"


class Target(Behaviour):
    """What is scaled, an ECS service, or a table or index of DynamoDB.

    What schedules and policies change of it is in the account's memory.
    """

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the limits."""
        least, greatest = inputs.get("minCapacity"), inputs.get("maxCapacity")
        if _is_below(least, 0):
            yield "minCapacity", "ValidationException: Minimum capacity must not be negative"
        if inputs.get("serviceNamespace") == "dynamodb" and _is_below(least, 1):
            yield "minCapacity", "ValidationException: Minimum capacity must be 1 or more for DynamoDB"
        if _is_below(greatest, least):
            yield "minCapacity", "ValidationException: Maximum capacity cannot be less than minimum capacity"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Register it, with the service's own role."""
        resource, namespace = inputs["resourceId"], inputs["serviceNamespace"]
        if namespace == "dynamodb" and not dynamodb.has(resource, account):
            raise Refused(f"ValidationException: DynamoDB table or index does not exist: {resource}")
        if namespace == "ecs" and not _services(resource, account):
            raise Refused(f"ValidationException: ECS service doesn't exist: {resource}")
        _register(inputs, account)
        role = (
            f"role/aws-service-role/{namespace}.application-autoscaling.amazonaws.com/"
            f"AWSServiceRoleForApplicationAutoScaling_{_ROLES[namespace]}"
        )
        return resource, {
            "arn": account.place.arn("application-autoscaling", f"scalable-target/{hex_digits(24)}"),
            "roleArn": account.place.arn("iam", role, regional=False),
        }

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Register it again: whatever changes, the limits are set too."""
        _register(news, account)
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Take the limits away; the number of tasks stays."""
        for service in _services(id_, account):
            number = ecs.count(service, account)
            account.memory.set_scaled(id_, desiredCount=None if number == service.get("desiredCount") else number)
        account.memory.set_scaled(id_, minCapacity=None, maxCapacity=None)

    def drift(self, id_: str, account: Account) -> Properties:
        """Return the limits that a scheduled action has set."""
        limits = ("minCapacity", "maxCapacity")
        return {key: value for key, value in account.memory.scaled(id_).items() if key in limits}


def _services(resource: str, account: Account) -> list[Properties]:
    return [one for one in account.of(ecs.SERVICE) if ecs.scaled_as(one) == resource]


def _register(target: Properties, account: Account) -> None:
    """Set limits, and bring the number of tasks within them (RegisterScalableTarget)."""
    id_, greatest = target["resourceId"], int(target["maxCapacity"])
    account.memory.set_scaled(id_, minCapacity=None, maxCapacity=None)
    for service in _services(id_, account):
        number = ecs.count(service, account)
        if number > greatest:
            account.memory.set_scaled(id_, desiredCount=greatest)
        elif "desiredCount" in account.memory.scaled(id_):
            account.memory.set_scaled(id_, desiredCount=max(number, int(target["minCapacity"])))


def _is_below(one: Any, other: Any) -> bool:
    return isinstance(one, int | float) and isinstance(other, int | float) and one < other


class Policy(Behaviour):
    """How it is scaled (PutScalingPolicy, Application Auto Scaling API)."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what PutScalingPolicy refuses."""
        kind = inputs.get("policyType", "StepScaling")
        name = {"TargetTrackingScaling": _TRACKING, "StepScaling": _STEPS}.get(kind)
        if name is None:
            return
        configuration = inputs.get(name)
        if isinstance(configuration, dict):
            faults = _tracking_faults if name == _TRACKING else _step_faults
            at = name if name == _TRACKING else f"{name}.stepAdjustments"
            yield from ((at, reason) for reason in faults(configuration))
        elif configuration != UNKNOWN:
            yield name, f"ValidationException: the configuration of a {kind} policy is missing"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the policy's ARN, which has its target in it."""
        _require_target(inputs, account)
        self._check(None, inputs, account)
        target = f"resource/{inputs['serviceNamespace']}/{inputs['resourceId']}:policyName/{inputs['name']}"
        arn = account.place.arn("autoscaling", f"scalingPolicy:{uuid.uuid4()}:{target}")
        return inputs["name"], {"arn": arn, "alarmArns": []}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Check it against the others again."""
        self._check(id_, news, account)
        return news

    @staticmethod
    def _check(id_: str | None, inputs: Properties, account: Account) -> None:
        specification = _specification(inputs)
        for other in account.of(_POLICY):
            same = other["resourceId"] == inputs["resourceId"] and other["id"] != id_
            if same and specification and _specification(other) == specification:
                raise Refused(
                    "ValidationException: Only one TargetTrackingScaling policy for a given metric specification is "
                    "allowed."
                )
        if label := _LABEL.fullmatch(str((specification or {}).get("resourceLabel", ""))):
            arns = [one["arn"] for one in account.of(_TARGET_GROUP) if one["arnSuffix"] == label[1]]
            if not (arns and any(arns[0] in str(one) for token in _FORWARDING for one in account.of(token))):
                raise Refused(
                    f"ValidationException: The target group {label[1]} is not associated with the load balancer of the "
                    "resource label"
                )


def _require_target(inputs: Properties, account: Account) -> None:
    wanted = (inputs["resourceId"], inputs["scalableDimension"])
    if wanted not in [(one["resourceId"], one["scalableDimension"]) for one in account.of(_TARGET)]:
        raise Refused(
            "ObjectNotFoundException: No scalable target registered for service namespace: "
            f"{inputs['serviceNamespace']}, resource ID: {inputs['resourceId']}, scalable dimension: "
            f"{inputs['scalableDimension']}"
        )


def _specification(policy: Properties) -> dict[str, Any] | None:
    """Return what a target tracking policy looks at; none of others."""
    tracking = policy.get(_TRACKING) or {}
    found: dict[str, Any] | None = tracking.get("predefinedMetricSpecification") or tracking.get(
        "customizedMetricSpecification"
    )
    return found


def _tracking_faults(tracking: dict[str, Any]) -> Iterator[str]:
    predefined, own = tracking.get("predefinedMetricSpecification"), tracking.get("customizedMetricSpecification")
    if bool(predefined) == bool(own):
        yield "ValidationException: Exactly one of predefined or customized metric must be specified"
    target = tracking.get("targetValue")
    if isinstance(target, int | float) and target <= 0:
        yield f"ValidationException: targetValue must be positive and is {target:g}"
    if any(_is_below(tracking.get(key), 0) for key in ("scaleInCooldown", "scaleOutCooldown")):
        yield "ValidationException: Cooldown must not be negative"
    if isinstance(predefined, dict):
        kind, label = predefined.get("predefinedMetricType"), predefined.get("resourceLabel")
        if kind == _REQUESTS and label != UNKNOWN and not _LABEL.fullmatch(str(label)):
            yield "ValidationException: Resource label must be app/<name>/<id>/targetgroup/<name>/<id>"
        if kind != _REQUESTS and label:
            yield f"ValidationException: A resource label is not supported for {kind}"
    if isinstance(own, dict):
        yield from _customized_faults(own)


def _customized_faults(own: dict[str, Any]) -> Iterator[str]:
    metrics = own.get("metrics")
    if not metrics:
        missing = [key for key in ("metricName", "namespace", "statistic") if not own.get(key)]
        if missing:
            yield f"ValidationException: {', '.join(missing)} must be specified"
        return
    if not isinstance(metrics, list):
        return
    if any(own.get(key) for key in ("metricName", "namespace", "statistic", "unit", "dimensions")):
        yield "ValidationException: Metrics cannot be combined with a single metric"
    yield from query_faults(metrics, "metricStat")


def _step_faults(policy: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with steps ("Step scaling policies", Application Auto Scaling User Guide)."""
    kind, steps = policy.get("adjustmentType"), policy.get("stepAdjustments")
    if not kind:
        yield "ValidationException: AdjustmentType must be specified"
    if _is_below(policy.get("cooldown"), 0):
        yield "ValidationException: Cooldown must not be negative"
    if policy.get("minAdjustmentMagnitude") and kind != "PercentChangeInCapacity":
        yield "ValidationException: MinAdjustmentMagnitude is only supported for PercentChangeInCapacity"
    if not isinstance(steps, list) or not is_known(steps):
        return
    if not 0 < len(steps) <= _MOST_STEPS:
        yield f"ValidationException: there must be 1 to {_MOST_STEPS} step adjustments, not {len(steps)}"
        return
    if kind == "ExactCapacity" and any(_is_below(one["scalingAdjustment"], 0) for one in steps):
        yield "ValidationException: ScalingAdjustment must not be negative for ExactCapacity"
    yield from _interval_faults(
        sorted(
            (
                _bound(one.get("metricIntervalLowerBound"), float("-inf")),
                _bound(one.get("metricIntervalUpperBound"), float("inf")),
            )
            for one in steps
        )
    )


def _bound(value: object, without: float) -> float:
    return without if value in (None, "") else float(str(value))


def _interval_faults(intervals: list[tuple[float, float]]) -> Iterator[str]:
    if any(interval == (float("-inf"), float("inf")) for interval in intervals):
        yield "ValidationException: The upper and lower bound cannot both be null in one step adjustment"
    if any(lower >= upper for lower, upper in intervals):
        yield "ValidationException: The upper bound must be greater than the lower bound"
    for (_, upper), (lower, _) in pairwise(intervals):
        if lower != upper:
            what = "a gap" if lower > upper else "an overlap"
            yield f"ValidationException: StepAdjustment intervals have {what} between {upper:g} and {lower:g}"
    if float("-inf") < intervals[0][0] < 0:
        yield "ValidationException: A negative lower bound needs a step adjustment without one"
    if float("inf") > intervals[-1][1] > 0:
        yield "ValidationException: A positive upper bound needs a step adjustment without one"


class ScheduledAction(Behaviour):
    """When its limits change."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what PutScheduledAction refuses."""
        schedule, zone, action = (inputs.get(key) for key in ("schedule", "timezone", "scalableTargetAction"))
        if isinstance(schedule, str) and schedule != UNKNOWN and (reason := schedules.problem(schedule)):
            yield "schedule", f"ValidationException: {reason}"
        if is_no_time_zone(zone):
            yield "timezone", f"ValidationException: Invalid timezone: {zone}"
        if isinstance(action, dict):
            least, greatest = action.get("minCapacity"), action.get("maxCapacity")
            if least is None and greatest is None:
                reason = "At least one of minimum capacity and maximum capacity should be provided"
                yield "scalableTargetAction", f"ValidationException: {reason}"
            if _is_below(greatest, least):
                reason = "Maximum capacity cannot be less than minimum capacity"
                yield "scalableTargetAction", f"ValidationException: {reason}"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the action's ARN, which has its target in it."""
        _require_target(inputs, account)
        target = f"resource/{inputs['serviceNamespace']}/{inputs['resourceId']}:scheduledActionName/{inputs['name']}"
        arn = account.place.arn("autoscaling", f"scheduledAction:{uuid.uuid4()}:{target}")
        return f"{inputs['name']}-{inputs['serviceNamespace']}-{inputs['resourceId']}", {"arn": arn}
