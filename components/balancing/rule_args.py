"""What the load balancer's own answers are made from: redirects and fixed responses, each a rule of its listener."""

from enum import Enum
from typing import Final, TypedDict

import pulumi


class RedirectProtocol(str, Enum):
    """Protocol of an address."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"


class ContentType(str, Enum):
    """What a fixed response holds."""

    TEXT = "text/plain"
    CSS = "text/css"
    HTML = "text/html"
    JAVASCRIPT = "application/javascript"
    JSON = "application/json"


class RuleChoices(TypedDict, total=False):
    """Which requests a rule takes, and when it is asked."""

    hosts: list[str]
    """Host names that the rule matches. Defaults to every host."""
    paths: list[str]
    """Path patterns that the rule matches. Defaults to every path."""
    headers: dict[str, list[str]]
    """Request header to the values that the rule matches, with `*` and `?` as wildcards. A request must have one of the
    values for each header. Defaults to none."""
    priority: int
    """Priority of the rule among those of services, redirects and fixed responses, 1 to 50000; the lowest number is
    asked first. Defaults to a stable one made from its name and the kinds of its conditions."""


class RedirectTargetArgs(TypedDict, total=False):
    """Where a redirect sends a client. What is left out stays as in the request.

    `#{host}`, `#{port}`, `#{path}` (without its first slash) and `#{query}` stand for the request's.
    """

    protocol: RedirectProtocol
    """HTTP or HTTPS. Defaults to the request's."""
    host: str
    """Host name. Defaults to the request's."""
    port: int
    """Port. Defaults to the request's; with `protocol`, to 443 for HTTPS and 80 for HTTP."""
    path: str
    """Path, which begins with a slash. Defaults to the request's."""
    query: str
    """Query, without the question mark. Defaults to the request's."""


class RedirectChoices(RuleChoices, total=False):
    """What a person may leave out of a redirect."""

    status_code: int
    """301, permanent: browsers remember it; or 302. Defaults to 301."""


class RedirectArgs(RedirectChoices):
    """A redirect."""

    to: RedirectTargetArgs
    """Where it sends a client. At least one of protocol, host, port and path must be given."""


class FixedResponseChoices(RuleChoices, total=False):
    """What a person may leave out of a fixed response."""

    content_type: ContentType
    """What the body is: text/plain, text/css, text/html, application/javascript or application/json. Defaults to
    text/plain."""
    body: str
    """The body, at most 1024 characters. Defaults to none."""


class FixedResponseArgs(FixedResponseChoices):
    """An answer of the load balancer itself, such as a page for maintenance."""

    status_code: int
    """Status code, 200 to 299 or 400 to 599."""


class AnswersChoices(TypedDict, total=False):
    """What a person chooses of Answers."""

    redirects: dict[str, RedirectArgs]
    """Redirects by name. Defaults to none."""
    fixed_responses: dict[str, FixedResponseArgs]
    """Fixed responses by name. Defaults to none."""


class AnswersLinks(TypedDict, total=False):
    """What ties Answers to the rest of a platform."""

    named_by_priority: bool
    """Name each rule as a resource of the program by its priority, so that another can take that over. Defaults to
    false: by its own name."""


class AnswersArgs(AnswersChoices, AnswersLinks):
    """What Answers are made from."""

    listener_arn: pulumi.Input[str]
    """ARN of the listener that gets the rules."""


REDIRECT_DEFAULTS: Final[RedirectChoices] = {"hosts": [], "paths": [], "headers": {}, "status_code": 301}
FIXED_RESPONSE_DEFAULTS: Final[FixedResponseChoices] = {
    "hosts": [],
    "paths": [],
    "headers": {},
    "content_type": ContentType.TEXT,
}
ANSWERS_DEFAULTS: Final[AnswersChoices] = {"redirects": {}, "fixed_responses": {}}
ANSWERS_LINK_DEFAULTS: Final[AnswersLinks] = {"named_by_priority": False}


REDIRECT_PORTS: Final = {RedirectProtocol.HTTP: 80, RedirectProtocol.HTTPS: 443}


def completed(to: RedirectTargetArgs) -> RedirectTargetArgs:
    """Return a redirect's target with the port that belongs to its protocol."""
    if "protocol" in to and "port" not in to:
        return {**to, "port": REDIRECT_PORTS[RedirectProtocol(to["protocol"])]}
    return to


def answer_name(kind: str, name: str) -> str:
    """Return what the priority of a redirect or a fixed response is made from: `redirects` or `fixedResponses`."""
    return f"{kind}.{name}"
