"""Where the stack reports what failed."""

from typing import NamedTuple, TypedDict

import pulumi

import settings
from components import Notifications
from components.observability.args import NotificationsArgs
from outputs.observability import ObservabilityOutputs


class Reports(NamedTuple):
    """Where alarms and rules report."""

    topic_arn: pulumi.Output[str] | None
    """ARN of the SNS topic; none in a stack that has nothing to report."""


def observability(platform: settings.Platform) -> Reports:
    """Make the topic for notifications, if the settings ask for it or there is something to report."""
    if platform.notifications is None and not platform.reports:
        return Reports(None)
    args: NotificationsArgs = platform.notifications.given(NotificationsArgs) if platform.notifications else {}
    return Reports(Notifications("notifications", args).topic_arn)


def observability_outputs(reports: Reports) -> ObservabilityOutputs:
    """Return what is published of notifications."""
    return {"notificationTopicArn": "" if reports.topic_arn is None else reports.topic_arn}


class Reported(TypedDict, total=False):
    """Where a component reports what failed."""

    notification_topic_arn: pulumi.Input[str]


def reported(reports: Reports) -> Reported:
    """Return the topic that a component reports to, if the stack has one."""
    return {} if reports.topic_arn is None else {"notification_topic_arn": reports.topic_arn}
