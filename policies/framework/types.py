"""One name for each resource type, however a program writes it. Rules and stacks know this name only."""

from policies.framework._aliases import ALIASES


def canonical(type_: str) -> str:
    """The name of a type that rules use: `aws:lb/listener:Listener` for `aws:alb/listener:Listener` and its like."""
    return _CANONICAL.get(type_, type_)


def aliases_of(type_: str) -> tuple[str, ...]:
    """The other names of a type that rules use."""
    return tuple(name for name, used in _CANONICAL.items() if used == type_)


def _token(short: str) -> str:
    name = short.partition("/")[2]
    return f"aws:{short}:{name[0].upper()}{name[1:]}"


_CANONICAL = {_token(name): _token(used) for name, used in ALIASES.items()}
