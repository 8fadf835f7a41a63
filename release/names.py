"""Names that contain the stack: the program gives them, and the release commands look resources up by them."""


def repository_prefix(project: str, stack: str) -> str:
    """Return the start of every repository's name: `<prefix>/<repository>`."""
    return f"{project}/{stack}"


def cluster(project: str, stack: str) -> str:
    """Return the name of the cluster."""
    return f"{project}-{stack}"


def ecs_service(stack: str, service: str) -> str:
    """Return the name of a service in the cluster, which is its container's too."""
    return f"{stack}-{service}"


def task_family(project: str, stack: str, service: str) -> str:
    """Return the family of a service's task definitions.

    All stacks of an account share these names. An underscore is in no stack's or service's name, so two stacks never
    join to the same one.
    """
    return f"{project}_{stack}_{service}-task"


def schedule_group(project: str, stack: str) -> str:
    """Return the name of the group that a stack's schedules are in."""
    return f"{project}-{stack}"


def log_group(project: str, stack: str, service: str) -> str:
    """Return the name of a service's log group."""
    return f"/ecs/{project}/{stack}/{service}"


def image_parameter(project: str, stack: str, service: str) -> str:
    """Return the name of the parameter that holds a service's image, a digest (`sha256:...`) or a tag."""
    return f"{parameters(project, stack)}/{service}/image"


def parameters(project: str, stack: str) -> str:
    """Return the path under which a stack has its parameters."""
    return f"/{project}/{stack}"
