"""Where failures and alarms are sent."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.arn import parse
from ..common.waiting import after
from . import topic_documents
from .args import NOTIFICATIONS_DEFAULTS, NotificationsArgs


class Notifications(pulumi.ComponentResource):
    """`container-platform:index:Notifications`: one place to which a stack reports what failed.

    Creates: an encrypted `aws:sns/topic:Topic` that alarms and rules of its account publish to, by TLS only, with an
    `aws:kms/key:Key` of its own.
    Optional: subscriptions of e-mail addresses; an existing key, or an existing topic instead of all this.
    Needs: nothing.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the topic, for the actions of alarms and the targets of rules."""

    def __init__(self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(NotificationsArgs, args, NOTIFICATIONS_DEFAULTS)
        if "topic_arn" in values and ("kms_key_arn" in values or values["emails"]):
            raise ValueError("topic_arn names an existing topic: emails and kms_key_arn have no effect on it")
        super().__init__("container-platform:index:Notifications", name, {}, opts)
        self.topic_arn = (
            pulumi.Output.from_input(values["topic_arn"]) if "topic_arn" in values else self._topic(name, values)
        )
        self.register_outputs({"topic_arn": self.topic_arn})

    def _topic(self, name: str, values: NotificationsArgs) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(name, kms_master_key_id=values.get("kms_key_arn") or self._key(name).arn, opts=child)
        policy = aws.sns.TopicPolicy(
            name, arn=topic.arn, policy=topic.arn.apply(topic_documents.topic_policy), opts=child
        )
        for email in values["emails"]:
            aws.sns.TopicSubscription(f"{name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child)
        # Whoever publishes waits for the policy that lets it.
        return after(topic.arn, policy)

    def _key(self, name: str) -> aws.kms.Key:
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self))
        return aws.kms.Key(
            name,
            description="Encrypts the notifications of a stack of the container platform",
            enable_key_rotation=True,
            policy=caller.arn.apply(lambda arn: topic_documents.key_policy(parse(arn))),
            opts=pulumi.ResourceOptions(parent=self),
        )
