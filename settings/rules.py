"""Every rule that a stack's settings make of the shared listener: of services, their routes, and the load balancer."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from components.balancing import listener_rules
from components.balancing.rule_args import RedirectTargetArgs, answer_name, completed

from .platform import Platform
from .problems import Path
from .sections.routing import WayIn
from .sections.rules import FixedResponse, Redirect


class Rule(NamedTuple):
    """One rule of the listener."""

    path: Path
    """Where the settings have it."""
    label: str
    """What messages call it."""
    name: str
    """What its priority is made from."""
    section: WayIn | Redirect | FixedResponse
    asked: listener_rules.Conditions
    """The requests that it takes."""
    priority: int
    """Its priority, written or made from its name."""
    to: RedirectTargetArgs | None = None
    """Where it sends clients; None if something answers."""


def _rule(
    path: Path,
    label: str,
    name: str,
    section: WayIn | Redirect | FixedResponse,
    to: RedirectTargetArgs | None = None,
) -> Rule:
    asked = listener_rules.conditions(section.hosts, section.paths, section.headers)
    return Rule(path, label, name, section, asked, listener_rules.priority(name, asked, section.priority), to)


def rules(platform: Platform) -> list[Rule]:
    """Return all rules, those of services first."""
    balancer = platform.load_balancer
    found = [rule for name in platform.web_services for rule in _of_service(name, platform)]
    return [*found, *_redirects(balancer.redirects), *_answers(balancer.fixed_responses)]


def _of_service(name: str, platform: Platform) -> Iterator[Rule]:
    for route, way in platform.web_services[name].ways_in.items():
        if way.network_listener is None:
            path: Path = ("services", name, "routes", route) if route else ("services", name)
            label = f"{name}'s route {route}" if route else name
            yield _rule(path, label, f"{name}.{route}" if route else name, way)


def _redirects(redirects: Mapping[str, Redirect]) -> Iterator[Rule]:
    for name, one in redirects.items():
        to = completed(one.to.given(RedirectTargetArgs))
        yield _rule(
            ("loadBalancer", "redirects", name), f"the redirect {name}", answer_name("redirects", name), one, to
        )


def _answers(answers: Mapping[str, FixedResponse]) -> Iterator[Rule]:
    for name, one in answers.items():
        path: Path = ("loadBalancer", "fixedResponses", name)
        yield _rule(path, f"the fixed response {name}", answer_name("fixedResponses", name), one)
