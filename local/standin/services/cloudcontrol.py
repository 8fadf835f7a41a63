"""AWS Cloud Control: resource types that the plugin lacks."""

import json
from collections.abc import Iterator
from typing import Any

from .. import documents
from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made


class Resource(Behaviour):
    """Any resource type of CloudFormation."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the desired state against the API of the service whose type it is."""
        text = inputs.get("desiredState")
        if isinstance(text, str) and UNKNOWN not in text:
            try:
                reasons = list(_desired_state(inputs.get("typeName"), json.loads(text)))
            except ValueError as error:
                reasons = [f"is not valid JSON: {error}"]
            yield from (("desiredState", reason) for reason in reasons)

    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the desired state as reached; what exists once in a registry has the account's id."""
        return account.place.account, {"properties": inputs["desiredState"]}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Take the desired state as reached."""
        return {**news, "properties": news["desiredState"]}


def _desired_state(type_name: Any, content: Any) -> Iterator[str]:
    if type_name == "AWS::ECR::SigningConfiguration":
        yield from documents.against("ecr", "SigningConfiguration", _uncapitalised(content))
    else:
        yield from documents.json_object(content)


def _uncapitalised(value: Any) -> Any:
    """Return CloudFormation's names as the service's API has them: they differ in the first letter."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _uncapitalised(item) for key, item in value.items()}
    return [_uncapitalised(item) for item in value] if isinstance(value, list) else value
