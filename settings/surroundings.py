"""What is known of the stack besides its settings."""

from collections.abc import Callable
from typing import NamedTuple


class Surroundings(NamedTuple):
    """The stack's name, and the rest of its configuration. Nothing that depends on what is missing is checked."""

    region: str | None = None
    """Region of the stack, `aws:region`."""
    find_secret: Callable[[str], object | None] | None = None
    """Returns the secret of a configuration key; None if there is none."""
    project: str | None = None
    """Name of the project, as in Pulumi.yaml."""
    stack: str | None = None
    """Name of the stack."""
    default_tags: object = None
    """What `aws:defaultTags` holds."""
    keys: tuple[str, ...] = ()
    """Every configuration key of the stack that holds no secret, with its namespace."""
    any_region: bool = False
    """Whether `aws:skipRegionValidation` lets regions through that this program does not know."""
