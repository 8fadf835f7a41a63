"""What the publication is made from."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class PublicationArgs(TypedDict):
    """What a Publication is made from."""

    path: str
    """Path of the parameters: `<path>/<name>`."""
    values: Mapping[str, pulumi.Input[str]]
    """The values by name, each at most 8 KB. A name may have slashes. Values are plain text: put no secrets here."""
