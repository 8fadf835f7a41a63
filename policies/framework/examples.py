"""The cases a rule file carries: small stacks, and what the rule must say of them. Plain data; the tests run them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

UNKNOWN = UNKNOWN_STRING_VALUE
"""Stands for a value that the engine does not know at preview."""


@dataclass(frozen=True)
class SecretValue:
    """A value the program marked secret. No message may show it."""

    value: Any


@dataclass(frozen=True)
class Provider:
    """An explicit provider: two resources share it if it is equal."""

    name: str = "default"
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Res:
    """One resource of an example.

    :ivar inputs: its inputs under their pulumi-aws names, as the provider has checked them.
    :ivar outputs: what its outputs add to or change in the inputs.
    :ivar depends: the names of the resources behind each top-level property.
    :ivar parent: the name of the parent resource.
    """

    type: str
    name: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    provider: Provider | None = None
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parent: str = ""


@dataclass(frozen=True)
class Expect:
    """One expected finding.

    :ivar id: the finding's id, exactly.
    :ivar on: the name of the resource it is about.
    :ivar says: texts that the message must hold.
    """

    id: str
    on: str
    says: Sequence[str] = ()


@dataclass(frozen=True)
class Example:
    """One case. Passing with neither findings nor undecided ones, unknown with undecided ones, failing otherwise.

    :ivar name: a sentence saying what is special about it.
    :ivar resources: the stack, in the order of registration.
    :ivar findings: exactly the violations expected.
    :ivar undecided: exactly the cases expected undecided; `id` is `Undecided::<property>`.
    :ivar exempted: exactly the findings expected as exempted.
    :ivar settings: the rule's configuration, as in the pack's JSON file.
    :ivar source: where the fact behind it is written, as the address of a page of AWS or of a vendor.
    """

    name: str
    resources: Sequence[Res]
    findings: Sequence[Expect] = ()
    undecided: Sequence[Expect] = ()
    exempted: Sequence[Expect] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def kind(self) -> str:
        """`passing`, `failing` or `unknown`."""
        if self.undecided:
            return "unknown"
        return "failing" if self.findings else "passing"
