"""Metrics of CloudWatch that a service is scaled on: one metric, or an expression of several."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, TypedDict


class Statistic(str, Enum):
    """What is made of a metric's values within a period (CloudWatch API, Statistic)."""

    AVERAGE = "Average"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    SUM = "Sum"
    SAMPLE_COUNT = "SampleCount"


class Unit(str, Enum):
    """What a metric's values count (CloudWatch API, StandardUnit)."""

    SECONDS = "Seconds"
    MICROSECONDS = "Microseconds"
    MILLISECONDS = "Milliseconds"
    BYTES = "Bytes"
    KILOBYTES = "Kilobytes"
    MEGABYTES = "Megabytes"
    GIGABYTES = "Gigabytes"
    TERABYTES = "Terabytes"
    BITS = "Bits"
    KILOBITS = "Kilobits"
    MEGABITS = "Megabits"
    GIGABITS = "Gigabits"
    TERABITS = "Terabits"
    PERCENT = "Percent"
    COUNT = "Count"
    BYTES_PER_SECOND = "Bytes/Second"
    KILOBYTES_PER_SECOND = "Kilobytes/Second"
    MEGABYTES_PER_SECOND = "Megabytes/Second"
    GIGABYTES_PER_SECOND = "Gigabytes/Second"
    TERABYTES_PER_SECOND = "Terabytes/Second"
    BITS_PER_SECOND = "Bits/Second"
    KILOBITS_PER_SECOND = "Kilobits/Second"
    MEGABITS_PER_SECOND = "Megabits/Second"
    GIGABITS_PER_SECOND = "Gigabits/Second"
    TERABITS_PER_SECOND = "Terabits/Second"
    COUNT_PER_SECOND = "Count/Second"
    NONE = "None"


class MetricChoices(TypedDict, total=False):
    """What a person chooses of a metric, beyond its name."""

    dimensions: dict[str, str]
    """Dimensions of the metric, name to value, all that it is published with. Defaults to this service's own for
    `AWS/ECS`, `ECS/ContainerInsights` and `AWS/ApplicationELB`, and to none for any other namespace."""
    statistic: Statistic
    """What is made of its values within a period: Average, Minimum, Maximum, Sum or SampleCount. Defaults to
    Average."""
    unit: Unit
    """Unit that its values are published with, such as Count. Defaults to any; needed only where the metric has
    several."""


class MetricArgs(MetricChoices):
    """A metric in CloudWatch."""

    namespace: str
    """Its namespace, such as `AWS/ECS` or one of your own."""
    metric_name: str
    """Its name."""


class MetricSourceChoices(MetricChoices, total=False):
    """One metric, or an expression of several. Needs `namespace` and `metric_name`, or `expression` and `metrics`."""

    namespace: str
    """Namespace of the metric, such as `AWS/ECS` or one of your own."""
    metric_name: str
    """Name of the metric."""
    expression: str
    """Metric math instead of one metric, with the names in `metrics`: `requests / workers`."""
    metrics: dict[str, MetricArgs]
    """The metrics in `expression`, by the name that they have there: lower-case letters, digits and underscores."""


class MetricTargetArgs(MetricSourceChoices):
    """A metric that scaling keeps at a value."""

    target: float
    """Value to keep the metric at. The metric must fall as tasks are added, such as messages per task; a total that
    does not, such as all requests, adds tasks without end."""


METRIC_DEFAULTS: Final[MetricChoices] = {"statistic": Statistic.AVERAGE}

RESULT: Final = "result"
"""Id of an expression among its metrics; no metric may have that name."""

ECS: Final = "AWS/ECS"
INSIGHTS: Final = "ECS/ContainerInsights"
BALANCER: Final = "AWS/ApplicationELB"
NO_DATA_AT_ZERO: Final = (ECS, INSIGHTS)
"""Namespaces in which a service without tasks has no values."""


def single(source: MetricSourceChoices) -> MetricArgs | None:
    """Return the only metric of a source; None for an expression."""
    if "expression" in source:
        return None
    only: MetricArgs = {"namespace": source["namespace"], "metric_name": source["metric_name"]}
    if "dimensions" in source:
        only["dimensions"] = source["dimensions"]
    if "statistic" in source:
        only["statistic"] = source["statistic"]
    if "unit" in source:
        only["unit"] = source["unit"]
    return only


def of(source: MetricSourceChoices) -> Mapping[str, MetricArgs]:
    """Return every metric of a source by its name in the expression; a single one has none."""
    only = single(source)
    return {"": only} if only else source["metrics"]


def faults(source: MetricSourceChoices) -> Iterator[tuple[str, str]]:
    """Find what does not go together in a source: the argument, and what is wrong with it."""
    named, measured = source.get("expression"), source.get("metrics")
    if named is None:
        if measured:
            yield "metrics", "needs expression, which says what to make of them. Add it, or name one metric."
            return
        missing = [key for key in ("namespace", "metric_name") if not source.get(key)]
        if missing:
            advice = "is missing. Name one by namespace and metricName, or several by expression and metrics."
            yield missing[0], advice
        return
    for key in ("namespace", "metric_name", "dimensions", "unit"):
        if source.get(key):
            yield key, "has no effect beside expression. Remove it, or put it on the metric in metrics."
    if not measured:
        yield "metrics", "is missing. expression needs the metrics that it names."
        return
    used = _identifiers(named)
    if unknown := sorted(used - set(measured)):
        yield "expression", f"names {', '.join(unknown)}, but metrics has {', '.join(sorted(measured))}"
    elif unused := sorted(set(measured) - used):
        yield "metrics", f"has {', '.join(unused)}, which expression does not name. Remove it, or use it there."


def _identifiers(expression: str) -> set[str]:
    """Return the metrics that an expression names: those begin with a lower-case letter, functions do not."""
    return set(re.findall(r"(?<![\w.])[a-z]\w*", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)))
