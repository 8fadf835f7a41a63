"""The section of the settings for notifications."""

from components.observability.args import NOTIFICATIONS_DEFAULTS, NotificationsArgs

from ..arns import KeyArn, TopicArn
from ..kinds import EmailAddress
from ..section import Section


class Notifications(Section):
    """Where the stack reports what failed."""

    arguments_class = NotificationsArgs
    emails: list[EmailAddress] = NOTIFICATIONS_DEFAULTS["emails"]
    topic_arn: TopicArn | None = None
    kms_key_arn: KeyArn | None = None
