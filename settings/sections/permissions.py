"""The section of the settings for what applications may do."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from components.tasks.permissions import PERMISSION_DEFAULTS, PermissionArgs

from ..kinds import Text
from ..section import Section

ActionName = Annotated[
    str, Text(r"^[^\s:]+:[^\s:]+$|^[*]$", "an action by its whole name: s3:GetObject", max_length=128)
]
ResourcePattern = Annotated[
    str,
    Text(
        r"^[*]$|^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$",
        'the whole ARN of what the actions work on: arn:aws:s3:::uploads/*; or "*" for actions that cannot be limited',
        refused=r"\s",
        max_length=1600,
    ),
]


def _texts(value: Any) -> Any:
    """Return the values of a condition as texts in a list, which IAM takes like all other forms."""
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


ConditionValues = Annotated[list[str], BeforeValidator(_texts), Field(min_length=1)]


class Permission(Section):
    """Actions that the application may take, and on what."""

    arguments_class = PermissionArgs
    actions: Annotated[list[ActionName], Field(min_length=1)]
    resources: Annotated[list[ResourcePattern], Field(min_length=1)]
    conditions: dict[str, dict[str, ConditionValues]] = PERMISSION_DEFAULTS["conditions"]
