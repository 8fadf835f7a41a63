"""Application Auto Scaling."""

import uuid
from typing import Final

from ..account import Account, Properties
from ..behaviour import Behaviour, Made
from ..place import hex_digits

_ROLE: Final = (
    "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
)


class Target(Behaviour):
    """What is scaled."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Register it, with the service's own role."""
        return inputs["resourceId"], {
            "arn": account.place.arn("application-autoscaling", f"scalable-target/{hex_digits(24)}"),
            "roleArn": account.place.arn("iam", _ROLE, regional=False),
        }


class Policy(Behaviour):
    """How it is scaled."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the policy's ARN, which has its target in it."""
        target = f"resource/{inputs['serviceNamespace']}/{inputs['resourceId']}:policyName/{inputs['name']}"
        arn = account.place.arn("autoscaling", f"scalingPolicy:{uuid.uuid4()}:{target}")
        return inputs["name"], {"arn": arn, "alarmArns": []}
