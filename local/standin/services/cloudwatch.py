"""Amazon CloudWatch, its logs and EventBridge."""

from collections.abc import Iterator
from typing import ClassVar, Final

from ..account import Properties
from ..behaviour import Behaviour, Fault, Named
from ..documents import json_object


class LogGroup(Named):
    """A log group."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: The log group {name} already exists"}
    arn = "logs:log-group:{name}"


_MISSING: Final = ("breaching", "ignore", "missing", "notBreaching")
_OF_ONE_METRIC: Final = ("namespace", "period", "comparisonOperator", "evaluationPeriods")


class MetricAlarm(Named):
    """An alarm (PutMetricAlarm, CloudWatch API)."""

    arn = "cloudwatch:alarm:{name}"

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what an alarm on one metric needs, and its times."""
        period = inputs.get("period")
        if inputs.get("metricName"):
            yield from ((name, "is required for a metric") for name in _OF_ONE_METRIC if inputs.get(name) is None)
            if (inputs.get("statistic") is None) is (inputs.get("extendedStatistic") is None):
                yield "statistic", "exactly one of statistic and extendedStatistic is required for a metric"
        elif not inputs.get("metricQueries"):
            yield "metricName", "one of metricName and metricQueries is required"
        if isinstance(period, int | float) and period not in (10, 20, 30) and (period < 60 or period % 60):
            yield "period", f"must be 10, 20, 30 or a multiple of 60 and is {period:g}"
        if (missing := inputs.get("treatMissingData")) not in (None, *_MISSING):
            yield "treatMissingData", f"must be one of {', '.join(_MISSING)} and is {missing!r}"
        if len(inputs.get("alarmActions") or ()) > 5:
            yield "alarmActions", "can have at most 5 items"


class EventRule(Named):
    """A rule of EventBridge."""

    arn = "events:rule/{name}"


class Dashboard(Behaviour):
    """A dashboard."""

    documents: ClassVar = {"dashboardBody": json_object}
