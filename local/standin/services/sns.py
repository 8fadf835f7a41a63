"""Amazon SNS."""

import uuid
from collections.abc import Iterator
from typing import ClassVar, Final

from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Named, Refused
from ..documents import resource_policy
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


class TopicSubscription(Behaviour):
    """Who gets what is published. An e-mail address must confirm it."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the protocol, and that the endpoint is one of its kind."""
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
