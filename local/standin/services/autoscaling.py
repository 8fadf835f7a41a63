"""EC2 Auto Scaling."""

import uuid
from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made


class Group(Behaviour):
    """A group of instances, of which none starts here."""

    unique: ClassVar = {"name": "AlreadyExists: AutoScalingGroup by this name already exists: {name}"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the group's ARN."""
        name = inputs["name"]
        arn = account.place.arn("autoscaling", f"autoScalingGroup:{uuid.uuid4()}:autoScalingGroupName/{name}")
        return name, {"arn": arn, "predictedCapacity": 0, "warmPoolSize": 0}
