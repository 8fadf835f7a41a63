"""AWS CodePipeline."""

from ..behaviour import Named


class Pipeline(Named):
    """A pipeline."""

    arn = "codepipeline:{name}"
