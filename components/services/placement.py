"""Which instance of a group gets a task, and whether ECS may move tasks between zones.

Pure functions: AWS's rules on placement, which apply to Auto Scaling groups only.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NotRequired, TypedDict

ZONE: Final = "attribute:ecs.availability-zone"
"""The attribute of an instance that holds its availability zone."""


class ConstraintType(str, Enum):
    """What an instance must satisfy."""

    DISTINCT_INSTANCE = "distinctInstance"
    MEMBER_OF = "memberOf"


class StrategyType(str, Enum):
    """How ECS chooses among the instances that are left."""

    SPREAD = "spread"
    BINPACK = "binpack"
    RANDOM = "random"


class PlacementConstraintArgs(TypedDict):
    """What an instance must satisfy to get a task (ECS API, PlacementConstraint)."""

    type: ConstraintType
    """distinctInstance: no two tasks of the service on one instance. memberOf: instances that match the expression."""
    expression: NotRequired[str]
    """Expression of the cluster query language, for memberOf: attribute:ecs.instance-type =~ m7g.*"""


class PlacementStrategyArgs(TypedDict):
    """How ECS chooses an instance, at best effort (ECS API, PlacementStrategy)."""

    type: StrategyType
    """spread: evenly over a field. binpack: the instance with the least left of a field. random: any."""
    field: NotRequired[str]
    """For spread, instanceId or an attribute such as attribute:ecs.availability-zone. For binpack, cpu or memory. For
    random, none."""


SPREAD_AND_PACK: Final[list[PlacementStrategyArgs]] = [
    PlacementStrategyArgs(type=StrategyType.SPREAD, field=ZONE),
    PlacementStrategyArgs(type=StrategyType.BINPACK, field="memory"),
]
"""Survives the loss of a zone, and uses the fewest instances within each."""


def rebalances(constraints: Sequence[PlacementConstraintArgs], strategies: Sequence[PlacementStrategyArgs]) -> bool:
    """Return whether ECS may start and stop tasks to even out the zones.

    It refuses if the first strategy does something else, or if a constraint chooses the zone ("Balancing an Amazon ECS
    service across Availability Zones", Amazon ECS Developer Guide).
    """
    spreads = not strategies or (
        StrategyType(strategies[0]["type"]) is StrategyType.SPREAD and strategies[0].get("field") == ZONE
    )
    return spreads and not any(ZONE in constraint.get("expression", "") for constraint in constraints)
