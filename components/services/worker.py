"""A service that gets no requests: tasks that find their work themselves."""

import pulumi

from ..common.arguments import complete
from ..tasks import running
from ..tasks.task import task
from . import keeping, scaling_policies
from .args import WORKER_DEFAULTS, WorkerArgs


class Worker(keeping.Kept):
    """`container-platform:index:Worker`: a service without a load balancer. Nothing connects to its tasks.

    Creates: an `aws:ecs/service:Service` with its `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced, for
    rollbacks), execution role, task role, log group, security group with its rules; if there is room to scale, an
    `aws:appautoscaling/target:Target` and its policies.
    Optional: alarms for step scaling, scheduled actions; a generated secret; instances instead of Fargate; bridge mode,
    in which tasks share the instances' security group and none is made.
    Needs: a cluster, private subnets, a repository.
    """

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(WorkerArgs, args, *WORKER_DEFAULTS)
        running.check_network_mode(values)
        super().__init__("Worker", name, opts, values["tags"])
        child = pulumi.ResourceOptions(parent=self)
        group_id, ways_out = running.tasks_group(name, f"the service {values['service_name']}", values, child)
        scaling = scaling_policies.on_metrics(name, values, child)
        self.register_outputs(self.keep(name, values, task(name, values, self), group_id, ways_out, scaling))
