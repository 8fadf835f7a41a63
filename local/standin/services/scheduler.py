"""Amazon EventBridge Scheduler."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from components.jobs import schedules

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Named, Refused, is_known
from ..times import is_no_time_zone

_GROUP: Final = "aws:scheduler/scheduleGroup:ScheduleGroup"
_ROLE: Final = "aws:iam/role:Role"
_SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
_SERVICE: Final = "scheduler.amazonaws.com"
# RetryPolicy, EcsParameters and FlexibleTimeWindow of the Scheduler API.
_LIMITS: Final = {
    ("target", "retryPolicy", "maximumRetryAttempts"): (0, 185),
    ("target", "retryPolicy", "maximumEventAgeInSeconds"): (60, 86_400),
    ("target", "ecsParameters", "taskCount"): (1, 10),
    ("flexibleTimeWindow", "maximumWindowInMinutes"): (1, 1440),
}
_MOST_PROVIDERS: Final = 6


class ScheduleGroup(Named):
    """A group of schedules. With it go its schedules."""

    unique: ClassVar = {"name": "ConflictException: Schedule group {name} already exists."}
    arn = "scheduler:schedule-group/{name}"

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the name's length."""
        if len(str(inputs.get("name") or "")) > 64:
            yield "name", "can have at most 64 characters"


class Schedule(Behaviour):
    """A schedule in a group."""

    unique: ClassVar = {"groupName,name": "ConflictException: Schedule {name} already exists."}

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the expression, the time zone, and the limits of numbers."""
        expression, zone = inputs.get("scheduleExpression"), inputs.get("scheduleExpressionTimezone")
        if isinstance(expression, str) and expression != UNKNOWN and (fault := schedules.problem(expression)):
            yield "scheduleExpression", f"Invalid Schedule Expression {expression}: it {fault}"
        if is_no_time_zone(zone):
            yield "scheduleExpressionTimezone", f"Invalid ScheduleExpressionTimezone {zone}"
        if (state := inputs.get("state")) not in (None, UNKNOWN, "ENABLED", "DISABLED"):
            yield "state", f"must be ENABLED or DISABLED and is {state!r}"
        for path, (least, most) in _LIMITS.items():
            value = _at(inputs, path)
            if isinstance(value, int | float) and not least <= value <= most:
                yield ".".join(path), f"must be from {least} to {most} and is {value:g}"
        window: Any = inputs.get("flexibleTimeWindow") or {}
        if is_known(window) and (window.get("mode") == "FLEXIBLE") is (window.get("maximumWindowInMinutes") is None):
            yield "flexibleTimeWindow", "maximumWindowInMinutes belongs to the mode FLEXIBLE, and only to that"
        providers = _at(inputs, ("target", "ecsParameters", "capacityProviderStrategies"))
        if isinstance(providers, list) and len(providers) > _MOST_PROVIDERS:
            yield "target.ecsParameters.capacityProviderStrategies", f"can have at most {_MOST_PROVIDERS} items"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse a group that does not exist, and a role that Scheduler cannot assume."""
        group, name = str(inputs.get("groupName") or "default"), inputs["name"]
        if group != "default" and not any(one["id"] == group for one in account.of(_GROUP)):
            raise Refused(f"ResourceNotFoundException: Schedule group {group} does not exist.")
        _refuse_closed_role(inputs, account)
        arn = account.place.arn("scheduler", f"schedule/{group}/{name}")
        return f"{group}/{name}", {"arn": arn, "groupName": group}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse a role that Scheduler cannot assume."""
        _refuse_closed_role(news, account)
        return news


def _refuse_closed_role(schedule: Properties, account: Account) -> None:
    arn = _at(schedule, ("target", "roleArn"))
    role = next((one for one in account.of(_ROLE) if one["arn"] == arn), None)
    trusted = role and any(_trusts(one) for one in json.loads(role["assumeRolePolicy"])["Statement"])
    if not trusted:
        raise Refused(
            "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the "
            "role."
        )


def _trusts(statement: Any) -> bool:
    services = (statement.get("Principal") or {}).get("Service", ())
    return _SERVICE in ([services] if isinstance(services, str) else services)


def _at(properties: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        properties = properties.get(name) if isinstance(properties, dict) else None
    return properties
