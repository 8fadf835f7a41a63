"""Which instance of a group a task is put on, and whether ECS may move tasks between zones.

Pure functions: AWS's rules on placement, which hold on Auto Scaling groups only.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NotRequired, TypedDict

ZONE: Final = "attribute:ecs.availability-zone"
"""The attribute of an instance that says which availability zone it stands in."""


class ConstraintType(str, Enum):
    """What an instance must fulfil."""

    DISTINCT_INSTANCE = "distinctInstance"
    MEMBER_OF = "memberOf"


class StrategyType(str, Enum):
    """How ECS chooses among the instances that are left."""

    SPREAD = "spread"
    BINPACK = "binpack"
    RANDOM = "random"


class PlacementConstraintArgs(TypedDict):
    """What an instance must fulfil, else the task is not started (ECS API, PlacementConstraint)."""

    type: ConstraintType
    """distinctInstance: no two tasks of the service on one instance; memberOf: what the expression says."""
    expression: NotRequired[str]
    """Expression of the cluster query language, for memberOf: attribute:ecs.instance-type =~ m7g.*"""


class PlacementStrategyArgs(TypedDict):
    """How ECS chooses an instance, as far as it can (ECS API, PlacementStrategy)."""

    type: StrategyType
    """spread evenly over a field, binpack by what is left of one, or random."""
    field: NotRequired[str]
    """For spread, instanceId or an attribute such as attribute:ecs.availability-zone; for binpack, cpu or memory; none
    for random."""


SPREAD_AND_PACK: Final = [
    PlacementStrategyArgs(type=StrategyType.SPREAD, field=ZONE),
    PlacementStrategyArgs(type=StrategyType.BINPACK, field="memory"),
]
"""A zone may fail, and within one the fewest instances are paid for."""


def rebalances(constraints: Sequence[PlacementConstraintArgs], strategies: Sequence[PlacementStrategyArgs]) -> bool:
    """Return whether ECS may start and stop tasks to even out the zones.

    It refuses where the first strategy does something else, and where a constraint chooses the zone ("Balancing an
    Amazon ECS service across Availability Zones", Amazon ECS Developer Guide).
    """
    spreads = not strategies or (
        StrategyType(strategies[0]["type"]) is StrategyType.SPREAD and strategies[0].get("field") == ZONE
    )
    return spreads and not any(ZONE in constraint.get("expression", "") for constraint in constraints)
