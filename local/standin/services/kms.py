"""AWS Key Management Service."""

import uuid
from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Named
from ..documents import resource_policy


class Key(Behaviour):
    """A key."""

    documents: ClassVar = {"policy": resource_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id and ARN."""
        id_ = str(uuid.uuid4())
        return id_, {"keyId": id_, "arn": account.place.arn("kms", f"key/{id_}")}


class Alias(Named):
    """A name of a key."""

    unique: ClassVar = {"name": "AlreadyExistsException: An alias with the name {name} already exists"}
    arn = "kms:{name}"
