"""What notifications are made from."""

from typing import Final, TypedDict


class NotificationsChoices(TypedDict, total=False):
    """What a person chooses of Notifications."""

    emails: list[str]
    """E-mail addresses to notify; each must confirm once. Defaults to none: others subscribe to the topic, which an
    output names."""
    topic_arn: str
    """ARN of an existing SNS topic to notify, in the same region, instead of one made for the stack. Its policy, and
    that of its KMS key, must let CloudWatch and EventBridge publish. Defaults to none: a topic is made."""
    kms_key_arn: str
    """ARN of an existing KMS key that encrypts the topic. Its policy must let CloudWatch and EventBridge use it: those
    cannot publish to a topic with SNS's own key. Defaults to none: a key is made."""


class NotificationsArgs(NotificationsChoices):
    """What Notifications are made from."""


NOTIFICATIONS_DEFAULTS: Final[NotificationsChoices] = {"emails": []}
