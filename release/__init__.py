"""What is meant to run: the image of each service, in Parameter Store.

The pipeline writes it, or a person with `python -m release`; the program reads it. So an `up` from anywhere deploys
what is meant to run, and never an older image. A service with `image` in its settings is pinned to that instead.
"""

from typing import NamedTuple

from . import names


def released_images(project: str, stack: str) -> dict[str, str | None]:
    """Ask AWS which image each service of a stack is meant to run: none before its first one.

    A service that the last `up` made is listed, one that the next `up` will make is not.
    """
    # Only now: the commands, which never call this, would wait seconds for it.
    import pulumi_aws as aws

    from components.tasks.run_args import NO_IMAGE

    # By path: asking for a parameter itself fails where it does not exist, as before the first `up`.
    path = names.parameters(project, stack)
    found = aws.ssm.get_parameters_by_path(path=path, recursive=True, with_decryption=False)
    images: dict[str, str | None] = {}
    for name, value in zip(found.names, found.values, strict=True):
        service = name.removeprefix(f"{path}/").partition("/")[0]
        if name == names.image_parameter(project, stack, service):
            images[service] = None if value == NO_IMAGE else value
    return images


class Running(NamedTuple):
    """A service, as ECS has it."""

    tasks: int
    """How many tasks are meant to run."""
    revision: str
    """ARN of the task definition that they have."""


def running(cluster: str, service: str) -> Running | None:
    """Ask AWS what runs of a service; None where there is no such service yet."""
    import pulumi_aws as aws

    try:
        found = aws.ecs.get_service(cluster_arn=cluster, service_name=service)
    except Exception as error:
        # The provider's message for an unknown service, and for an unknown cluster. Any other error is raised as it is.
        if "no matching ECS Service" in str(error):
            return None
        raise
    return Running(found.desired_count, found.task_definition)
