"""What of a stack a release of one service touches."""

from .commands import Target

_SERVICE = "container-platform:index:Service"


def targets(target: Target) -> list[str]:
    """Return the URNs that `pulumi up --target` takes to deploy a service's image and nothing else.

    The service's revision, the service, and where it has a scaler the limits of that, which are at zero before the
    first image. Its component is named too: a target's parent must be. A target that is not there stops the engine.
    """
    component = f"urn:pulumi:{target.stack}::{target.project}::{_SERVICE}"
    children = ["ecs/taskDefinition:TaskDefinition", "ecs/service:Service"]
    if target.scales:
        children.append("appautoscaling/target:Target")
    return [f"{component}::{target.service}", *(f"{component}$aws:{kind}::{target.service}" for kind in children)]
