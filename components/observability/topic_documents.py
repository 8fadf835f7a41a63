"""Who may publish to the topic and use its key, as plain documents."""

from typing import Final

from ..common import iam, kms
from ..common.arn import Arn, parse

_SOURCES: Final = {"cloudwatch": "alarm:*", "events": "rule/*"}
"""Services that notify, and what of theirs does."""


def topic_policy(topic_arn: str) -> str:
    """Return the topic's policy: alarms and rules of its account and region publish, and everybody only by TLS.

    The account's own callers need no statement: their IAM policies decide, within the account.
    """
    home = parse(topic_arn)
    publish = [
        iam.allow_service(
            f"Publish{service.title()}",
            f"{service}.amazonaws.com",
            "sns:Publish",
            topic_arn,
            {"ArnLike": {"aws:SourceArn": home.with_resource(service, resource)}},
        )
        for service, resource in _SOURCES.items()
    ]
    return iam.document([*publish, iam.tls_only("sns:Publish", topic_arn)])


def key_policy(caller: Arn) -> str:
    """Return the policy of the topic's key: the account manages it, and the services that notify use it.

    No condition names their alarms and rules: EventBridge sends KMS none of the keys for that ("Amazon SNS key
    management"). The topic's own policy does.

    Args:
        caller: an ARN of the account.
    """
    services = [f"{service}.amazonaws.com" for service in _SOURCES]
    use = iam.allow_service("PublishEncrypted", services, ["kms:Decrypt", "kms:GenerateDataKey*"], "*")
    return iam.document([kms.managed_by_the_account(caller), use])
