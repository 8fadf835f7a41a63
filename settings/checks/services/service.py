"""Checks between a service's fields, and between a service and the rest of the stack."""

from collections.abc import Iterator

from components.common import images
from components.network.args import NatGateways

from ...platform import Platform
from ...problems import Path, Problem, named
from ...sections.services import Service
from ..network import cidr_problems


def service_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with a service, whatever it runs on."""
    if service.repository not in platform.registry.repositories:
        known = ", ".join(platform.registry.repositories) or "none yet"
        yield Problem(
            (*path, "repository"),
            service.repository,
            f"is not in registry.repositories, which has {known}. Add `{service.repository}: {{}}` there.",
            named(("registry", "repositories"), service.repository),
        )
    if service.image and platform.network.nat_gateways is NatGateways.NONE and images.is_foreign(service.image):
        yield Problem(
            (*path, "image"),
            service.image,
            "cannot be pulled without a NAT gateway; only images in ECR can. Push it to a repository, or choose "
            "natGateways: single.",
            (("network", "natGateways"),),
        )
    egress = service.egress or []
    for index, rule in enumerate(egress):
        yield from cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in egress[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "is listed twice; remove one")
