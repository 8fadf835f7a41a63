"""A service or job of a stack, and what a release of it touches."""

from typing import NamedTuple

from . import names


class Target(NamedTuple):
    """A service or job of one stack."""

    project: str
    stack: str
    service: str
    parameter: str
    """Name of the parameter that holds its image."""
    repository: str
    """Name of the ECR repository that holds its images; empty if its settings name an image of elsewhere."""
    kind: str
    """Type of its component, which depends on the kind of the service."""
    scales: bool = True
    """Whether it has a scaler."""
    is_job: bool = False
    """Whether it is a job, which no service of ECS keeps running."""
    scheduled: bool = False
    """Whether it is a job with a schedule."""
    migrates: bool = False
    """Whether a migration comes before each of its revisions."""

    @property
    def cluster(self) -> str:
        """Name of the ECS cluster that it runs on."""
        return names.cluster(self.project, self.stack)

    @property
    def ecs_service(self) -> str:
        """Name of the ECS service."""
        return names.ecs_service(self.stack, self.service)


def targets(target: Target) -> list[str]:
    """Return the URNs that `pulumi up --target` takes to deploy the image of a service or job and nothing else.

    The revision with that of its migration, the service, and its scaler's limits if it has a scaler: they are zero
    before the first image. Of a job its schedule, which is off before that. Its component is named too, since a
    target's parent must be. A target that does not exist stops the engine.
    """
    component = f"urn:pulumi:{target.stack}::{target.project}::{target.kind}"
    children = ["ecs/taskDefinition:TaskDefinition"]
    if target.scheduled:
        children.append("scheduler/schedule:Schedule")
    if not target.is_job:
        children.append("ecs/service:Service")
    if target.scales:
        children.append("appautoscaling/target:Target")
    urns = [f"{component}::{target.service}", *(f"{component}$aws:{kind}::{target.service}" for kind in children)]
    if target.migrates:
        urns.append(f"{component}$aws:ecs/taskDefinition:TaskDefinition::{target.service}.migration")
    return urns
