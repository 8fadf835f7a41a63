"""Checks between a service's fields, and between a service and the rest of the stack."""

from collections.abc import Iterator

from components.common import images
from components.network.args import NatGateways

from ...platform import Platform
from ...problems import Path, Problem, named
from ...sections.jobs import Job
from ...sections.services import Service
from ..network import cidr_problems


def task_problems(path: Path, runs: Service | Job, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the tasks of a service or job, whatever they run on."""
    if runs.repository is not None and runs.repository not in platform.registry.repositories:
        known = ", ".join(platform.registry.repositories) or "none yet"
        yield Problem(
            (*path, "repository"),
            runs.repository,
            f"is not in registry.repositories, which has {known}. Add `{runs.repository}: {{}}` there.",
            named(("registry", "repositories"), runs.repository),
        )
    if runs.image and platform.network.nat_gateways is NatGateways.NONE and images.is_foreign(runs.image):
        yield Problem(
            (*path, "image"),
            runs.image,
            "cannot be pulled without a NAT gateway; only images in ECR can. Push it to a repository, or choose "
            "natGateways: single.",
            (("network", "natGateways"),),
        )
    egress = runs.egress or []
    for index, rule in enumerate(egress):
        yield from cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in egress[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "is listed twice; remove one")
