"""The group that a stack's schedules are in."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .args import ScheduleGroupArgs


class ScheduleGroup(pulumi.ComponentResource):
    """`container-platform:index:ScheduleGroup`: a group of schedules, which has tags and permissions of its own.

    Creates: an `aws:scheduler/scheduleGroup:ScheduleGroup`.
    Optional: nothing.
    Needs: nothing.
    """

    name: pulumi.Output[str]
    """Name of the group."""

    def __init__(self, name: str, args: ScheduleGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ScheduleGroupArgs, args)
        super().__init__("container-platform:index:ScheduleGroup", name, {}, opts)
        group = aws.scheduler.ScheduleGroup(
            name,
            name=values["group_name"],
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.name = group.name
        self.register_outputs({"name": self.name})
