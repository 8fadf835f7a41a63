"""One name for each resource type, however a program writes it. Rules and stacks know this name only."""

from collections.abc import Iterable

from policies.framework._aliases import ALIASES
from policies.framework._native import NATIVE
from policies.framework.translation import Native

NATIVE_PACKAGE = "aws-native:"


def canonical(type_: str) -> str:
    """The name of a type that rules use: `aws:lb/listener:Listener` for `aws:alb/listener:Listener` and its like."""
    return _CANONICAL.get(type_, type_)


def aliases_of(type_: str) -> tuple[str, ...]:
    """The other names of a type that rules use."""
    return tuple(name for name, used in _CANONICAL.items() if used == type_)


def natives_of(type_: str) -> tuple[Native, ...]:
    """What a type of aws-native is to rules; nothing for other types, and for one that nothing translates."""
    return NATIVE.get(type_.removeprefix(NATIVE_PACKAGE), ()) if type_.startswith(NATIVE_PACKAGE) else ()


def types_of(type_: str) -> tuple[str, ...]:
    """The types that rules may see in a resource of a type that a program writes."""
    return tuple(native.type for native in natives_of(type_)) or (canonical(type_),)


def not_translated(type_: str, read: Iterable[str]) -> str | None:
    """What a type of aws-native that nothing translates seems to be among those that rules read."""
    if not type_.startswith(NATIVE_PACKAGE) or natives_of(type_):
        return None
    service, _, name = type_.removeprefix(NATIVE_PACKAGE).lower().partition(":")
    wanted = {f"{service}:{name}", f"{service}:{name.removeprefix('db')}"}
    return next((known for known in sorted(read) if _short(known) in wanted), None)


def _short(type_: str) -> str:
    """`ecs:service` for `aws:ecs/service:Service`."""
    return type_.partition(":")[2].partition(":")[0].replace("/", ":").lower()


def _token(short: str) -> str:
    name = short.partition("/")[2]
    return f"aws:{short}:{name[0].upper()}{name[1:]}"


_CANONICAL = {_token(name): _token(used) for name, used in ALIASES.items()}
