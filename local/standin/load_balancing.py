"""What Elastic Load Balancing refuses of target groups, listeners and rules, in its words."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .account import Account, Properties

_LISTENER: Final = "aws:lb/listener:Listener"
_RULE: Final = "aws:lb/listenerRule:ListenerRule"
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

_STICKY: Final = {
    **dict.fromkeys(("HTTP", "HTTPS"), ("lb_cookie", "app_cookie")),
    **dict.fromkeys(("TCP", "UDP", "TCP_UDP", "TLS"), ("source_ip",)),
}
_PASSED_TO: Final = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP",),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP",),
    "TCP_UDP": ("TCP_UDP",),
}
"""Protocol of a listener → protocols of the target groups that it passes on to."""
_ANSWERS: Final = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
_LOGIN: Final = ("authenticate-oidc", "authenticate-cognito")


def target_group_faults(group: Properties) -> Iterator[str]:
    """Yield what is wrong with a target group."""
    protocol = str(group.get("protocol", "HTTP"))
    yield from _check_faults(protocol, str(group.get("protocolVersion") or "HTTP1"), group.get("healthCheck") or {})
    sticky = group.get("stickiness") or {}
    kind, of_requests = sticky.get("type"), protocol in ("HTTP", "HTTPS")
    if sticky and kind not in _STICKY.get(protocol, ()):
        yield f"Stickiness type '{kind}' is not supported for target groups with the {protocol} protocol"
    if sticky.get("enabled", True) and kind == "app_cookie":
        name = str(sticky.get("cookieName") or "")
        if not name or name.startswith("AWSALB"):
            yield f"The cookie name '{name}' is not valid: it must be given, and must not begin with AWSALB"
    if kind != "source_ip" and not 1 <= int(sticky.get("cookieDuration", 86_400)) <= 604_800:
        yield "The stickiness duration must be between 1 and 604800 seconds"
    slow, algorithm = int(group.get("slowStart") or 0), group.get("loadBalancingAlgorithmType") or "round_robin"
    if slow and algorithm != "round_robin":
        yield f"Slow start cannot be enabled with the load balancing algorithm '{algorithm}'"
    if (slow or algorithm != "round_robin") and not of_requests:
        yield f"Target group attributes of requests are not supported for target groups with the {protocol} protocol"
    if slow and not 30 <= slow <= 900:
        yield "The slow start duration must be 0, or between 30 and 900 seconds"
    if not 0 <= int(group.get("deregistrationDelay", 300)) <= 3600:
        yield "The deregistration delay must be between 0 and 3600 seconds"
    if protocol in ("UDP", "TCP_UDP") and str(group.get("preserveClientIp", "true")) == "false":
        yield f"Client IP preservation cannot be disabled for target groups with the {protocol} protocol"
    if of_requests and group.get("preserveClientIp") is not None:
        yield f"Client IP preservation is not supported for target groups with the {protocol} protocol"


def _check_faults(protocol: str, version: str, check: Properties) -> Iterator[str]:
    if not check:
        return
    of_check = str(check.get("protocol") or "HTTP")
    interval = int(check.get("interval", 30))
    timeout = int(check.get("timeout") or (6 if of_check == "HTTP" else 10))
    for name, value, least, most in (
        ("interval", interval, 5, 300),
        ("timeout", timeout, 2, 120),
        ("healthy threshold", int(check.get("healthyThreshold", 3)), 2, 10),
        ("unhealthy threshold", int(check.get("unhealthyThreshold", 3)), 2, 10),
    ):
        if not least <= value <= most:
            yield f"The health check {name} must be between {least} and {most}, and is {value}"
    if timeout >= interval:
        yield f"Health check interval must be greater than the timeout: {interval} is not greater than {timeout}"
    if of_check == "TCP":
        if protocol in ("HTTP", "HTTPS"):
            yield f"Health check protocol 'TCP' is not supported for target groups with the {protocol} protocol"
        for name in ("matcher", "path"):
            if check.get(name):
                yield f'Attribute "health_check.{name}" cannot be specified when "health_check.protocol" is "TCP".'
    elif of_check not in ("HTTP", "HTTPS"):
        yield f"Health check protocol '{of_check}' is not supported"
    elif matcher := check.get("matcher"):
        least, most = {"GRPC": (0, 99)}.get(version, (200, 499 if protocol in ("HTTP", "HTTPS") else 599))
        codes = [int(code) for code in re.findall(r"\d+", str(matcher))]
        if not re.fullmatch(r"\d+([,-]\d+)*", str(matcher)) or not all(least <= code <= most for code in codes):
            yield f"Health check matcher '{matcher}' must be of codes between {least} and {most}"
    path = str(check.get("path") or "")
    if version == "GRPC" and path and not re.fullmatch(r"/[^/]+/[^/]+", path):
        yield f"Health check path '{path}' must have the format /package.service/method"


def action_faults(protocol: str, actions: Sequence[Properties], account: Account) -> Iterator[str]:
    """Yield what is wrong with the actions of a listener, or of a rule of it.

    Args:
        protocol: the listener's; empty where it is not known, since nobody here made it.
        actions: the actions.
        account: where the target groups are.
    """
    kinds = [str(action["type"]) for action in actions]
    groups = {one["arn"]: one for one in account.of(_TARGET_GROUP)}
    if kinds and kinds[-1] in _LOGIN:
        yield "An action of type forward, redirect or fixed-response must be the last one to be performed"
    for action in actions:
        kind = str(action["type"])
        if kind in _LOGIN and protocol and protocol != "HTTPS":
            yield f"Actions of type '{kind}' are supported only on HTTPS listeners"
        if kind == "redirect":
            yield from _redirect_faults(action.get("redirect") or {})
        if kind == "fixed-response":
            yield from _answer_faults(action.get("fixedResponse") or {})
        for arn in forwarded(action):
            yield from _forward_faults(protocol, kinds, groups.get(arn, {}))


def _forward_faults(protocol: str, kinds: Sequence[str], group: Properties) -> Iterator[str]:
    version = str(group.get("protocolVersion") or "HTTP1")
    if version in ("HTTP2", "GRPC"):
        if protocol and protocol != "HTTPS":
            yield (
                f"Listener protocol '{protocol}' is not supported with a target group with the protocol-version "
                f"'{version}'"
            )
        if len(kinds) > 1:
            yield f"Only the action type forward is supported with the protocol-version '{version}'"
    behind = group.get("protocol")
    if behind and protocol in _PASSED_TO and behind not in _PASSED_TO[protocol]:
        yield f"The protocol of the target group, {behind}, is not supported with the listener protocol '{protocol}'"


def _redirect_faults(to: Properties) -> Iterator[str]:
    kept = {"protocol": "#{protocol}", "host": "#{host}", "port": "#{port}", "path": "/#{path}"}
    if all((to.get(name) or value) == value for name, value in kept.items()):
        yield "The redirect configuration is not valid because it creates a loop."
    if to.get("statusCode") not in ("HTTP_301", "HTTP_302"):
        yield f"The redirect status code '{to.get('statusCode')}' is not valid"


def _answer_faults(answer: Properties) -> Iterator[str]:
    if not re.fullmatch(r"[245]\d\d", str(answer.get("statusCode"))):
        yield f"The fixed response status code '{answer.get('statusCode')}' is not valid"
    if answer.get("contentType") not in _ANSWERS:
        yield f"The fixed response content type '{answer.get('contentType')}' is not valid"
    if len(str(answer.get("messageBody") or "")) > 1024:
        yield "The fixed response message body must have at most 1024 characters"


def listener_faults(listener: Properties) -> Iterator[str]:
    """Yield what is wrong with a listener itself."""
    protocol = str(listener.get("protocol") or "HTTP")
    encrypted = protocol in ("HTTPS", "TLS")
    if encrypted and not listener.get("certificateArn"):
        yield "CertificateNotFound: A certificate must be specified for HTTPS and TLS listeners"
    for name in ("certificateArn", "sslPolicy"):
        if listener.get(name) and not encrypted:
            yield f"{name} cannot be specified for {protocol} listeners"
    idle = listener.get("tcpIdleTimeoutSeconds")
    if idle is not None and not 60 <= int(idle) <= 6000:
        yield "The TCP idle timeout must be between 60 and 6000 seconds"


def forwarded(action: Properties) -> list[str]:
    """Return the target groups that an action forwards to."""
    only, several = action.get("targetGroupArn"), (action.get("forward") or {}).get("targetGroups", [])
    return [*([str(only)] if only else []), *(str(one["arn"]) for one in several)]


def users_of(group_arn: str, account: Account) -> list[str]:
    """Return the listeners and rules that forward to a target group."""
    places = ((_LISTENER, "defaultActions"), (_RULE, "actions"))
    return [
        str(one["arn"])
        for token, key in places
        for one in account.of(token)
        if any(group_arn in forwarded(action) for action in one.get(key, ()))
    ]
