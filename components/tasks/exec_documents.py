"""What ECS Exec needs of the role of tasks, as plain documents ("Using ECS Exec", Amazon ECS Developer Guide)."""

from ..common import iam

# Systems Manager's channels have no ARN: none of the four supports a resource (Service Authorization Reference).
_CHANNELS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


def permissions(log_group_arn: str, kms_key_arn: str = "") -> str:
    """Return what the agent in a container needs for sessions that are logged.

    Args:
        log_group_arn: the log group that keeps sessions, without `:*` at its end.
        kms_key_arn: the key that encrypts sessions and their log; empty without one.
    """
    statements = [
        iam.allow("OpenSessions", _CHANNELS, ["*"]),
        # The agent lists the log groups of the account to find its own, and whether that is encrypted.
        iam.allow("FindTheSessionLog", ["logs:DescribeLogGroups"], ["*"]),
        iam.allow(
            "WriteTheSessionLog",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [f"{log_group_arn}:*"],
        ),
    ]
    if kms_key_arn:
        statements.append(iam.allow("DecryptSessions", ["kms:Decrypt"], [kms_key_arn]))
    return iam.document(statements)
