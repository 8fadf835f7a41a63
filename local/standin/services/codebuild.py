"""AWS CodeBuild."""

from typing import ClassVar

from ..behaviour import Named


class Project(Named):
    """A build project."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: Project already exists: {name}"}
    arn = "codebuild:project/{name}"
    arn_is_id = True
