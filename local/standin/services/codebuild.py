"""AWS CodeBuild."""

from ..behaviour import Named


class Project(Named):
    """A build project."""

    arn = "codebuild:project/{name}"
    arn_is_id = True
