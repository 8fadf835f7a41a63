"""Who uses a capacity provider: ECS lets none of them go that a service or a cluster still names."""

from collections.abc import Mapping
from typing import Any, Final

from .memory import Memory

_SERVICE: Final = "aws:ecs/service:Service"
_ASSOCIATION: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_PROVIDER: Final = "aws:ecs/capacityProvider:CapacityProvider"


def note(memory: Memory, token: str, id_: str, properties: Mapping[str, Any]) -> None:
    """Keep which capacity providers a resource uses; one that is deleted is noted with nothing."""
    if token in (_SERVICE, _ASSOCIATION):
        memory.use(_user(token, id_), _used(token, properties))


def refusal(memory: Memory, token: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """Return why ECS would refuse a change or, with nothing new, a deletion; None where it would not."""
    let_go = {olds["name"]} if token == _PROVIDER and not news else _used(token, olds) - _used(token, news)
    if token not in (_ASSOCIATION, _PROVIDER):
        return None
    for name in sorted(let_go):
        if users := [user for user in memory.users(name) if user != _user(token, id_)]:
            named = ", ".join(users)
            return f"ResourceInUseException: the capacity provider {name} is in use by {named} and cannot be removed"
    return None


def _used(token: str, properties: Mapping[str, Any]) -> set[str]:
    if token == _ASSOCIATION:
        return set(properties.get("capacityProviders", ()))
    return {item["capacityProvider"] for item in properties.get("capacityProviderStrategies", ())}


def _user(token: str, id_: str) -> str:
    return f"{'cluster' if token == _ASSOCIATION else 'service'} {id_.rpartition('/')[2]}"
