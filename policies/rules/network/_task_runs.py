"""ECS tasks that a document starts: the states of a state machine, and the call that a schedule makes.

Step Functions runs tasks by its own integration and by that of the AWS SDK, and takes the parameters in PascalCase
(https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html). A value may be chosen while it runs: its name
ends with `.$`, or it is JSONata text in `{% %}`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from policies.framework import Malformed, Resource, Unknown, parse_json, peek

STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
SCHEDULE = "aws:scheduler/schedule:Schedule"

_RUN_TASK = re.compile(r"arn:aws[\w-]*:states:[^:]*:[^:]*:(aws-sdk:)?ecs:runTask(\.\w+)?", re.IGNORECASE)
_RUN_BY_SCHEDULE = re.compile(r"arn:aws[\w-]*:scheduler:[^:]*:[^:]*:aws-sdk:ecs:runTask", re.IGNORECASE)
_NETWORK = ("NetworkConfiguration", "AwsvpcConfiguration")
_DEEPEST = 30
"""No state machine that people write is nested deeper."""


class Chosen(NamedTuple):
    """A value that is chosen while the document runs.

    :ivar path: where it is.
    """

    path: str


class TaskRun(NamedTuple):
    """One call that starts tasks.

    :ivar name: the state's name; empty for a schedule.
    :ivar path: the way to its `AwsvpcConfiguration`, for messages.
    """

    name: str
    path: str
    subnets: Any
    assign_public_ip: Any


def document_of(resource: Resource) -> str:
    """The property whose document may start tasks, empty if it has none."""
    if resource.type == STATE_MACHINE:
        return "definition"
    if resource.type == SCHEDULE:
        arn = peek(resource.inputs, "target", "arn")
        if isinstance(arn, str) and _RUN_BY_SCHEDULE.fullmatch(arn):
            return "target.input"
    return ""


def task_runs(resource: Resource) -> list[TaskRun] | Unknown:
    """The calls of a resource that has a document, or what is not known yet of it.

    :raises Malformed: it is not of the form AWS documents.
    """
    prop = document_of(resource)
    given = peek(resource.inputs, *prop.split("."))
    if given is None or isinstance(given, Unknown):
        return given or []
    document = parse_json(given, prop)
    if resource.type == STATE_MACHINE:
        return list(_in_states(document, prop))
    return [_run("", document, prop)]


def _in_states(container: object, path: str, depth: int = 0) -> Iterator[TaskRun]:
    """The calls of the states of a machine, of the branches of a Parallel state and of what a Map state repeats.

    What is no state is passed over: Step Functions refuses the document, and the other states are judged.
    """
    if depth > _DEEPEST:
        raise Malformed(path, "is nested too deeply to read")
    states = _get(container, "States")
    for name, state in states.items() if isinstance(states, Mapping) else ():
        here = f"{path}.States.{name}"
        resource = _get(state, "Resource")
        if isinstance(resource, str) and _RUN_TASK.fullmatch(resource):
            key = "Arguments" if _get(state, "Arguments") is not None else "Parameters"
            yield _run(name, _value(_get(state, key), f"{here}.{key}"), f"{here}.{key}")
        for inner in ("ItemProcessor", "Iterator"):
            yield from _in_states(_get(state, inner), f"{here}.{inner}", depth + 1)
        branches = _get(state, "Branches")
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            yield from _in_states(branch, f"{here}.Branches[{index}]", depth + 1)


def _run(name: str, parameters: object, path: str) -> TaskRun:
    found = parameters
    for step in _NETWORK:
        found = _member(found, step, path)
        path = f"{path}.{step}"
    subnets = _member(found, "Subnets", path)
    if isinstance(subnets, list):
        subnets = [_value(item, f"{path}.Subnets[{index}]") for index, item in enumerate(subnets)]
    return TaskRun(name, path, subnets, _member(found, "AssignPublicIp", path))


def _member(container: object, key: str, path: str) -> Any:
    """A member of an object, whose name has `.$` behind it where the value is chosen while it runs."""
    if isinstance(container, Chosen):
        return container
    if _get(container, f"{key}.$") is not None:
        return Chosen(f"{path}.{key}")
    return _value(_get(container, key), f"{path}.{key}")


def _value(value: Any, path: str) -> Any:
    return Chosen(path) if isinstance(value, str) and value.strip().startswith("{%") else value


def _get(container: object, key: str) -> Any:
    return container.get(key) if isinstance(container, Mapping) else None
