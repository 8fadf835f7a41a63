"""A task that runs and ends: on a schedule, or when somebody starts it."""

from typing import Any

import pulumi
import pulumi_aws as aws

from ..capacity.providers import completed
from ..common.arguments import complete
from ..common.arn import parse
from ..common.closed_queue import ClosedQueue, alarm_on_messages, closed_queue
from ..common.tagging import tagged
from ..tasks import running
from ..tasks.args import TaskArgs, default_family, is_bridge
from ..tasks.task import Task, task
from . import commands, failures, role_documents, schedules
from .args import JOB_DEFAULTS, JobArgs


class Job(pulumi.ComponentResource):
    """`container-platform:index:Job`: a task that runs and ends, on a schedule or when somebody starts it.

    Creates: an `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced), execution role, task role, log group,
    security group with its rules.
    Optional: an `aws:scheduler/schedule:Schedule` that runs the newest revision, with its role, a queue for runs that
    could not be delivered and an alarm on that; a rule that reports failed runs; a generated secret; instances instead
    of Fargate; bridge mode, in which tasks share the instances' security group and none is made.
    Needs: a cluster, private subnets, a repository.
    """

    name: pulumi.Output[str]
    """Name of the job, and of its container."""
    task_definition_arn: pulumi.Output[str]
    """ARN of the task definition's revision."""
    family: pulumi.Output[str]
    """Family of the task definitions, whose newest revision runs."""
    schedule_name: pulumi.Output[str]
    """Name of the schedule; empty for a job that somebody starts."""
    log_group_name: pulumi.Output[str]
    """Name of the log group."""
    security_group_id: pulumi.Output[str]
    """Id of the security group that the tasks connect from, for others to admit. In bridge mode the instances'."""
    task_role_name: pulumi.Output[str]
    """Name of the application's role, for grants."""
    role_arns: pulumi.Output[list[str]]
    """ARNs of the roles that tasks are started with, for others that start them."""
    dead_letter_queue_url: pulumi.Output[str]
    """URL of the queue that holds runs that could not be delivered; empty without a schedule."""
    image_parameter: pulumi.Output[str]
    """Name of the parameter for the image that is meant to run; empty without one."""
    run_command: pulumi.Output[str]
    """Shell command that runs the job once."""

    def __init__(self, name: str, args: JobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(JobArgs, args, *JOB_DEFAULTS)
        _check(values)
        own = tagged(values["tags"])
        super().__init__("container-platform:index:Job", name, {}, pulumi.ResourceOptions.merge(opts, own))
        self._child = pulumi.ResourceOptions(parent=self)
        runs = task(name, _tasks(values), self)
        group_id, ways_out = running.tasks_group(name, f"the job {values['job_name']}", values, self._child)
        subnets = None if is_bridge(values) else values["subnet_ids"]
        self.schedule_name = self.dead_letter_queue_url = pulumi.Output.from_input("")
        if "schedule" in values:
            self._schedule(name, values, runs, subnets, group_id, [runs.roles.execution_policy, *ways_out])
        if "notification_topic_arn" in values:
            self._report_failures(name, values, runs, values["notification_topic_arn"])
        self.image_parameter = running.image_parameter(name, values["job_name"], values, self)
        self.name = pulumi.Output.from_input(values["job_name"])
        self.task_definition_arn = runs.definition.arn
        self.family = runs.definition.family
        self.log_group_name = runs.log_group.name
        self.security_group_id = pulumi.Output.from_input(group_id)
        self.task_role_name = runs.roles.task.name
        self.role_arns = pulumi.Output.all(runs.roles.execution.arn, runs.roles.task.arn)
        self.run_command = pulumi.Output.all(
            cluster_arn=values["cluster_arn"],
            family=self.family,
            strategy=[
                {**item, "capacity_provider": running.provider_name(item["capacity_provider"], values)}
                for item in completed(values["capacity_provider_strategy"])
            ],
            subnet_ids=subnets or [],
            security_group_id=None if subnets is None else group_id,
        ).apply(lambda known: commands.run_task(**known, count=int(values["task_count"])))
        self.register_outputs({output: getattr(self, output) for output in Job.__annotations__})

    def _schedule(
        self,
        name: str,
        values: JobArgs,
        runs: Task,
        subnets: pulumi.Input[list[str]] | None,
        group_id: pulumi.Input[str],
        needed: list[pulumi.Resource],
    ) -> None:
        undelivered = self._undelivered(name, values)
        role, policy = self._scheduler_role(name, values, runs, undelivered.queue)
        window = int(values["flexible_window_minutes"])
        schedule = aws.scheduler.Schedule(
            name,
            group_name=values["schedule_group_name"],
            description=f"Runs the job {values['job_name']}",
            schedule_expression=values["schedule"],
            schedule_expression_timezone=values["time_zone"],
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(
                mode="FLEXIBLE" if window else "OFF", maximum_window_in_minutes=window or None
            ),
            # Before the first image there is nothing to run.
            state="ENABLED" if values["enabled"] and "image" in values else "DISABLED",
            target=aws.scheduler.ScheduleTargetArgs(
                arn=values["cluster_arn"],
                role_arn=role.arn,
                ecs_parameters=aws.scheduler.ScheduleTargetEcsParametersArgs(
                    # Without a revision ECS runs the newest, so that a release changes the definition alone.
                    task_definition_arn=_family_arn(values),
                    task_count=int(values["task_count"]),
                    capacity_provider_strategies=[
                        aws.scheduler.ScheduleTargetEcsParametersCapacityProviderStrategyArgs(
                            capacity_provider=running.provider_name(item["capacity_provider"], values),
                            weight=item["weight"],
                            base=item["base"],
                        )
                        for item in completed(values["capacity_provider_strategy"])
                    ],
                    network_configuration=None
                    if subnets is None
                    else aws.scheduler.ScheduleTargetEcsParametersNetworkConfigurationArgs(
                        subnets=subnets, security_groups=[group_id], assign_public_ip=False
                    ),
                    enable_ecs_managed_tags=True,
                    propagate_tags="TASK_DEFINITION",
                    enable_execute_command=values["execute_command"] or None,
                ),
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_retry_attempts=int(values["retries"]),
                    maximum_event_age_in_seconds=int(values["retry_for_seconds"]),
                ),
                dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(arn=undelivered.queue.arn),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[runs.definition, policy, undelivered.policy, *needed],
                # Two of them would run the job twice.
                delete_before_replace=True,
            ),
        )
        self.schedule_name = schedule.name
        self.dead_letter_queue_url = undelivered.queue.url

    def _undelivered(self, name: str, values: JobArgs) -> ClosedQueue:
        """Make the queue for runs that AWS did not accept, and the alarm that tells of one."""
        label = f"{name}-job-undelivered"
        made = closed_queue(label, parent=self)
        description = (
            f"A run of the job {values['job_name']} could not be started: its message in the dead-letter queue says "
            "why. docs/scheduled-tasks.md tells what to do."
        )
        alarm_on_messages(label, made.queue, description, values.get("notification_topic_arn"), self)
        return made

    def _scheduler_role(
        self, name: str, values: JobArgs, runs: Task, queue: aws.sqs.Queue
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{name}-schedule",
            path=values["role_path"],
            description=f"What EventBridge Scheduler needs to run the job {values['job_name']}",
            assume_role_policy=pulumi.Output.all(values["cluster_arn"], values["schedule_group_name"]).apply(
                lambda known: role_documents.scheduler_trust(known[0], known[1])
            ),
            opts=self._child,
        )
        document = pulumi.Output.all(
            cluster_arn=values["cluster_arn"],
            family_arn=_family_arn(values),
            role_arns=[runs.roles.execution.arn, runs.roles.task.arn],
            queue_arn=queue.arn,
        ).apply(lambda known: role_documents.scheduler_permissions(**known))
        policy = aws.iam.RolePolicy(f"{name}-schedule", role=role.name, policy=document, opts=self._child)
        return role, policy

    def _report_failures(self, name: str, values: JobArgs, runs: Task, topic_arn: pulumi.Input[str]) -> None:
        """Tell a topic of every run that fails."""
        label = f"{name}-job-failed"
        rule = aws.cloudwatch.EventRule(
            label,
            description=f"A run of the job {values['job_name']} failed",
            event_pattern=pulumi.Output.all(values["cluster_arn"], runs.definition.family).apply(
                lambda known: failures.pattern(known[0], known[1], values["job_name"])
            ),
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(
            label,
            rule=rule.name,
            arn=topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=failures.PATHS,
                input_template=pulumi.Output.all(values["cluster_arn"], runs.log_group.name).apply(
                    lambda known: failures.message(values["job_name"], known[0], known[1])
                ),
            ),
            opts=self._child,
        )


def _tasks(values: JobArgs) -> TaskArgs:
    """Return what the job says of its tasks."""
    tasks: Any = {name: value for name, value in values.items() if name in TaskArgs.__annotations__}
    tasks["service_name"] = values["job_name"]
    return tasks  # type: ignore[no-any-return]


def _check(values: JobArgs) -> None:
    """Refuse arguments that are wrong or do not go together, before anything is registered."""
    if "schedule" in values and (fault := schedules.problem(values["schedule"])):
        raise ValueError(f"schedule {values['schedule']!r} {fault}")
    running.check_network_mode(values)


def _family_arn(values: JobArgs) -> pulumi.Output[str]:
    """Return the ARN of the task definitions without a revision.

    The definition's own output is unknown in a preview of a new revision, which would show the schedule as changed.
    """
    family = values.get("family", default_family(values["job_name"]))
    return pulumi.Output.from_input(values["cluster_arn"]).apply(
        lambda arn: parse(arn).with_resource("ecs", f"task-definition/{family}")
    )
