"""What an application may do: the statements of its task role, as plain data."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, TypedDict

import pulumi

from ..common import iam


class PermissionChoices(TypedDict, total=False):
    """What a person may leave out of a permission."""

    conditions: dict[str, dict[str, list[str]]]
    """Conditions of IAM: operator to condition key to values. Defaults to none."""


class PermissionArgs(PermissionChoices):
    """Actions that the application may take, and on what."""

    actions: list[str]
    """Actions by their whole names, such as s3:GetObject."""
    resources: list[pulumi.Input[str]]
    """ARNs of what they work on, with `*` in the part that is a name; a lone `*` for actions that cannot be limited."""


PERMISSION_DEFAULTS: Final[PermissionChoices] = {"conditions": {}}


def digest(permissions: Sequence[PermissionArgs]) -> str:
    """Return a short text that other permissions do not have; empty where a resource is not known yet."""
    if not all(isinstance(resource, str) for one in permissions for resource in one["resources"]):
        return ""
    return hashlib.sha256(document(permissions).encode()).hexdigest()[:8]


def document(permissions: Sequence[Any]) -> str:
    """Return the policy that grants these permissions, whose resources are known."""
    return iam.document(
        [
            iam.allow(
                f"Granted{number}",
                one["actions"],
                one["resources"],
                {operator: dict(sorted(keys.items())) for operator, keys in sorted(one.get("conditions", {}).items())},
            )
            for number, one in enumerate(permissions, 1)
        ]
    )
