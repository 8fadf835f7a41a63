"""Which path the load balancer asks for: never one that the tasks behind it do not answer.

A target group has one path for all its tasks. It takes a new one only when tasks that were deployed with that run;
until then new tasks must answer the earlier one too. So a deployment that fails, or a path that nobody answers, leaves
the tasks that serve as they are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from components.services.args import KINDS
from components.tasks.args import HEALTH_CHECK_LABEL, NetworkMode

from .state import Resource

_SERVICE: Final = "container-platform:index:Service"
_KINDS: Final = tuple(f"container-platform:index:{kind}$" for kind in KINDS)
_ECS_SERVICE: Final = "$aws:ecs/service:Service"
_DEFINITION: Final = "$aws:ecs/taskDefinition:TaskDefinition"


class Checked(NamedTuple):
    """A service whose tasks run, as the last run left it."""

    path: str
    """Path that the load balancer asks for."""
    group: tuple[str, str]
    """Protocol and target type of the target group."""
    deployed: str | None
    """Path that its last revision was deployed with; None for a revision of an older version of this program."""
    revision: str = ""
    """ARN of that revision. After a deployment that failed, ECS runs an earlier one."""


def checked(resources: Iterable[Resource]) -> dict[str, Checked]:
    """Return the services with an image, by name."""
    own = {(one.kind, one.name): one.outputs for one in resources if one.kind.startswith(_SERVICE)}
    found: dict[str, Checked] = {}
    for (kind, name), service in own.items():
        group = own.get((f"{_SERVICE}$aws:lb/targetGroup:TargetGroup", name), {})
        definition = own.get((f"{_SERVICE}{_DEFINITION}", name), {})
        path = group.get("healthCheck", {}).get("path")
        # Only a service with an image is waited for.
        if kind == f"{_SERVICE}{_ECS_SERVICE}" and path and service.get("waitForSteadyState"):
            kinds = (group["protocol"], group["targetType"])
            found[name] = Checked(path, kinds, _label(definition), str(definition.get("arn")))
    return found


def network_modes(resources: Iterable[Resource]) -> dict[str, NetworkMode]:
    """Return how the tasks of each service with an image are on the network, by name, whatever kind of service."""
    own = [one for one in resources if one.kind.startswith(_KINDS)]
    waited = {one.name for one in own if one.kind.endswith(_ECS_SERVICE) and one.outputs.get("waitForSteadyState")}
    return {
        one.name: NetworkMode(one.outputs["networkMode"])
        for one in own
        if one.kind.endswith(_DEFINITION) and one.name in waited
    }


def _label(definition: Mapping[str, Any]) -> str | None:
    containers = json.loads(definition.get("containerDefinitions", "[]"))
    labels = [one.get("dockerLabels", {}).get(HEALTH_CHECK_LABEL) for one in containers]
    return next((label for label in labels if label), None)


def earlier(there: Checked | None, wanted: str, group: tuple[str, str], runs: Callable[[], str | None]) -> str | None:
    """Return the path that the load balancer must go on asking for; None where it can ask for the one that is wanted.

    Args:
        there: the service as the last run left it; None if nothing of it runs.
        wanted: its path in the settings.
        group: protocol and target type of its target group. Another group has new tasks only.
        runs: asks AWS for the revision that runs. The state may still have one that failed.
    """
    if there is None or there.group != group or wanted == there.path:
        return None
    if wanted == there.deployed and runs() == there.revision:
        return None
    return there.path
