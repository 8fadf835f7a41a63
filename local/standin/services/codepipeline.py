"""AWS CodePipeline."""

from typing import ClassVar

from ..behaviour import Named


class Pipeline(Named):
    """A pipeline."""

    unique: ClassVar = {"name": "PipelineNameInUseException: A pipeline with name '{name}' already exists"}
    arn = "codepipeline:{name}"
