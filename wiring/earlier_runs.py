"""Services and jobs as the last run left them: AWS has their image parameters and log groups once, by their names."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import settings
from components.services.args import KINDS

from .state import Resource

_DEFINITION: Final = "$aws:ecs/taskDefinition:TaskDefinition"
_SERVICES: Final = frozenset(f"container-platform:index:{kind}{_DEFINITION}" for kind in KINDS)
_JOBS: Final = frozenset({f"container-platform:index:Job{_DEFINITION}"})


class EarlierRuns(NamedTuple):
    """Names of what ran tasks."""

    services: frozenset[str]
    jobs: frozenset[str]


def earlier_runs(resources: Iterable[Resource]) -> EarlierRuns:
    """Return the names of the services and the jobs in the state."""
    there = [(one.kind, one.name) for one in resources if one.kind.endswith(_DEFINITION)]
    return EarlierRuns(
        frozenset(name for kind, name in there if kind in _SERVICES),
        frozenset(name for kind, name in there if kind in _JOBS),
    )


def renamed(platform: settings.Platform, there: EarlierRuns) -> Iterator[settings.Problem]:
    """Find services that were jobs, and jobs that were services: the new one cannot be made beside the old one."""
    for section, was, names in (
        ("jobs", "service", there.services & platform.jobs.keys()),
        ("services", "job", there.jobs & platform.services.keys()),
    ):
        for name in sorted(names):
            advice = (
                f"is a {was} of the running stack, whose log group and image parameter AWS has once. Choose another "
                f"name, or take the {was} out first, in a run of its own."
            )
            yield settings.Problem((section, name), None, advice)
