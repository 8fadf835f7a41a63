"""AWS CodeConnections."""

import uuid

from ..account import Account, Properties
from ..behaviour import Behaviour, Made


class Connection(Behaviour):
    """A connection that nobody has accepted yet."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Leave it pending: a person accepts it in the console."""
        arn = account.place.arn("codeconnections", f"connection/{uuid.uuid4()}")
        return arn, {"arn": arn, "connectionStatus": "PENDING"}
