"""Amazon SQS."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Refused
from ..documents import resource_policy
from ..place import hex_digits

_QUEUE: Final = "aws:sqs/queue:Queue"
# SetQueueAttributes, SQS API.
_LIMITS: Final = {
    "delaySeconds": (0, 900),
    "maxMessageSize": (1024, 1_048_576),
    "messageRetentionSeconds": (60, 1_209_600),
    "receiveWaitTimeSeconds": (0, 20),
    "visibilityTimeoutSeconds": (0, 43_200),
}
_LONGEST_NAME: Final = 80
_FIFO: Final = ".fifo"


def _redrive(content: Any) -> Iterator[str]:
    count = content.get("maxReceiveCount") if isinstance(content, dict) else None
    if not isinstance(content, dict) or set(content) != {"deadLetterTargetArn", "maxReceiveCount"}:
        yield "must be an object of deadLetterTargetArn and maxReceiveCount"
    elif not (isinstance(count, int) and 1 <= count <= 1000):
        yield f"maxReceiveCount must be a number from 1 to 1000 and is {count!r}"


def _redrive_allow(content: Any) -> Iterator[str]:
    permission = content.get("redrivePermission") if isinstance(content, dict) else None
    if permission not in ("allowAll", "byQueue", "denyAll"):
        yield f"redrivePermission must be allowAll, byQueue or denyAll and is {permission!r}"
    elif (permission == "byQueue") is not ("sourceQueueArns" in content):
        yield "sourceQueueArns belongs to byQueue, and only to that"
    elif len(content.get("sourceQueueArns", ())) > 10:
        yield "sourceQueueArns can have at most 10 items"


class Queue(Behaviour):
    """A queue. Its id is its address."""

    unique: ClassVar = {"name": "QueueAlreadyExists: A queue named {name} already exists"}
    documents: ClassVar = {
        "policy": resource_policy,
        "redrivePolicy": _redrive,
        "redriveAllowPolicy": _redrive_allow,
    }

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the limits of numbers and names, and that there is one encryption."""
        for name, (least, most) in _LIMITS.items():
            value = inputs.get(name)
            if isinstance(value, int | float) and not least <= value <= most:
                yield name, f"must be from {least} to {most} and is {value:g}"
        name, fifo = str(inputs.get("name") or ""), bool(inputs.get("fifoQueue"))
        if len(name) > _LONGEST_NAME:
            yield "name", f"can have at most {_LONGEST_NAME} characters"
        if name and name != UNKNOWN and name.endswith(_FIFO) is not fifo:
            yield "name", "of a fifo queue ends in .fifo, and of no other one"
        yield from _fifo_faults(inputs, fifo=fifo)
        if inputs.get("sqsManagedSseEnabled") and inputs.get("kmsMasterKeyId"):
            yield "sqsManagedSseEnabled", "conflicts with kmsMasterKeyId: a queue has one type of encryption"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its address and ARN."""
        _refuse_lost_letters(inputs, account)
        place = account.place
        made = f"{inputs.get('namePrefix', 'queue-')}{hex_digits(26)}{_FIFO if inputs.get('fifoQueue') else ''}"
        name = inputs.get("name") or made
        url = f"https://sqs.{place.region}.{place.suffix}/{place.account}/{name}"
        return url, {"arn": place.arn("sqs", name), "url": url, "name": name}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse a dead-letter queue that does not exist."""
        _refuse_lost_letters(news, account)
        return news


def _refuse_lost_letters(queue: Properties, account: Account) -> None:
    text = queue.get("redrivePolicy")
    if not text or UNKNOWN in text:
        return
    target = json.loads(text)["deadLetterTargetArn"]
    found = next((one for one in account.of(_QUEUE) if one["arn"] == target), None)
    if found is None:
        raise Refused(
            f"InvalidParameterValue: Value {text} for parameter RedrivePolicy is invalid. Reason: Dead letter target "
            "does not exist."
        )
    if bool(found.get("fifoQueue")) is not bool(queue.get("fifoQueue")):
        raise Refused("InvalidParameterValue: Dead-letter queue must be same type of queue as the source.")


def _fifo_faults(inputs: Properties, *, fifo: bool) -> Iterator[Fault]:
    """Check what only a fifo queue has (CreateQueue, SQS API)."""
    scope, limit = inputs.get("deduplicationScope"), inputs.get("fifoThroughputLimit")
    if not fifo:
        for name in ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"):
            if inputs.get(name):
                yield name, "can only be set for a fifo queue"
    elif limit == "perMessageGroupId" and scope not in ("messageGroup", UNKNOWN):
        yield "fifoThroughputLimit", "perMessageGroupId needs the deduplicationScope messageGroup"


class RedriveAllowPolicy(Behaviour):
    """Which queues may name one as their dead-letter queue."""

    documents: ClassVar = {"redriveAllowPolicy": _redrive_allow}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: the queue's address. The queue must be there."""
        url = str(inputs["queueUrl"])
        if not any(one["id"] == url for one in account.of(_QUEUE)):
            raise Refused("AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.")
        return url, {}


class QueuePolicy(Behaviour):
    """Who may use a queue."""

    documents: ClassVar = {"policy": resource_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: the queue's address."""
        return str(inputs["queueUrl"]), {}
