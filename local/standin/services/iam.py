"""AWS Identity and Access Management."""

from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made
from ..documents import identity_policy, trust_policy
from ..place import hex_digits


class Role(Behaviour):
    """A role."""

    unique: ClassVar = {"name": "EntityAlreadyExists: Role with name {name} already exists."}
    documents: ClassVar = {"assumeRolePolicy": trust_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which has its path."""
        name = inputs["name"]
        return name, {
            "arn": account.place.arn("iam", f"role{inputs.get('path') or '/'}{name}", regional=False),
            "uniqueId": f"AROA{hex_digits(16).upper()}",
            "createDate": "2026-01-01T00:00:00Z",
        }


class Policy(Behaviour):
    """A managed policy."""

    unique: ClassVar = {"name": "EntityAlreadyExists: A policy called {name} already exists."}
    documents: ClassVar = {"policy": identity_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which has its path and is its id."""
        arn = account.place.arn("iam", f"policy{inputs.get('path') or '/'}{inputs['name']}", regional=False)
        return arn, {"arn": arn, "policyId": f"ANPA{hex_digits(16).upper()}", "attachmentCount": 0}


class RolePolicy(Behaviour):
    """A policy inside a role."""

    documents: ClassVar = {"policy": identity_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: role and name."""
        return f"{inputs['role']}:{inputs['name']}", {}


class RolePolicyAttachment(Behaviour):
    """A managed policy on a role."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: role and policy."""
        return f"{inputs['role']}/{inputs['policyArn']}", {}


class InstanceProfile(Behaviour):
    """What gives a role to an instance."""

    unique: ClassVar = {"name": "EntityAlreadyExists: Instance Profile {name} already exists."}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which has its path."""
        name = inputs["name"]
        return name, {
            "arn": account.place.arn("iam", f"instance-profile{inputs.get('path') or '/'}{name}", regional=False),
            "uniqueId": f"AIPA{hex_digits(16).upper()}",
            "createDate": "2026-01-01T00:00:00Z",
        }
