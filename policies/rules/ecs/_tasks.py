"""What the rules on task definitions share."""

from policies.framework import Has, blocks, matching

TASK_DEFINITIONS = ("aws:ecs/taskDefinition:TaskDefinition",)

CONTAINERS = blocks("containerDefinitions", named="name", document=True, any_case=True)
"""Every container of a task definition, sidecars too. The AWS provider takes its properties in any case."""

WINDOWS = Has("runtimePlatform.operatingSystemFamily", matching("WINDOWS_.*", "WINDOWS_SERVER_2022_CORE"))
"""Windows containers, for which ECS does not support every property. Without a family, tasks run on Linux."""
