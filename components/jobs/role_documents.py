"""What EventBridge Scheduler may do to start a job, as plain documents."""

from collections.abc import Sequence

from ..common import iam
from ..common.arn import parse


def scheduler_trust(cluster_arn: str, group_name: str) -> str:
    """Return a trust policy that lets Scheduler assume a role for the schedules of one group.

    AWS documents the group's ARN here, and advises against that of a schedule ("Confused deputy prevention in
    EventBridge Scheduler").
    """
    home = parse(cluster_arn)
    return iam.service_trust(
        "scheduler.amazonaws.com", home.account_id, home.with_resource("scheduler", f"schedule-group/{group_name}")
    )


def scheduler_permissions(cluster_arn: str, family_arn: str, role_arns: Sequence[str], queue_arn: str) -> str:
    """Return what starting the tasks of one family on one cluster takes.

    Args:
        cluster_arn: ARN of the cluster.
        family_arn: ARN of the task definitions without a revision.
        role_arns: the roles that the tasks are started with.
        queue_arn: the queue for runs that could not be delivered.
    """
    home = parse(cluster_arn)
    tasks = home.with_resource("ecs", f"task/{home.resource.partition('/')[2]}/*")
    return iam.document(
        [
            # Asked for without a revision, ECS runs the newest one, and IAM judges that.
            iam.allow(
                "RunTheJob",
                ["ecs:RunTask"],
                [family_arn, f"{family_arn}:*"],
                {"ArnEquals": {"ecs:cluster": cluster_arn}},
            ),
            iam.allow("TagItsTasks", ["ecs:TagResource"], [tasks], {"StringEquals": {"ecs:CreateAction": "RunTask"}}),
            iam.allow(
                "GiveTasksTheirRoles",
                ["iam:PassRole"],
                role_arns,
                {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            iam.allow("KeepUndeliveredRuns", ["sqs:SendMessage"], [queue_arn]),
        ]
    )
