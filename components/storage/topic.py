"""A topic for an application's messages."""

from typing import Final

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.arguments import complete
from ..common.waiting import after
from .queue_args import FIFO_TOPIC_DEFAULTS, TOPIC_LINK_DEFAULTS, FifoTopicArgs, TopicArgs

_ACCOUNTS_KEY: Final = "alias/aws/sns"
"""The account's own key for SNS."""


class Topic(pulumi.ComponentResource):
    """`container-platform:index:Topic`: a topic that whatever is linked to it publishes to.

    Creates: an encrypted `aws:sns/topic:Topic`, by TLS only.
    Optional: a fifo topic; a KMS key.
    Needs: nothing. Queues subscribe to it.
    """

    arn: pulumi.Output[str]
    """ARN of the topic, for links, subscriptions and permissions."""

    def __init__(self, name: str, args: TopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(TopicArgs, args, TOPIC_LINK_DEFAULTS)
        super().__init__("container-platform:index:Topic", name, {}, opts)
        fifo = complete(FifoTopicArgs, values["fifo"], FIFO_TOPIC_DEFAULTS) if "fifo" in values else None
        topic = aws.sns.Topic(
            name,
            # The provider takes 26 characters for itself, and .fifo, of 256.
            name_prefix=f"{values['prefix']}-",
            kms_master_key_id=values.get("kms_key_arn", _ACCOUNTS_KEY),
            fifo_topic=True if fifo else None,
            content_based_deduplication=fifo["content_based_deduplication"] if fifo else None,
            opts=pulumi.ResourceOptions(parent=self, protect=bool(values["protect"])),
        )
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            # The account's own callers need no statement: their IAM policies decide, within the account.
            policy=topic.arn.apply(lambda arn: iam.document([iam.tls_only("sns:Publish", arn)])),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Whoever publishes waits for the policy that closes it.
        self.arn = after(topic.arn, policy)
        self.register_outputs({"arn": self.arn})
