"""What a queue worker may do, as plain documents."""

from ..common import iam
from ..common.arn import parse


def worker_permissions(queue_arn: str, cluster_arn: str, kms_key_arn: str | None) -> str:
    """Return what a worker's tasks may do: receive from this queue, and protect themselves from being stopped.

    The batches of DeleteMessage and ChangeMessageVisibility are the same permissions as the single calls ("Amazon SQS
    API permissions", SQS Developer Guide).
    """
    cluster = parse(cluster_arn)
    tasks = cluster.with_resource("ecs", f"task/{cluster.resource.partition('/')[2]}/*")
    statements = [
        iam.allow(
            "ProcessMessages",
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            [queue_arn],
        ),
        iam.allow(
            "ProtectTasks",
            ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
            [tasks],
            {"ArnEquals": {"ecs:cluster": cluster_arn}},
        ),
    ]
    if kms_key_arn:
        # Who receives needs no more ("Amazon SQS key management": GenerateDataKey is for who sends).
        statements.append(iam.allow("DecryptMessages", ["kms:Decrypt"], [kms_key_arn]))
    return iam.document(statements)
