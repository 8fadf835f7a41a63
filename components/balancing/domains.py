"""Names of a domain: which lie within which, and which records prove that they are ours."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NAME: Final = rf"^{_LABEL}([.]{_LABEL})+$"
"""A domain's name in small letters."""

NAME_OR_WILDCARD: Final = rf"^([*][.])?{_LABEL}([.]{_LABEL})+$"
"""The same, or every name directly below one: `*.example.com`."""

LONGEST: Final = 253
"""Characters that a name has at most (RFC 1035)."""


def bare(name: str) -> str:
    """Return a name without its wildcard."""
    return name.removeprefix("*.")


def is_within(name: str, zone: str) -> bool:
    """Tell whether records of a name belong into a zone."""
    return bare(name) == zone or bare(name).endswith(f".{zone}")


def proofs(names: Iterable[str]) -> list[str]:
    """Return the names to prove: a wildcard is proven by the record of the name below which it is."""
    return sorted({bare(name) for name in names})


def record_of(options: Sequence[Any], name: str) -> Mapping[str, str]:
    """Return name, type and value of the record that proves a name, from what ACM asks for."""
    for option in options:
        if bare(option.domain_name) == name:
            return {
                "name": option.resource_record_name,
                "type": option.resource_record_type,
                "value": option.resource_record_value,
            }
    raise ValueError(f"ACM asks for no record of {name}")
