"""Where the program runs, and what every name and protection follows from."""

from typing import NamedTuple

import pulumi

import settings


class Place(NamedTuple):
    """One stack of one project."""

    project: str
    stack: str
    protect: bool
    """Whether resources that hold data are protected."""

    @classmethod
    def current(cls, platform: settings.Platform) -> "Place":
        """Return the stack that the program runs for."""
        return cls(pulumi.get_project(), pulumi.get_stack(), platform.protect)

    @property
    def name(self) -> str:
        """Start of names that are unique within an account and region."""
        return f"{self.project}-{self.stack}"

    @property
    def path(self) -> str:
        """Start of names that are paths, such as those of log groups, without a slash at its end."""
        return f"/{self.project}/{self.stack}"

    @property
    def role_path(self) -> str:
        """Path of IAM roles, by which those who deploy can be limited to a stack's own."""
        return f"{self.path}/"

    @property
    def tags(self) -> dict[str, str]:
        """Tags for what the provider's default tags do not reach."""
        return {"project": self.project, "environment": self.stack}
