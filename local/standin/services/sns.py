"""Amazon SNS."""

import json
import math
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Named, Refused
from ..documents import json_object, resource_policy
from ..place import Place

_TOPIC: Final = "aws:sns/topic:Topic"
# Subscribe, SNS API.
_PROTOCOLS: Final = ("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs")


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

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: the topic's ARN."""
        return str(inputs["arn"]), {"owner": account.place.account}


_MOST_FILTER_KEYS: Final = 5
_MOST_COMBINATIONS: Final = 150
"""Of the values of a filter policy ("Filter policy constraints", SNS Developer Guide)."""


def _filter_policy(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        yield "must be a JSON object"
        return
    leaves = list(_leaves(content))
    if any(not isinstance(leaf, list) or not leaf for leaf in leaves):
        yield "FilterPolicy: a value must be an array that is not empty, or an object"
        return
    if len(leaves) > _MOST_FILTER_KEYS:
        yield f"FilterPolicy: Filter policy can not have more than {_MOST_FILTER_KEYS} keys"
    if math.prod(map(len, leaves)) > _MOST_COMBINATIONS:
        yield "FilterPolicy: Filter policy is too complex"


def _leaves(content: dict[str, Any]) -> Iterator[Any]:
    for value in content.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield value


def _values(text: str) -> Iterable[Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return ()
    return content.values() if isinstance(content, dict) else ()


class TopicSubscription(Behaviour):
    """Who gets what is published. An e-mail address must confirm it."""

    unique: ClassVar = {
        "topic,protocol,endpoint": "InvalidParameter: Invalid parameter: Attributes Reason: Subscription already "
        "exists with different attributes"
    }
    documents: ClassVar = {"filterPolicy": _filter_policy, "redrivePolicy": json_object}

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the protocol, and that the endpoint is one of its kind."""
        fifo_queue = inputs.get("protocol") == "sqs" and str(inputs.get("endpoint")).endswith(".fifo")
        if fifo_queue and not str(inputs.get("topic")).endswith(".fifo") and inputs.get("topic") != UNKNOWN:
            yield "endpoint", "FIFO SQS Queues can not be subscribed to standard SNS topics"
        if inputs.get("filterPolicyScope") and not inputs.get("filterPolicy"):
            yield "filterPolicyScope", "needs a filterPolicy"
        if (
            inputs.get("filterPolicyScope") == "MessageAttributes"
            and isinstance(text := inputs.get("filterPolicy"), str)
            and any(isinstance(value, dict) for value in _values(text))
        ):
            yield "filterPolicy", "FilterPolicy: only a policy with the scope MessageBody can be nested"
        protocol, endpoint = inputs.get("protocol"), str(inputs.get("endpoint"))
        if protocol not in (*_PROTOCOLS, UNKNOWN):
            yield "protocol", f"must be one of {', '.join(_PROTOCOLS)} and is {protocol!r}"
        elif str(protocol).startswith("email") and "@" not in endpoint and endpoint != UNKNOWN:
            yield "endpoint", f"Invalid parameter: Email address: {endpoint}"

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse a topic that does not exist in this account."""
        topic, account_id = str(inputs["topic"]), account.place.account
        if topic.split(":")[4] == account_id and not any(one["arn"] == topic for one in account.of(_TOPIC)):
            raise Refused("NotFound: Topic does not exist")
        arn, waits = f"{topic}:{uuid.uuid4()}", str(inputs["protocol"]).startswith("email")
        return arn, {
            "arn": arn,
            "ownerId": account_id,
            "pendingConfirmation": waits,
            "confirmationWasAuthenticated": not waits,
        }
