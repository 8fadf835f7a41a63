"""The sections of the settings for rules of the shared listener: conditions, redirects, fixed responses."""

from typing import Annotated, Literal

from pydantic import Field

from components.balancing import listener_rules
from components.balancing.rule_args import (
    FIXED_RESPONSE_DEFAULTS,
    REDIRECT_DEFAULTS,
    ContentType,
    FixedResponseArgs,
    RedirectArgs,
    RedirectProtocol,
    RedirectTargetArgs,
)

from ..kinds import HeaderName, HeaderValue, HostPattern, PathPattern, Port, RedirectHost, RedirectPath, RedirectQuery
from ..section import Section

Headers = dict[HeaderName, Annotated[list[HeaderValue], Field(min_length=1)]]
Priority = Annotated[int, Field(ge=1, le=listener_rules.LAST_PRIORITY)]


class RedirectTarget(Section):
    """Where a redirect sends a client."""

    arguments_class = RedirectTargetArgs
    protocol: RedirectProtocol | None = None
    host: RedirectHost | None = None
    port: Port | None = None
    path: RedirectPath | None = None
    query: RedirectQuery | None = None


class Redirect(Section):
    """A redirect."""

    arguments_class = RedirectArgs
    hosts: list[HostPattern] = REDIRECT_DEFAULTS["hosts"]
    paths: list[PathPattern] = REDIRECT_DEFAULTS["paths"]
    headers: Headers = REDIRECT_DEFAULTS["headers"]
    priority: Priority | None = None
    to: RedirectTarget
    status_code: Literal[301, 302] = REDIRECT_DEFAULTS["status_code"]  # type: ignore[assignment]


class FixedResponse(Section):
    """An answer of the load balancer itself."""

    arguments_class = FixedResponseArgs
    hosts: list[HostPattern] = FIXED_RESPONSE_DEFAULTS["hosts"]
    paths: list[PathPattern] = FIXED_RESPONSE_DEFAULTS["paths"]
    headers: Headers = FIXED_RESPONSE_DEFAULTS["headers"]
    priority: Priority | None = None
    status_code: Annotated[int, Field(ge=200, le=599)]
    content_type: ContentType = FIXED_RESPONSE_DEFAULTS["content_type"]
    # Elastic Load Balancing API, FixedResponseActionConfig.
    body: Annotated[str, Field(max_length=1024)] | None = None
