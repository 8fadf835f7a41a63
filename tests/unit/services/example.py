"""A service to test: `web`, with what a service needs, and whatever a test changes."""

import json
from typing import Any, Final, Unpack

import pulumi

from components import Service, ServiceArgs, Worker, WorkerArgs
from components.services.args import ServiceChoices, ServiceLinks, WorkerChoices, WorkerLinks
from components.tasks.args import TaskChoices, TaskLinks

from ..conftest import ACCOUNT, REGION, Engine


class Changes(TaskChoices, TaskLinks, ServiceChoices, ServiceLinks, total=False):
    """What a test may change."""

    cluster_arn: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]


class WorkerChanges(TaskLinks, WorkerChoices, WorkerLinks, total=False):
    """What a test may change of a worker."""


NEEDED: Final[ServiceArgs] = {
    "service_name": "dev-web",
    "cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
    "cluster_name": "main",
    "vpc_id": "vpc-0abc",
    "subnet_ids": ["subnet-private-a"],
    "load_balancer_security_group_id": "sg-balancer",
    "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/web",
    "repository_arn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/dev/web",
}
LISTENER: Final = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/x/1/2"


def service(name: str = "web", **changes: Unpack[Changes]) -> Service:
    """Make the service, behind a rule of a listener unless the changes say otherwise."""
    return Service(name, {**NEEDED, "listener_arn": LISTENER, "image": "git-1", **changes})


def container(engine: Engine) -> dict[str, Any]:
    """Return the definition of the only container."""
    (only,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    found: dict[str, Any] = only
    return found


def worker(name: str = "emails", **changes: Unpack[WorkerChanges]) -> Worker:
    """Make a worker."""
    needed: WorkerArgs = {
        "service_name": "dev-emails",
        "cluster_arn": NEEDED["cluster_arn"],
        "cluster_name": NEEDED["cluster_name"],
        "vpc_id": NEEDED["vpc_id"],
        "subnet_ids": NEEDED["subnet_ids"],
        "repository_url": NEEDED["repository_url"],
        "repository_arn": NEEDED["repository_arn"],
        "image": "git-1",
    }
    return Worker(name, {**needed, **changes})
