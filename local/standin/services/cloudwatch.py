"""Amazon CloudWatch, its logs and EventBridge."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Named, Refused, is_known
from ..documents import json_object
from .ecs import began

_LONGEST_PATTERN: Final = 2048
"""Characters of an event pattern ("Amazon EventBridge quotas")."""


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
        if (missing := inputs.get("treatMissingData")) not in (None, UNKNOWN, *_MISSING):
            yield "treatMissingData", f"must be one of {', '.join(_MISSING)} and is {missing!r}"
        if isinstance(actions := inputs.get("alarmActions"), list) and len(actions) > 5:
            yield "alarmActions", "can have at most 5 items"


_ID: Final = re.compile("[a-z][a-zA-Z0-9_]*")


_JUDGED: Final = ("id", "expression", "returnData")


def query_faults(queries: Sequence[Any], statistic: str) -> Iterator[str]:
    """Check metrics and the expressions on them, of which one is the result (MetricDataQuery).

    Args:
        queries: the metrics.
        statistic: key of what a query that is no expression measures.
    """
    if UNKNOWN in queries or not is_known([[one.get(key) for key in _JUDGED] for one in queries]):
        return
    ids = [str(one.get("id")) for one in queries]
    if len(set(ids)) < len(ids):
        yield "each id must be there once"
    for id_ in ids:
        if not _ID.fullmatch(id_):
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


_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
_COMPARISONS: Final = (
    *("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"),
)
"""What an event pattern may ask of a value besides being the same ("Comparison operators for use in event patterns",
Amazon EventBridge User Guide)."""


def _event_pattern(content: Any) -> Iterator[str]:
    """Check that an event pattern ends in lists of values everywhere."""
    if not isinstance(content, dict) or not content:
        yield "Event pattern is not valid. Reason: Filter is not an object"
        return
    if len(json.dumps(content, separators=(",", ":"))) > _LONGEST_PATTERN:
        yield f"Event pattern is not valid. Reason: it has more than {_LONGEST_PATTERN} characters"
    yield from _pattern_faults(content, "")


def _pattern_faults(content: dict[str, Any], at: str) -> Iterator[str]:
    for name, value in content.items():
        path = f"{at}{name}"
        if name == "$or":
            alternatives = value if isinstance(value, list) else []
            if len(alternatives) < 2 or not all(isinstance(one, dict) and one for one in alternatives):
                yield f"Event pattern is not valid. Reason: {path} must be a list of two objects or more"
                continue
            for one in alternatives:
                yield from _pattern_faults(one, f"{path}.")
        elif isinstance(value, dict):
            yield from _pattern_faults(value, f"{path}.")
        elif not isinstance(value, list) or not value:
            yield f'Event pattern is not valid. Reason: "{path}" must be an object or an array'
        else:
            for one in value:
                if isinstance(one, dict) and not (len(one) == 1 and set(one) <= set(_COMPARISONS)):
                    yield f"Event pattern is not valid. Reason: Unrecognized match type {', '.join(one)} in {path}"


class EventRule(Named):
    """A rule of EventBridge."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: Rule {name} already exists."}
    documents: ClassVar = {"eventPattern": _event_pattern}
    arn = "events:rule/{name}"


_MOST_TARGETS: Final = 5


class EventTarget(Behaviour):
    """What a rule sends its events to (PutTargets, EventBridge API)."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check that the template's variables are those of the paths, and that a template of text is quoted."""
        transformer: Any = inputs.get("inputTransformer") or {}
        if not is_known(transformer) or not isinstance(template := transformer.get("inputTemplate"), str):
            return
        paths = transformer.get("inputPaths") or {}
        if len(paths) > 100 or len(template) > 8192:
            yield "inputTransformer", "can have at most 100 paths, and a template of 8192 characters"
        if not template.startswith("{") and any(not re.fullmatch('".*"|<[^>]*>', one) for one in template.split("\n")):
            yield "inputTransformer", "Invalid InputTemplate: each line of text must be in quotes"
        for name in sorted(set(re.findall("<([^>]+)>", template))):
            if name not in paths and not name.startswith("aws.events."):
                yield "inputTransformer", f"Invalid InputTemplate: placeholder <{name}> is not in InputPathsMap"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse a rule that does not exist, or that has its targets, and a target that needs a role."""
        rule = inputs["rule"]
        if not any(one["name"] == rule for one in account.of(_RULE)):
            raise Refused(f"ResourceNotFoundException: Rule {rule} does not exist on EventBus default.")
        target = str(inputs.get("arn", ""))
        if re.match("arn:[^:]*:(codepipeline|states):", target) and not inputs.get("roleArn"):
            raise Refused(f"ValidationException: RoleArn is required for target {target}.")
        if sum(one["rule"] == rule for one in account.of(_TARGET)) >= _MOST_TARGETS:
            raise Refused("LimitExceededException: The requested resource exceeds the maximum number allowed.")
        id_ = inputs.get("targetId") or f"terraform-{account.place.region}-{rule}"
        return f"{rule}-{id_}", {"targetId": id_}


class Dashboard(Behaviour):
    """A dashboard."""

    documents: ClassVar = {"dashboardBody": json_object}


def call_get_log_events(arguments: Properties, account: Account) -> Properties:
    """Return what a task of ECS wrote: one line, in a stream of its own. One that never began wrote nothing."""
    group, stream = arguments["logGroupName"], str(arguments["logStreamName"])
    there = any(one["name"] == group for one in account.of("aws:cloudwatch/logGroup:LogGroup"))
    if not there or not began(stream.rpartition("/")[2]):
        raise Refused("ResourceNotFoundException: The specified log stream does not exist.")
    return {"events": [{"timestamp": 0, "message": f"a line of {stream}"}]}
