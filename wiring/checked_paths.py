"""What tasks that serve must go on getting: health checks that they answer, and requests until others take them.

A target group has one health check for all its tasks. It takes a new one only when tasks that were deployed with that
run; until then new tasks must answer the earlier one too. So a deployment that fails, or a path that nobody answers,
leaves the tasks that serve as they are.

Another protocol version needs another target group. Requests go there only once tasks are in it: until then a rule that
no request matches has it. The same holds for a further way in to a service that runs.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from components.services.args import KINDS, MovingArgs
from components.services.target_args import ProtocolVersion
from components.services.ways_in import HEALTH_CHECKS_LABEL, MAIN, Check, WayIn, target_group_name
from components.tasks.args import HEALTH_CHECK_LABEL, NetworkMode

from .state import Resource

_SERVICE: Final = "container-platform:index:Service"
_KINDS: Final = tuple(f"container-platform:index:{kind}$" for kind in KINDS)
_ECS_SERVICE: Final = "$aws:ecs/service:Service"
_DEFINITION: Final = "$aws:ecs/taskDefinition:TaskDefinition"
_GROUP: Final = f"{_SERVICE}$aws:lb/targetGroup:TargetGroup"
_RULE: Final = f"{_SERVICE}$aws:lb/listenerRule:ListenerRule"
_LISTENER: Final = f"{_SERVICE}$aws:lb/listener:Listener"


class Group(NamedTuple):
    """A target group of a service, as the last run left it."""

    kind: tuple[str, str]
    """Its protocol and its target type."""
    check: Check
    led_to: bool
    """Whether requests go there."""


class Checked(NamedTuple):
    """A service whose tasks run, as the last run left it."""

    groups: Mapping[str, Group]
    """Its target groups by name, among those of all services."""
    deployed: Mapping[str, Check]
    """What its last revision was deployed to answer, by route; none of a revision of an older version of this
    program."""
    revision: str = ""
    """ARN of that revision. After a deployment that failed, ECS runs an earlier one."""


def checked(resources: Iterable[Resource]) -> dict[str, Checked]:
    """Return the services with an image, by name."""
    own = [one for one in resources if one.kind.startswith(_SERVICE)]
    led = {arn for one in own for arn in _led_to(one)}
    groups = {one.name: _group(one.outputs, led) for one in own if one.kind == _GROUP}
    definitions = {one.name: one.outputs for one in own if one.kind == f"{_SERVICE}{_DEFINITION}"}
    found: dict[str, Checked] = {}
    for one in own:
        # Only a service with an image is waited for.
        if one.kind == f"{_SERVICE}{_ECS_SERVICE}" and one.outputs.get("waitForSteadyState"):
            definition = definitions.get(one.name, {})
            found[one.name] = Checked(groups, _deployed(definition), str(definition.get("arn")))
    return found


def _led_to(one: Resource) -> Iterator[str]:
    if one.kind == _LISTENER:
        yield from (str(action.get("targetGroupArn")) for action in one.outputs.get("defaultActions", ()))
    hosts = [
        host
        for condition in one.outputs.get("conditions", ())
        for host in (condition.get("hostHeader") or {}).get("values", ())
    ]
    if one.kind == _RULE and not any(str(host).endswith(".invalid") for host in hosts):
        yield from (str(action.get("targetGroupArn")) for action in one.outputs.get("actions", ()))


def _group(outputs: Mapping[str, Any], led: set[str]) -> Group:
    check = outputs.get("healthCheck", {})
    port = str(check.get("port") or "")
    asked = Check(check.get("path") or "", check.get("matcher") or "", int(port) if port.isdigit() else 0)
    return Group((outputs["protocol"], outputs["targetType"]), asked, str(outputs.get("arn")) in led)


def network_modes(resources: Iterable[Resource]) -> dict[str, NetworkMode]:
    """Return how the tasks of each service with an image are on the network, by name, whatever kind of service."""
    own = [one for one in resources if one.kind.startswith(_KINDS)]
    waited = {one.name for one in own if one.kind.endswith(_ECS_SERVICE) and one.outputs.get("waitForSteadyState")}
    return {
        one.name: NetworkMode(one.outputs["networkMode"])
        for one in own
        if one.kind.endswith(_DEFINITION) and one.name in waited
    }


def _deployed(definition: Mapping[str, Any]) -> dict[str, Check]:
    """Return the health checks that a revision's labels say it was deployed with."""
    containers = json.loads(definition.get("containerDefinitions", "[]"))
    for labels in (one.get("dockerLabels", {}) for one in containers):
        if HEALTH_CHECKS_LABEL in labels:
            return {route: Check(*check) for route, check in json.loads(labels[HEALTH_CHECKS_LABEL]).items()}
        if HEALTH_CHECK_LABEL in labels:
            return {MAIN: Check(labels[HEALTH_CHECK_LABEL], "200")}
    return {}


def earlier(there: Checked | None, way: WayIn, target_type: str, runs: Callable[[], str | None]) -> Check | None:
    """Return what the load balancer must go on asking for; None where it can ask for what is wanted.

    Args:
        there: the service as the last run left it; None if nothing of it runs.
        way: the way in as the settings have it.
        target_type: target type of its target group.
        runs: asks AWS for the revision that runs. The state may still have one that failed.
    """
    group = _there(there, way)
    if there is None or group is None or group.kind != (way.group_protocol, target_type) or way.check == group.check:
        return None
    if way.check.path == "" and way.check.port == group.check.port:
        return None  # whoever answers requests can be connected to
    if way.check == there.deployed.get(way.route) and runs() == there.revision:
        return None
    return group.check


def _there(there: Checked | None, way: WayIn) -> Group | None:
    """Return the target group that the requests of a way in go to, as the last run left it."""
    if there is None:
        return None
    version = _earlier_version(there, way)
    return there.groups.get(target_group_name(way.name, version or way.version))


def _earlier_version(there: Checked, way: WayIn) -> ProtocolVersion | None:
    """Return what is spoken with the tasks that get the requests, if that is to change."""
    names = {version: target_group_name(way.name, version) for version in ProtocolVersion}
    led = [version for version, name in names.items() if name in there.groups and there.groups[name].led_to]
    if way.listener or way.version in led:
        return None
    return next((version for version in led if there.groups[names[version]].kind[0] == "HTTP"), None)


def moving(there: Checked | None, ways: Sequence[WayIn], free: Iterator[int]) -> dict[str, MovingArgs]:
    """Return the ways in whose requests must wait for tasks, by route.

    Args:
        there: the service as the last run left it; None if nothing of it runs.
        ways: the ways in as the settings have them.
        free: priorities that no rule has.
    """
    found: dict[str, MovingArgs] = {}
    for way in ways if there else ():
        if there is None or way.listener:
            continue
        if version := _earlier_version(there, way):
            found[way.route] = {"earlier_version": version, "priority": next(free)}
        elif way.route and not _is_led_to(there, way):
            found[way.route] = {"priority": next(free)}
    return found


def _is_led_to(there: Checked, way: WayIn) -> bool:
    group = there.groups.get(way.target_group_name)
    return group is not None and group.led_to


def cut_off(there: Checked | None, ways: Sequence[WayIn]) -> Iterator[WayIn]:
    """Yield the listeners whose port would get another target group before tasks are in it: a port has only one."""
    for way in ways if there else ():
        group = there.groups.get(way.target_group_name) if there else None
        if way.listener and group and group.led_to and group.kind[0] not in ("HTTP", way.group_protocol):
            yield way
