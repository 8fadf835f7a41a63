"""AWS Systems Manager: Parameter Store."""

from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made


class Parameter(Behaviour):
    """A parameter, whose value a pipeline may change: the memory has it, with its history."""

    unique: ClassVar = {"name": "ParameterAlreadyExists: The parameter {name} already exists"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Put its first value."""
        name = inputs["name"]
        account.memory.put_parameter(name, inputs["value"])
        return name, {"arn": account.place.arn("ssm", f"parameter/{name.lstrip('/')}"), "version": 1}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Put another value."""
        if news["value"] != olds["value"]:
            account.memory.put_parameter(id_, news["value"])
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Forget its values."""
        account.memory.forget_parameter(id_)

    def drift(self, id_: str, account: Account) -> Properties:
        """Return the value that it has now."""
        history = account.memory.history(id_)
        return {"value": history[-1]} if history else {}


def get_parameters_by_path(arguments: Properties, account: Account) -> Properties:
    """Return the parameters below a path."""
    path = str(arguments["path"])
    found = account.memory.under(path, recursive=bool(arguments.get("recursive", True)))
    return {
        **arguments,
        "arns": [account.place.arn("ssm", f"parameter{name}") for name in found],
        "names": [*found],
        "types": ["String"] * len(found),
        "values": [*found.values()],
        "id": path,
    }
