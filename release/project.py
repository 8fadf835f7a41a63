"""The project's files, as far as a release needs them: its stacks, their settings and services."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import settings

from . import names, yaml_file
from .errors import ReleaseError
from .targets import Target


@dataclass(frozen=True)
class Stack:
    """One stack of the project, by its file."""

    project: str
    name: str
    config: Mapping[str, Any]

    @classmethod
    def read(cls, root: Path, name: str) -> "Stack":
        """Read the file of a stack of the project in a folder.

        Raises:
            ReleaseError: there is no such project or stack, or its file is not YAML.
        """
        project = _read(root / "Pulumi.yaml")
        if project is None:
            raise ReleaseError(f"{root} holds no Pulumi.yaml", "run this in the project's folder")
        content = _read(root / f"Pulumi.{name}.yaml")
        if content is None:
            known = sorted(file.name.split(".")[1] for file in root.glob("Pulumi.*.yaml"))
            raise _unknown(f"there is no stack {name}", name, known)
        config = content.get("config")
        return cls(str(project.get("name")), name, config if isinstance(config, dict) else {})

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"Pulumi.{self.name}.yaml"

    @property
    def region(self) -> str:
        """The region that the program takes."""
        return str(self.config.get("aws:region") or "us-east-1")

    @cached_property
    def platform(self) -> settings.Platform:
        """Its settings.

        Raises:
            ReleaseError: there are mistakes in them.
        """
        try:
            return settings.parse(self.config.get(settings.KEY))
        except settings.SettingsError as error:
            raise ReleaseError(f"{self.file} has mistakes:\n{error}") from None

    def service(self, name: str) -> settings.Service | settings.Job:
        """Return the settings of a service or a job; no two have one name.

        Raises:
            ReleaseError: there is none of that name.
        """
        runs = {str(path[-1]): one for path, one in self.platform.runs.items()}
        if name not in runs:
            what = "service or job" if self.platform.jobs else "service"
            raise _unknown(f"{self.name} has no {what} {name}", name, runs)
        return runs[name]

    def repository(self, name: str) -> str:
        """Return the full name of a repository of its settings."""
        return f"{names.repository_prefix(self.project, self.name)}/{name}"

    def repository_of(self, service: str) -> str:
        """Return the full name of the repository that holds a service's images.

        Raises:
            ReleaseError: there is no such service, or its image is of no repository of the stack.
        """
        found = self.service(service)
        if found.repository is None:
            section = "jobs" if isinstance(found, settings.Job) else "services"
            raise ReleaseError(
                f"{service} has no repository in {self.name}: its settings name the image {found.image}",
                f"release it by {section}.{service}.image in {self.file} and `pulumi up`, or give it a repository",
            )
        return self.repository(found.repository)

    def target(self, service: str, *, pinned: bool = False) -> Target:
        """Return what the commands need to know of a service or job.

        Args:
            service: its name in the settings.
            pinned: also one that its settings pin to an image, so that nothing can be released.

        Raises:
            ReleaseError: there is no such service, or it is pinned to an image.
        """
        found = self.service(service)
        if found.image is not None and not pinned:
            section = "jobs" if isinstance(found, settings.Job) else "services"
            raise ReleaseError(
                f"{self.name} pins {service} to {found.image}",
                f"remove {section}.{service}.image from {self.file} first",
            )
        return Target(
            project=self.project,
            stack=self.name,
            service=service,
            parameter=names.image_parameter(self.project, self.name, service),
            repository=self.repository(found.repository) if found.repository else "",
            kind=f"container-platform:index:{found.component}",
            scales=isinstance(found, settings.Service) and found.scales,
            is_job=isinstance(found, settings.Job),
            scheduled=isinstance(found, settings.Job) and found.schedule is not None,
            migrates=isinstance(found, settings.Service) and found.migration is not None,
        )


def _unknown(problem: str, name: str, known: Iterable[str]) -> ReleaseError:
    """Return the error for a name that there is none of, with the names that there are."""
    there = list(known)
    close = get_close_matches(name, there, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    return ReleaseError(problem, f"{guess}known: {', '.join(there) or 'none'}")


def _read(file: Path) -> dict[str, Any] | None:
    try:
        content, repeated = yaml_file.read(file)
    except FileNotFoundError:
        return None
    except yaml_file.YamlError as error:
        raise ReleaseError(str(error), "correct the YAML") from None
    if repeated:
        raise ReleaseError(f"{file.name}: {'; '.join(repeated)}", "keep one of the two")
    return content if isinstance(content, dict) else {}
