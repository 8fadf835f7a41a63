"""Domain names: whether one is in a zone, and which records validate it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_LAST: Final = "[a-z0-9][a-z0-9-]{0,61}[a-z0-9]"  # ACM takes no shorter one (DomainNameString)
NAME: Final = rf"^({_LABEL}[.])+{_LAST}$"
"""A domain name in lower case."""

NAME_OR_WILDCARD: Final = rf"^([*][.])?({_LABEL}[.])+{_LAST}$"
"""The same, or a wildcard for every name directly below one: `*.example.com`."""

LONGEST: Final = 253
"""Most characters that a name may have (RFC 1035)."""


def bare(name: str) -> str:
    """Return a name without its wildcard."""
    return name.removeprefix("*.")


def is_within(name: str, zone: str) -> bool:
    """Tell whether a name is in a zone."""
    return bare(name) == zone or bare(name).endswith(f".{zone}")


def proofs(names: Iterable[str]) -> list[str]:
    """Return the names to validate; `*.example.com` is validated by the record of `example.com`."""
    return sorted({bare(name) for name in names})


def record_of(options: Sequence[Any], name: str) -> Mapping[str, str]:
    """Return name, type and value of the record that validates a name, from those that ACM asks for."""
    for option in options:
        if bare(option.domain_name) == name:
            return {
                "name": option.resource_record_name,
                "type": option.resource_record_type,
                "value": option.resource_record_value,
            }
    raise ValueError(f"ACM asks for no record of {name}")
