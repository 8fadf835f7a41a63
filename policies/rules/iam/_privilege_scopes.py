"""Cases of iam-least-privilege: what can be limited to resources, and which conditions and wildcards limit."""

from policies.framework import Example


def scope_cases() -> tuple[Example, ...]:
    """The cases."""
    return ()
