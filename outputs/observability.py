"""The contract with other projects: what is published of notifications."""

from typing import TypedDict

import pulumi


class ObservabilityOutputs(TypedDict):
    """What is published of notifications."""

    notificationTopicArn: pulumi.Input[str]
    """ARN of the SNS topic to which the stack reports what failed, for alarms and rules of others, and for further
    subscriptions; empty where it reports nothing."""
