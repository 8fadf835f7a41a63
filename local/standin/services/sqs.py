"""Amazon SQS."""

from typing import ClassVar

from ..account import Properties
from ..behaviour import Behaviour, Named
from ..documents import resource_policy
from ..place import Place


class Queue(Named):
    """A queue."""

    arn = "sqs:{name}"

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its address."""
        return {"url": f"https://sqs.{place.region}.{place.suffix}/{place.account}/{name}"}


class QueuePolicy(Behaviour):
    """Who may use a queue."""

    documents: ClassVar = {"policy": resource_policy}
