"""Where tasks run: capacity providers, strategies of them, and the three kinds that no strategy mixes.

Pure functions over the names that the settings give: FARGATE, FARGATE_SPOT, or the name of an Auto Scaling group or of
Managed Instances of the cluster.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, NotRequired, TypedDict


class Capacity(str, Enum):
    """The kinds of capacity; the providers of one strategy are all of one kind (CapacityProviderStrategyItem)."""

    FARGATE = "FARGATE"
    AUTO_SCALING = "AUTO_SCALING"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"


class CapacityProviderStrategyArgs(TypedDict):
    """One item of a capacity provider strategy (ECS API, CapacityProviderStrategyItem)."""

    capacity_provider: str
    """The capacity provider: FARGATE, FARGATE_SPOT, or the name of an Auto Scaling group or of Managed Instances of the
    cluster."""
    weight: NotRequired[int]
    """Its share of the tasks beyond every base, 0 to 1000. Defaults to 1."""
    base: NotRequired[int]
    """How many tasks it runs at least; only one item of a strategy may have one above 0. Defaults to 0."""


STRATEGY_DEFAULTS: Final = {"weight": 1, "base": 0}

FARGATE_PROVIDERS: Final = ("FARGATE", "FARGATE_SPOT")
"""The providers that every cluster can have: AWS makes them."""


def provider_kinds(
    auto_scaling_groups: Iterable[str] = (), managed_instances: Iterable[str] = ()
) -> dict[str, Capacity]:
    """Return every capacity provider that a strategy of the cluster may name, with its kind."""
    return {
        **dict.fromkeys(FARGATE_PROVIDERS, Capacity.FARGATE),
        **dict.fromkeys(auto_scaling_groups, Capacity.AUTO_SCALING),
        **dict.fromkeys(managed_instances, Capacity.MANAGED_INSTANCES),
    }


def strategy_kind(strategy: Sequence[CapacityProviderStrategyArgs], kinds: Mapping[str, Capacity]) -> Capacity:
    """Return the kind of capacity that a strategy uses.

    Args:
        strategy: its items.
        kinds: the providers of the cluster, as `provider_kinds` gives them.

    Raises:
        ValueError: it names none, one that the cluster lacks, or several of different kinds.
    """
    names = [item["capacity_provider"] for item in strategy]
    if unknown := [name for name in names if name not in kinds]:
        raise ValueError(f"{', '.join(unknown)}: no such capacity provider (there: {', '.join(kinds)})")
    found = {kinds[name] for name in names}
    if len(found) != 1:
        raise ValueError(f"a strategy uses one kind of capacity, not {', '.join(sorted(found)) or 'none'}")
    return found.pop()


def default_strategy(kinds: Mapping[str, Capacity]) -> list[CapacityProviderStrategyArgs]:
    """Return the strategy of a cluster that names none: its only instances where it has one kind of them, else FARGATE.

    Args:
        kinds: the providers of the cluster, as `provider_kinds` gives them.
    """
    instances = [name for name in kinds if name not in FARGATE_PROVIDERS]
    only = instances[0] if len(instances) == 1 else FARGATE_PROVIDERS[0]
    return [CapacityProviderStrategyArgs(capacity_provider=only)]
