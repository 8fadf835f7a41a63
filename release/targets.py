"""What of a stack a release of one service touches."""

_SERVICE = "container-platform:index:Service"


def targets(project: str, stack: str, service: str) -> list[str]:
    """Return the URNs that `pulumi up --target` takes to deploy a service's image and nothing else.

    The service's revision, the service, and the limits of its scaling, which are at zero before the first image. Its
    component is named too: a target's parent must be.
    """
    component = f"urn:pulumi:{stack}::{project}::{_SERVICE}"
    children = ("ecs/taskDefinition:TaskDefinition", "ecs/service:Service", "appautoscaling/target:Target")
    return [f"{component}::{service}", *(f"{component}$aws:{kind}::{service}" for kind in children)]
