"""AWS Secrets Manager."""

import secrets
import string
import uuid
from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Refused


class Secret(Behaviour):
    """A secret."""

    unique: ClassVar = {"name": "ResourceExistsException: The secret {name} already exists"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which ends in six random characters."""
        if account.memory.is_scheduled(inputs["name"]):
            raise Refused(
                "InvalidRequestException: You can't create this secret because a secret with this name is already "
                f"scheduled for deletion: {inputs['name']}"
            )
        ending = secrets.token_urlsafe(8)[:6].replace("-", "x")
        arn = account.place.arn("secretsmanager", f"secret:{inputs['name']}-{ending}")
        return arn, {"arn": arn}

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Keep its name for the recovery window, which is 30 days if nothing else is said."""
        if properties.get("recoveryWindowInDays", 30):
            account.memory.schedule_deletion(properties["name"])


class SecretVersion(Behaviour):
    """A value of a secret."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Make it the current version."""
        version = str(uuid.uuid4())
        made = {"arn": inputs["secretId"], "versionId": version, "versionStages": ["AWSCURRENT"]}
        return f"{inputs['secretId']}|{version}", made

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Make another version."""
        return {**news, "versionId": str(uuid.uuid4())}


def get_random_password(arguments: Properties, account: Account) -> Properties:
    """Return a password of the characters that are allowed."""
    excluded = set(arguments.get("excludeCharacters", ""))
    characters = [one for one in string.ascii_letters + string.digits + string.punctuation if one not in excluded]
    password = "".join(secrets.choice(characters) for _ in range(int(arguments.get("passwordLength", 32))))
    return {**arguments, "randomPassword": password, "id": "password"}
