"""Amazon CloudWatch, its logs and EventBridge."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from ..account import Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Named
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
        else:
            yield from (("metricQueries", reason) for reason in query_faults(inputs["metricQueries"], "metric"))
        out_of, needed = inputs.get("evaluationPeriods"), inputs.get("datapointsToAlarm")
        if isinstance(out_of, int | float) and isinstance(needed, int | float) and needed > out_of:
            yield "datapointsToAlarm", f"can be at most evaluationPeriods, {out_of:g}, and is {needed:g}"
        if isinstance(period, int | float) and period not in (10, 20, 30) and (period < 60 or period % 60):
            yield "period", f"must be 10, 20, 30 or a multiple of 60 and is {period:g}"
        if (missing := inputs.get("treatMissingData")) not in (None, *_MISSING):
            yield "treatMissingData", f"must be one of {', '.join(_MISSING)} and is {missing!r}"
        if len(inputs.get("alarmActions") or ()) > 5:
            yield "alarmActions", "can have at most 5 items"


_ID: Final = re.compile("[a-z][a-zA-Z0-9_]*")


def query_faults(queries: Sequence[Any], statistic: str) -> Iterator[str]:
    """Check metrics and the expressions on them, of which one is the result (MetricDataQuery).

    Args:
        queries: the metrics.
        statistic: key of what a query that is no expression measures.
    """
    if any(not isinstance(one, dict) for one in queries):
        return  # not known yet
    ids = [str(one.get("id")) for one in queries]
    if len(set(ids)) < len(ids):
        yield "each id must be there once"
    for id_ in ids:
        if not _ID.fullmatch(id_) and id_ != UNKNOWN:
            yield f"the id {id_} must begin with a lower-case letter, and have letters, digits and _ only"
    returned = sum(bool(one.get("returnData", statistic == "metricStat")) for one in queries)
    if returned != 1:
        yield f"exactly one metric can have returnData: true, and {returned} have"
    for one in queries:
        if bool(one.get("expression")) is bool(one.get(statistic)):
            yield f"{one.get('id')} needs either an expression or {statistic}"
        used = set(re.findall(r"\b[a-z][a-zA-Z0-9_]*", re.sub(r"'[^']*'", "", str(one.get("expression") or ""))))
        if unknown := sorted(used - set(ids)):
            yield f"{one.get('id')} uses {', '.join(unknown)}, which no metric has as its id"


class EventRule(Named):
    """A rule of EventBridge."""

    arn = "events:rule/{name}"


class Dashboard(Behaviour):
    """A dashboard."""

    documents: ClassVar = {"dashboardBody": json_object}
