"""Arguments that components of several areas take."""

from typing import TypedDict


class EgressRuleArgs(TypedDict):
    """One thing that the tasks may connect to."""

    port: int
    """TCP port."""
    cidr_block: str
    """IPv4 range."""
