"""Capacity providers and strategies. A strategy never mixes the three kinds of capacity.

Pure functions over the names that strategies use: FARGATE, FARGATE_SPOT, or the name of an Auto Scaling group or of
Managed Instances of the cluster.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, TypedDict

from ..common.arguments import complete


class Capacity(str, Enum):
    """The kinds of capacity. The providers of one strategy are all of one kind (CapacityProviderStrategyItem)."""

    FARGATE = "FARGATE"
    AUTO_SCALING = "AUTO_SCALING"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"


class CapacityProviderStrategyChoices(TypedDict, total=False):
    """How many of the tasks an item of a strategy gets."""

    weight: int
    """Share of the tasks beyond every base, 0 to 1000. Defaults to 1."""
    base: int
    """Least number of tasks that it runs. Only one item of a strategy may have a base above 0. Defaults to 0."""


class CapacityProviderStrategyArgs(CapacityProviderStrategyChoices):
    """One item of a capacity provider strategy (ECS API, CapacityProviderStrategyItem)."""

    capacity_provider: str
    """The capacity provider: FARGATE, FARGATE_SPOT, or the name of an Auto Scaling group or of Managed Instances of the
    cluster."""


STRATEGY_DEFAULTS: Final[CapacityProviderStrategyChoices] = {"weight": 1, "base": 0}

FARGATE_PROVIDERS: Final = ("FARGATE", "FARGATE_SPOT")
"""The providers that AWS makes, and that every cluster can use."""


def provider_kinds(
    auto_scaling_groups: Iterable[str] = (), managed_instances: Iterable[str] = ()
) -> dict[str, Capacity]:
    """Return every capacity provider that a strategy of the cluster may use, with its kind."""
    return {
        **dict.fromkeys(FARGATE_PROVIDERS, Capacity.FARGATE),
        **dict.fromkeys(auto_scaling_groups, Capacity.AUTO_SCALING),
        **dict.fromkeys(managed_instances, Capacity.MANAGED_INSTANCES),
    }


def strategy_kind(strategy: Sequence[CapacityProviderStrategyArgs], kinds: Mapping[str, Capacity]) -> Capacity:
    """Return the kind of capacity that a strategy uses.

    Args:
        strategy: its items.
        kinds: the providers of the cluster, as `provider_kinds` returns them.

    Raises:
        ValueError: it has no items, names a provider that the cluster lacks, or mixes kinds.
    """
    names = [item["capacity_provider"] for item in strategy]
    if unknown := [name for name in names if name not in kinds]:
        raise ValueError(f"{', '.join(unknown)}: no such capacity provider (known: {', '.join(kinds)})")
    found = {kinds[name] for name in names}
    if len(found) != 1:
        raise ValueError(f"a strategy uses one kind of capacity, not {', '.join(sorted(found)) or 'none'}")
    return found.pop()


def default_strategy(kinds: Mapping[str, Capacity]) -> list[CapacityProviderStrategyArgs]:
    """Return the strategy of a cluster that has none: its only group or Managed Instances, else FARGATE.

    Args:
        kinds: the providers of the cluster, as `provider_kinds` returns them.
    """
    instances = [name for name in kinds if name not in FARGATE_PROVIDERS]
    only = instances[0] if len(instances) == 1 else FARGATE_PROVIDERS[0]
    return [CapacityProviderStrategyArgs(capacity_provider=only)]


def completed(strategy: Sequence[CapacityProviderStrategyArgs]) -> list[CapacityProviderStrategyArgs]:
    """Return a strategy whose items all have a weight and a base, as whole numbers."""
    items = [complete(CapacityProviderStrategyArgs, item, STRATEGY_DEFAULTS) for item in strategy]
    return [{**item, "weight": int(item["weight"]), "base": int(item["base"])} for item in items]
