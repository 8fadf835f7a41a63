"""Amazon CloudWatch, its logs and EventBridge."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Named, Refused
from ..documents import json_object
from ..place import hex_digits
from .ecs import began

_PATTERN: Final = 2048
"""Characters of an event pattern ("Amazon EventBridge quotas")."""
_RULE: Final = "aws:cloudwatch/eventRule:EventRule"


class LogGroup(Named):
    """A log group."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: The log group {name} already exists"}
    arn = "logs:log-group:{name}"


class MetricAlarm(Named):
    """An alarm."""

    arn = "cloudwatch:alarm:{name}"


def _pattern(content: Any) -> Iterator[str]:
    """Check an event pattern: every value is a list or a map of such, and it has at most 2,048 characters."""
    yield from json_object(content)
    if not isinstance(content, dict) or not content:
        return
    if len(json.dumps(content, separators=(",", ":"))) > _PATTERN:
        yield f"Event pattern is too long: it takes {_PATTERN} characters"
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _pattern(value)
        elif not isinstance(value, list) or not value:
            yield f'Event pattern is not valid. Reason: "{key}" must be an object or an array'


class EventRule(Named):
    """A rule of EventBridge."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: Rule {name} already exists."}
    documents: ClassVar = {"eventPattern": _pattern}
    arn = "events:rule/{name}"


class EventTarget(Behaviour):
    """Where a rule sends its events. EventBridge needs a role for a pipeline or a state machine."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: rule and target."""
        if not any(one["name"] == inputs["rule"] for one in account.of(_RULE)):
            raise Refused(f"ResourceNotFoundException: Rule {inputs['rule']} does not exist on EventBus default.")
        service = str(inputs["arn"]).split(":")[2]
        if service in ("codepipeline", "states") and not inputs.get("roleArn"):
            raise Refused(f"ValidationException: RoleArn is required for target {inputs['arn']}.")
        target = inputs.get("targetId") or f"terraform-{hex_digits(26)}"
        return f"{inputs['rule']}-{target}", {"targetId": target}


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
