"""Amazon SNS."""

from typing import ClassVar

from ..account import Properties
from ..behaviour import Behaviour, Named
from ..documents import resource_policy
from ..place import Place


class Topic(Named):
    """A topic."""

    arn = "sns:{name}"
    arn_is_id = True

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its owner."""
        return {"owner": place.account}


class TopicPolicy(Behaviour):
    """Who may use a topic."""

    documents: ClassVar = {"policy": resource_policy}
