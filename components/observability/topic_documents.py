"""Who may publish to the topic and use its key, as plain documents."""

from typing import Final

from ..common import iam
from ..common.arn import Arn, parse

_SOURCES: Final = {"cloudwatch": "alarm:*", "events": "rule/*"}
"""Services that notify, and what of theirs does."""


def topic_policy(topic_arn: str) -> str:
    """Return the topic's policy: alarms and rules of its account and region publish, and everybody only by TLS.

    The account's own callers need no statement: their IAM policies decide, within the account.
    """
    home = parse(topic_arn)
    statements = [
        {
            "Sid": f"Publish{service.title()}",
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"ArnLike": {"aws:SourceArn": home.with_resource(service, resource)}},
        }
        for service, resource in _SOURCES.items()
    ]
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return iam.document([*statements, tls_only])


def key_policy(caller: Arn) -> str:
    """Return the policy of the topic's key: the account manages it, and the services that notify use it.

    No condition names their alarms and rules: EventBridge sends KMS none of the keys for that ("Amazon SNS key
    management"). The topic's own policy does.

    Args:
        caller: an ARN of the account.
    """
    statements = [
        {
            "Sid": "ManageByTheAccountsPolicies",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{caller.partition}:iam::{caller.account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "PublishEncrypted",
            "Effect": "Allow",
            "Principal": {"Service": [f"{service}.amazonaws.com" for service in _SOURCES]},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
        },
    ]
    return iam.document(statements)
