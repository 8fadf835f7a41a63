"""What a Publication is made from."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class PublicationArgs(TypedDict):
    """What a Publication is made from."""

    path: str
    """Where the parameters are: `<path>/<name>`."""
    values: Mapping[str, pulumi.Input[str]]
    """Name to value, at most 8 KB; a name may have slashes. Nothing secret belongs here."""
