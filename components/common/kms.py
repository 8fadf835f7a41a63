"""KMS key policies as plain data: who may use a key, and for what."""

from . import iam
from .arn import Arn, domain


def managed_by_the_account(caller: Arn) -> iam.Statement:
    """Return the statement that keeps a key manageable: the account's IAM policies say who may do what with it.

    Args:
        caller: an ARN of the account.
    """
    return {
        "Sid": "ManageByTheAccountsPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{caller.partition}:iam::{caller.account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def logs_key_policy(caller: Arn, region: str, log_group: str) -> str:
    """Return the policy of a key that encrypts one log group.

    CloudWatch Logs may use it for that group only ("Encrypt log data in CloudWatch Logs using AWS KMS", Amazon
    CloudWatch Logs User Guide).

    Args:
        caller: an ARN of the account.
        region: name of the region.
        log_group: name of the log group.
    """
    partition, account = caller.partition, caller.account_id
    group = f"arn:{partition}:logs:{region}:{account}:log-group:{log_group}"
    statements = [
        managed_by_the_account(caller),
        iam.allow_service(
            "EncryptOneLogGroup",
            f"logs.{region}.{domain(partition)}",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "*",
            {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
        ),
    ]
    return iam.document(statements)
