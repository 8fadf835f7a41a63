"""Checks of the containers of a task, and between these and the rest of the stack."""

from collections.abc import Iterator

from components.capacity.providers import Capacity
from components.common import images
from components.network.args import NatGateways, VpcEndpoints
from components.tasks import container_rules
from components.tasks.args import NetworkMode
from components.tasks.container_args import ContainersChoices

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.containers import Contained
from ...sections.tasks import Tasks
from ...surroundings import Surroundings


def container_problems(
    path: Path, tasks: Tasks, capacity: Capacity | None, platform: Platform, surroundings: Surroundings
) -> Iterator[Problem]:
    """Find what is wrong with the containers of a task.

    Args:
        path: path to what says the task.
        tasks: what it says.
        capacity: what the tasks run on; None if that is wrong itself.
        platform: the rest of the stack.
        surroundings: what the stack has besides.
    """
    port = getattr(tasks, "container_port", None)
    runs = container_rules.Runs(
        cpu=tasks.cpu,
        memory=tasks.memory,
        port=port,
        # Without a command of its own, a container that answers requests is asked by curl.
        is_checked=port is not None if tasks.health_check_command is None else bool(tasks.health_check_command),
        fargate=capacity is Capacity.FARGATE,
        bridge=tasks.network_mode is NetworkMode.BRIDGE,
    )
    for fault in container_rules.faults(tasks.given(ContainersChoices), runs):
        yield _problem(path, fault)
    generated = [tasks.generated_secret.environment_variable] if tasks.generated_secret else []
    for fault in container_rules.environment_faults((), tasks.environment, [*tasks.secrets, *generated]):
        yield _problem(path, fault)
    yield from _file_problems(path, tasks, platform)
    # What the application's own container is called in ECS.
    own = f"{surroundings.stack}-{path[-1]}"
    for name, container in tasks.containers.items():
        where: Path = (*path, "containers", name)
        if surroundings.stack and name == own:
            yield Problem(where, None, "is the name of the service's own container in ECS. Choose another one.")
        yield from _file_problems(where, container, platform)
        if platform.network.nat_gateways is NatGateways.NONE and images.is_foreign(container.image):
            advice = (
                "cannot be pulled without a NAT gateway; only images in ECR can. Push it to a repository, or choose "
                "natGateways: single."
            )
            yield Problem((*where, "image"), container.image, advice, (("network", "natGateways"),))


def _problem(path: Path, fault: container_rules.Fault) -> Problem:
    return Problem((*path, *fault.path), fault.value, fault.advice, tuple((*path, *other) for other in fault.others))


def _file_problems(path: Path, container: Contained, platform: Platform) -> Iterator[Problem]:
    """Find files that the endpoint for S3 does not let tasks read."""
    network = platform.network
    if network.existing or network.endpoints is VpcEndpoints.NONE or not network.endpoint_bucket_arns:
        return
    for index, file in enumerate(container.environment_files):
        if (bucket := file.partition("/")[0]) not in network.endpoint_bucket_arns:
            advice = f"cannot be read through the VPC's endpoint for S3. Add {bucket} to network.endpointBucketArns."
            places: tuple[Path, ...] = (("network", "endpointBucketArns"), ("network", "endpoints"))
            yield Problem((*path, "environmentFiles", index), file, advice, places)
