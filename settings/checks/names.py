"""Names that the program joins from project, stack and settings, against what AWS takes.

Pulumi takes more for a project and a stack than every service of AWS does. So these are refused as a whole, and then
what is too long or reserved once it is joined.
"""

import re
from collections.abc import Iterator
from typing import Final

from components.capacity import ec2_instances

from ..kinds import PUBLIC_REPOSITORY
from ..platform import Platform
from ..problems import Path, Problem
from ..surroundings import Surroundings

# What all that the names go into has in common. ECR: lower case, one of . _ __ or hyphens between (RepositoryName);
# ECS: no dot (CreateCluster); S3: no underscore ("General purpose bucket naming rules").
_PART: Final = re.compile("[a-z0-9]+(-+[a-z0-9]+)*")
# Starts that AWS keeps for itself: of parameters (SSM API, PutParameter), and of buckets.
_RESERVED: Final = {
    "aws": "Parameter Store",
    "ssm": "Parameter Store",
    "amzn-s3-demo-": "S3",
    "sthree-": "S3",
    "xn--": "S3",
}
_LONGEST_REPOSITORY: Final = 256  # ECR API, RepositoryName
_LONGEST_PUBLIC: Final = 205  # ECR Public API, RepositoryName
_LONGEST_PIPELINE: Final = 100  # CodePipeline API, PipelineName
_LONGEST_SCHEDULE_GROUP: Final = 64  # EventBridge Scheduler API, ScheduleGroupName
_LONGEST_DATABASE: Final = 63 - len("-1")  # RDS API, DBInstanceIdentifier, less the number of an instance of Aurora
_LONGEST_TEMPLATE: Final = 128 - len("-1234567")  # EC2 API, LaunchTemplateName, less the engine's random end


def usable(name: str | None) -> bool:
    """Tell whether a project or a stack can have this name, as far as it is known."""
    return name is None or _PART.fullmatch(name) is not None


def name_problems(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find names that AWS would refuse."""
    grouped: list[Path] = [*platform.runs, *(("storage", "databases", name) for name in platform.storage.databases)]
    for path in grouped:
        if (name := str(path[-1])).startswith("sg-"):
            # A security group takes its service's name (EC2 API, CreateSecurityGroup: it cannot start with sg-).
            advice = f"would name its security group {name}-..., but EC2 keeps sg- for ids. Choose another name."
            yield Problem(path, None, advice)
    project, stack = surroundings.project, surroundings.stack
    if project is None or stack is None:
        return
    unusable = list(_unusable(platform, project, stack))
    yield from unusable or _too_long(platform, project, stack)


def _unusable(platform: Platform, project: str, stack: str) -> Iterator[Problem]:
    """Find what is wrong with the names of the project and the stack themselves."""
    repository = next(iter(platform.registry.repositories), "<name>")
    joined = f"{project}/{stack}/{repository} (a repository of ECR) and {project}-{stack} (the ECS cluster)"
    for what, name in (("stack", stack), ("project", project)):
        if not usable(name):
            advice = (
                f"cannot be used: it becomes a part of {joined}, and AWS takes lower-case letters, digits and "
                f"hyphens there, not at either end. Make a {what} of another name."
            )
            yield Problem((f"{what} name",), name, advice)
    for start, service in _RESERVED.items():
        if project.startswith(start):
            advice = (
                f"begins with {start}, which {service} keeps for AWS. Give the project another name in Pulumi.yaml."
            )
            yield Problem(("project name",), project, advice)


def _too_long(platform: Platform, project: str, stack: str) -> Iterator[Problem]:
    """Find what is too long once it is joined."""
    # Lower floors cannot use release/names.py, which gives the first two; a test compares.
    prefix = f"{project}/{stack}"
    scheduled: tuple[Path, ...] = tuple(("jobs", name) for name, job in platform.jobs.items() if job.schedule)
    joined: list[tuple[Path, str, int, str]] = [
        *((path, f"{project}-{stack}", _LONGEST_SCHEDULE_GROUP, "a group of schedules") for path in scheduled[:1]),
        *(
            (("registry", "repositories", name), f"{prefix}/{name}", _LONGEST_REPOSITORY, "a repository of ECR")
            for name in platform.registry.repositories
        ),
        *(
            (("registry", "publicRepositories", name), f"{prefix}/{name}", _LONGEST_PUBLIC, "a public repository")
            for name in platform.registry.public_repositories
        ),
        *(
            (
                ("cluster", "autoScalingGroups", name),
                ec2_instances.provider_name(f"{project}-{stack}-{name}"),
                _LONGEST_TEMPLATE,
                "the start of a launch template's name",
            )
            for name in platform.cluster.auto_scaling_groups
        ),
        *(
            (("pipelines", name), f"{project}-{stack}-{name}", _LONGEST_PIPELINE, "a pipeline")
            for name in platform.pipelines
        ),
        *(
            (("storage", "databases", name), f"{project}-{stack}-{name}", _LONGEST_DATABASE, "a database of RDS")
            for name in platform.storage.databases
        ),
    ]
    for path, name, longest, what in joined:
        if len(name) > longest:
            advice = f"makes {name}, of {len(name)} characters; {what} has at most {longest}. Shorten a part of it."
            yield Problem(path, None, advice)
        elif path[1] == "publicRepositories" and not re.fullmatch(PUBLIC_REPOSITORY, name):
            advice = f"makes {name}, but ECR Public takes a single . _ or hyphen between letters and digits. Change it."
            yield Problem(path, None, advice)
        elif path[:2] == ("storage", "databases") and not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            advice = f"makes {name}, but RDS takes a letter first, and no two hyphens together. Change a part of it."
            yield Problem(path, None, advice)
