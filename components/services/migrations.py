"""Runs a migration before a new revision takes traffic: a task with the new image, which must end well.

A resource that runs a task when it is made would be done for Pulumi even after a failure. So a hook of the ECS service
runs it, right before ECS is asked for another revision than the service has: if it fails, that update fails, the old
tasks go on, and the next run tries again.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi

from ..common.arguments import complete
from ..tasks import one_off
from ..tasks.args import Compatibility
from ..tasks.one_off import OneOffTask, TaskFailedError
from ..tasks.task import Task, Variant
from .args import KeptArgs
from .migration_args import MIGRATION_DEFAULTS, MigrationArgs

_LEFT_OUT: Final = ("portMappings", "healthCheck", "dependsOn", "restartPolicy")
"""What a container that runs once has none of."""


class MigrationFailedError(Exception):
    """A migration failed, so nothing was deployed."""


class Migration:
    """The migration of a service: its task definition, and the hook that runs it."""

    def __init__(self, name: str, values: KeptArgs, runs: Task) -> None:
        chosen = complete(MigrationArgs, values["migration"], MIGRATION_DEFAULTS)
        self._container = values["service_name"]
        self._on_fargate = Compatibility(values["compatibility"]) is Compatibility.FARGATE
        self._seconds = int(chosen["timeout_minutes"]) * 60
        self._log_group = runs.log_group.name
        self._name = name
        self.definition = runs.variant(
            Variant(
                label="migration",
                cpu=int(chosen.get("cpu", values["cpu"])),
                memory=int(chosen.get("memory", values["memory"])),
                containers=lambda text: container(text, self._container, chosen["command"], chosen["environment"]),
            )
        )

    def hooks(self) -> pulumi.ResourceHookBinding:
        """Return the hooks of the ECS service that run it."""
        hook = pulumi.ResourceHook(f"{self._name}-migration", self._run)
        return pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])

    async def _run(self, args: pulumi.ResourceHookArgs) -> None:
        """Run the migration if the service is about to get another revision."""
        new: Mapping[str, Any] = args.new_inputs or {}
        # What ECS was found to run counts more than what it was asked for.
        old = {**(args.old_inputs or {}), **(args.old_outputs or {})}
        if new.get("taskDefinition") == old.get("taskDefinition"):
            return
        network = (await _known(new.get("networkConfiguration"))) or {}
        strategy = (await _known(new.get("capacityProviderStrategies"))) or []
        task = OneOffTask(
            cluster_arn=await _known(new["cluster"]),
            task_definition_arn=await _known(self.definition.arn),
            container=self._container,
            log_group=await _known(self._log_group),
            # A task on Spot may be stopped half way.
            capacity_providers=()
            if self._on_fargate
            else [(one["capacityProvider"], int(one.get("weight", 0)), int(one.get("base", 0))) for one in strategy],
            subnet_ids=network.get("subnets", ()),
            security_group_ids=network.get("securityGroups", ()),
            timeout_seconds=self._seconds,
        )
        pulumi.log.info(f"{self._name}: the migration runs before the new revision")
        try:
            # Not in the program's event loop, which others wait for.
            await asyncio.to_thread(one_off.run, task)
        except TaskFailedError as error:
            message = (
                f"{self._name}: the migration failed, so nothing of it was deployed and the old tasks go on: {error}"
            )
            raise MigrationFailedError(message) from None


def container(text: str, name: str, command: list[str], environment: Mapping[str, str]) -> str:
    """Return the container definitions of a migration, from those of a service.

    Args:
        text: the service's, as canonical JSON text.
        name: its own container, the only one that the migration has.
        command: what the container runs instead.
        environment: what is added to its environment.
    """
    (own,) = [one for one in json.loads(text) if one["name"] == name]
    own = {key: value for key, value in own.items() if key not in _LEFT_OUT}
    variables = {one["name"]: one["value"] for one in own["environment"]} | dict(environment)
    own |= {
        "command": command,
        "essential": True,
        "environment": [{"name": key, "value": variables[key]} for key in sorted(variables)],
        "portMappings": [],
    }
    return json.dumps([own], sort_keys=True)


async def _known(value: object) -> Any:
    """Return a value; a secret one comes as an output."""
    return await value.future() if isinstance(value, pulumi.Output) else value
