"""Small stacks of roles, policies and task definitions, for the cases of the identity rules."""

import json
from collections.abc import Mapping
from typing import Any

from policies.framework import UNKNOWN, Res
from policies.rules.common.roles import ATTACHMENT, POLICY, ROLE, ROLE_POLICY, TASK_DEFINITION

ACCOUNT = "123456789012"


def document(*statements: Mapping[str, Any]) -> str:
    """A policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    actions: Any,
    resources: Any = "*",
    condition: Any = None,
    **other: Any,
) -> dict[str, Any]:
    """An Allow statement, of whatever form; `other` adds or replaces elements, `None` takes one out."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources, "Condition": condition, **other}
    return {name: value for name, value in statement.items() if value is not None}


def trust(principal: Any = None, condition: Mapping[str, Mapping[str, Any]] | None = None, **other: Any) -> str:
    """A trust policy, by default that of tasks."""
    principal = {"Service": "ecs-tasks.amazonaws.com"} if principal is None else principal
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": principal,
        "Condition": condition,
        **other,
    }
    return document({name: value for name, value in statement.items() if value is not None})


PEOPLE = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/operators"})
"""The trust policy of a role that people have."""


class Builder:
    """Resources as a first preview (`known=False`) or an update has them."""

    def __init__(self, known: bool) -> None:
        self._known = known

    def _id(self, value: str) -> str:
        return value if self._known else UNKNOWN

    def role(self, name: str, trusted: Any = None, **inputs: Any) -> Res:
        """A role, by default one of tasks. The provider gives it its name before AWS does."""
        given = {"name": name, "path": "/", "assumeRolePolicy": trust() if trusted is None else trusted, **inputs}
        return Res(ROLE, name, given, {"id": self._id(name), "arn": self._id(f"arn:aws:iam::{ACCOUNT}:role/{name}")})

    def inline(self, role: str, content: Any, name: str = "app") -> Res:
        """An inline policy resource of a role."""
        given = {"role": self._id(role), "policy": content}
        return Res(ROLE_POLICY, name, given, depends={"role": [role]})

    def policy(self, name: str, content: Any) -> Res:
        """A managed policy."""
        arn = self._id(f"arn:aws:iam::{ACCOUNT}:policy/{name}")
        return Res(POLICY, name, {"name": name, "path": "/", "policy": content}, {"arn": arn})

    def attach(self, role: str, policy: str, name: str = "attached") -> Res:
        """The attachment of a managed policy of the stack, or of one by its ARN."""
        if policy.startswith("arn:"):
            return Res(ATTACHMENT, name, {"role": self._id(role), "policyArn": policy}, depends={"role": [role]})
        given = {"role": self._id(role), "policyArn": self._id(f"arn:aws:iam::{ACCOUNT}:policy/{policy}")}
        return Res(ATTACHMENT, name, given, depends={"role": [role], "policyArn": [policy]})

    def task(self, task: str = "task", execution: str = "", name: str = "web") -> Res:
        """A task definition with a task role and, by choice, an execution role."""
        given = {"taskRoleArn": self._id(f"arn:aws:iam::{ACCOUNT}:role/{task}")}
        depends = {"taskRoleArn": [task]}
        if execution:
            given["executionRoleArn"] = self._id(f"arn:aws:iam::{ACCOUNT}:role/{execution}")
            depends["executionRoleArn"] = [execution]
        return Res(TASK_DEFINITION, name, given, depends=depends)


PREVIEW, UPDATE = Builder(known=False), Builder(known=True)
