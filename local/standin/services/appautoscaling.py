"""Application Auto Scaling."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Refused
from ..place import hex_digits
from .cloudwatch import query_faults

_ROLE: Final = (
    "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
)


_TARGET: Final = "aws:appautoscaling/target:Target"
_MOST_STEPS: Final = 20
"""Steps of a policy ("Quotas for Application Auto Scaling")."""


class Target(Behaviour):
    """What is scaled."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the limits of its number."""
        least, most = inputs.get("minCapacity"), inputs.get("maxCapacity")
        if isinstance(least, int | float) and isinstance(most, int | float) and not 0 <= least <= most:
            yield "minCapacity", f"must be from 0 to maxCapacity, {most:g}, and is {least:g}"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Register it, with the service's own role."""
        return inputs["resourceId"], {
            "arn": account.place.arn("application-autoscaling", f"scalable-target/{hex_digits(24)}"),
            "roleArn": account.place.arn("iam", _ROLE, regional=False),
        }


_CONFIGURATIONS: Final = {
    "TargetTrackingScaling": "targetTrackingScalingPolicyConfiguration",
    "StepScaling": "stepScalingPolicyConfiguration",
}


class Policy(Behaviour):
    """How it is scaled (PutScalingPolicy, Application Auto Scaling API)."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check that the configuration is of the policy's type, with metrics or steps that fit together."""
        kind = inputs.get("policyType", "StepScaling")
        if (name := _CONFIGURATIONS.get(kind)) is None:
            return
        configuration = inputs.get(name)
        if not isinstance(configuration, dict):
            yield name, f"is required for {kind}"
        elif kind == "StepScaling":
            yield from ((f"{name}.stepAdjustments", reason) for reason in _step_faults(configuration))
        else:
            yield from ((name, reason) for reason in _tracking_faults(configuration))

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the policy's ARN, which has its target in it. The target must be registered."""
        if not any(one["resourceId"] == inputs["resourceId"] for one in account.of(_TARGET)):
            raise Refused(
                "ObjectNotFoundException: No scalable target registered for service namespace: "
                f"{inputs['serviceNamespace']}, resource ID: {inputs['resourceId']}, scalable dimension: "
                f"{inputs['scalableDimension']}"
            )
        target = f"resource/{inputs['serviceNamespace']}/{inputs['resourceId']}:policyName/{inputs['name']}"
        arn = account.place.arn("autoscaling", f"scalingPolicy:{uuid.uuid4()}:{target}")
        return inputs["name"], {"arn": arn, "alarmArns": []}


def _tracking_faults(configuration: Properties) -> Iterator[str]:
    specifications = [
        configuration[name]
        for name in ("customizedMetricSpecification", "predefinedMetricSpecification")
        if configuration.get(name)
    ]
    if len(specifications) != 1:
        yield "needs one metric: a customized or a predefined one"
    target = configuration.get("targetValue")
    if isinstance(target, int | float) and target <= 0:
        yield f"targetValue must be positive and is {target:g}"
    for specification in specifications:
        if isinstance(specification, dict) and (metrics := specification.get("metrics")):
            yield from query_faults(metrics, "metricStat")


def _step_faults(configuration: Properties) -> Iterator[str]:
    steps = configuration.get("stepAdjustments") or []
    if not steps:
        yield "needs at least one"
    if len(steps) > _MOST_STEPS:
        yield f"can have at most {_MOST_STEPS} items"
    if any(UNKNOWN in str(step) for step in steps):
        return
    if configuration.get("adjustmentType") == "ExactCapacity" and any(
        int(one["scalingAdjustment"]) < 0 for one in steps
    ):
        yield "scalingAdjustment of ExactCapacity cannot be negative"
    yield from _interval_faults(sorted(_bounds(step) for step in steps))


def _bounds(step: Any) -> tuple[float, float]:
    lower, upper = step.get("metricIntervalLowerBound"), step.get("metricIntervalUpperBound")
    return float("-inf" if lower in (None, "") else lower), float("inf" if upper in (None, "") else upper)


def _interval_faults(intervals: Sequence[tuple[float, float]]) -> Iterator[str]:
    if any(lower >= upper for lower, upper in intervals):
        yield "each upper bound must be above its lower bound"
    for (_, end), (start, _) in itertools.pairwise(intervals):
        if end > start:
            yield "intervals can't overlap"
        elif end < start:
            yield "there can't be a gap between the intervals"
