"""Ways in, target groups, logins, redirects and deployments in the settings: what is refused, each by its name."""

from typing import Any

import pytest

import settings
from settings.surroundings import Surroundings

from ..settings.test_settings import platform, problems
from .test_ec2_service_settings import platform as on_instances

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
OIDC = {
    "issuer": "https://login.example.com",
    "authorizationEndpoint": "https://login.example.com/authorize",
    "tokenEndpoint": "https://login.example.com/token",
    "userInfoEndpoint": "https://login.example.com/userinfo",
    "clientId": "shop",
    "clientSecretKey": "login",
}
LOGIN = {"oidc": OIDC}
COGNITO = {
    "cognito": {
        "userPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
        "userPoolClientId": "a",
        "userPoolDomain": "shop",
    }
}
NETWORK = {"networkListener": {"port": 7000}}
UDP = {"networkListener": {"port": 7000, "protocol": "UDP"}, "healthCheck": {"port": 8080}}


def stack(*, https: bool = True, balancer: dict[str, Any] | None = None, **web: Any) -> dict[str, Any]:
    """Return settings with both load balancers, and `web` as the keywords say."""
    raw = platform(**web)
    raw["networkLoadBalancer"] = {}
    certificates = {"certificateArns": [CERTIFICATE.replace("eu-central-1", "us-east-1")]} if https else {}
    raw["loadBalancer"] = {**certificates, **(balancer or {})}
    return raw


@pytest.mark.parametrize(
    "web",
    [
        {"minHealthyPercent": 50, "maxHealthyPercent": 100},
        {"minHealthyPercent": 0, "maxHealthyPercent": 100, "minTasks": 1, "maxTasks": 1},
        {"healthCheck": {"intervalSeconds": 5}, "deregistrationDelaySeconds": 0, "stickySessions": {}},
        {"healthCheck": {"intervalSeconds": 5, "timeoutSeconds": 4, "matcher": "200,204,300-399"}},
        {"protocolVersion": "GRPC", "healthCheck": {"matcher": "0,12"}},
        {"protocolVersion": "GRPC", "healthCheckPath": "/shop.Cart/Check"},
        {"algorithm": "least_outstanding_requests"},
        {"slowStartSeconds": 30},
        {"authentication": LOGIN},
        {"authentication": COGNITO},
        UDP,
        {**NETWORK, "stickySessions": {}, "healthCheck": {"matcher": "200-599"}},
        {"networkListener": {"port": 7000, "idleTimeoutSeconds": 6000}},
        {"networkListener": {"port": 7000, "protocol": "TCP_UDP"}},
        {"ports": {"admin": {"port": 9000}}, "routes": {"admin": {"port": "admin", "paths": ["/admin"]}}},
        {"ports": {"admin": {"port": 9000}}, "routes": {"admin": {"port": 9000, "paths": ["/admin"]}}},
        {"routes": {"tcp": NETWORK}},
    ],
)  # fmt: skip
def test_what_aws_can_is_accepted(web: dict[str, Any]) -> None:
    assert settings.parse(stack(**web))


@pytest.mark.parametrize(
    ("web", "path", "advice"),
    [
        ({"maxHealthyPercent": 100}, "maxHealthyPercent", "lets no deployment of 2 tasks begin"),
        ({"minHealthyPercent": 90, "maxHealthyPercent": 110, "minTasks": 4}, "maxHealthyPercent", "of 4 tasks begin"),
        ({"minHealthyPercent": 101}, "minHealthyPercent", "100 or less"),
        ({"maxHealthyPercent": 99}, "maxHealthyPercent", "100 or more"),
        ({"healthCheckGracePeriodSeconds": -1}, "healthCheckGracePeriodSeconds", "0 or more"),
        ({"healthCheck": {"intervalSeconds": 10, "timeoutSeconds": 10}}, "healthCheck.timeoutSeconds", "less than"),
        ({"healthCheck": {"timeoutSeconds": 40}}, "healthCheck.timeoutSeconds", "less than intervalSeconds, 30"),
        ({"healthCheck": {"intervalSeconds": 4}}, "healthCheck.intervalSeconds", "5 or more"),
        ({"healthCheck": {"healthyThreshold": 1}}, "healthCheck.healthyThreshold", "2 or more"),
        ({"healthCheck": {"matcher": "500"}}, "healthCheck.matcher", "from 200 to 499"),
        ({"healthCheck": {"matcher": "299-200"}}, "healthCheck.matcher", "ends before it begins"),
        ({"healthCheck": {"matcher": "OK"}}, "healthCheck.matcher", "codes in quotes"),
        ({**NETWORK, "healthCheck": {"matcher": "600"}}, "healthCheck.matcher", "from 200 to 599"),
        (
            {"networkListener": {"port": 7000, "healthCheck": "TCP"}, "healthCheck": {"matcher": "200"}},
            "healthCheck.matcher",
            "no effect with healthCheck: TCP",
        ),
        ({"deregistrationDelaySeconds": 3601}, "deregistrationDelaySeconds", "3600 or less"),
        ({"stickySessions": {"cookieName": "AWSALB"}}, "stickySessions.cookieName", "not beginning with AWSALB"),
        ({"stickySessions": {"cookieSeconds": 604_801}}, "stickySessions.cookieSeconds", "604800 or less"),
        ({**NETWORK, "stickySessions": {"cookieSeconds": 60}}, "stickySessions.cookieSeconds", "address decides"),
        ({"slowStartSeconds": 10}, "slowStartSeconds", "0 for none, or from 30"),
        ({"slowStartSeconds": 60, "algorithm": "weighted_random"}, "slowStartSeconds", "round_robin"),
        ({"algorithm": "fastest"}, "algorithm", "round_robin"),
        ({**NETWORK, "slowStartSeconds": 60}, "slowStartSeconds", "every connection"),
        ({**NETWORK, "algorithm": "weighted_random"}, "algorithm", "every connection"),
        ({**NETWORK, "protocolVersion": "HTTP2"}, "protocolVersion", "every connection"),
        ({**NETWORK, "authentication": LOGIN}, "authentication", "every connection"),
        ({"protocolVersion": "GRPC", "healthCheckPath": "/health"}, "healthCheckPath", "/package.service/method"),
        ({"protocolVersion": "GRPC", "healthCheck": {"matcher": "200"}}, "healthCheck.matcher", "gRPC from 0 to 99"),
        ({"protocolVersion": "GRPC", "authentication": LOGIN}, "authentication", "conflicts with protocolVersion"),
        ({"networkListener": {"port": 7000, "protocol": "UDP"}}, "healthCheck.port", "Nothing is checked over UDP"),
        (
            {**UDP, "networkListener": {**UDP["networkListener"], "preserveClientIp": False}},  # type: ignore[dict-item]
            "networkListener.preserveClientIp",
            "cannot be false with UDP",
        ),
        (
            {**UDP, "networkListener": {**UDP["networkListener"], "idleTimeoutSeconds": 60}},  # type: ignore[dict-item]
            "networkListener.idleTimeoutSeconds",
            "120 for UDP",
        ),
        (
            {"networkListener": {"port": 7000, "protocol": "TCP_UDP", "idleTimeoutSeconds": 60}},
            "networkListener.idleTimeoutSeconds",
            "TCP only",
        ),
        ({"networkListener": {"port": 7000, "idleTimeoutSeconds": 30}}, "networkListener.idleTimeoutSeconds", "60 or"),
        ({"routes": {"admin": {"port": "admin", "paths": ["/a"]}}}, "routes.admin.port", "not the name of a port"),
        ({"routes": {"admin": {"port": 9000, "paths": ["/a"]}}}, "routes.admin.port", "no port of the task"),
        ({"authentication": {**LOGIN, **COGNITO}}, "authentication", "has oidc and cognito"),
        ({"routes": {"admin": {"port": True, "paths": ["/a"]}}}, "routes.admin.port", "a port from 1"),
        (
            {"routes": {f"r{number}": {"paths": [f"/{number}"]} for number in range(5)}},
            "routes",
            "at most 4 routes",
        ),
        ({**NETWORK, "routes": {"more": NETWORK}}, "routes.more.networkListener.port", "is used by web"),
        ({"authentication": {}}, "authentication", "needs oidc or cognito"),
        (
            {"authentication": {"oidc": {**OIDC, "issuer": "http://login.example.com"}}},
            "authentication.oidc.issuer",
            "https://",
        ),
        (
            {"authentication": {"oidc": {**OIDC, "scope": "email"}}},
            "authentication.oidc.scope",
            "lacks openid",
        ),
        (
            {"authentication": {"oidc": {**OIDC, "sessionTimeoutSeconds": 0}}},
            "authentication.oidc.sessionTimeoutSeconds",
            "1 or more",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(stack(**web))
    assert list(found) == [f"services.web.{path}"]
    assert advice in found[f"services.web.{path}"]


@pytest.mark.parametrize(
    ("web", "path", "advice"),
    [
        ({"protocolVersion": "GRPC"}, "protocolVersion", "needs HTTPS"),
        ({"protocolVersion": "HTTP2"}, "protocolVersion", "needs HTTPS"),
        ({"authentication": LOGIN}, "authentication", "needs HTTPS"),
    ],
)
def test_what_needs_https_says_so(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(stack(https=False, **web))
    assert list(found) == [f"services.web.{path}"]
    assert advice in found[f"services.web.{path}"]


def test_sticky_connections_and_tls_exclude_each_other() -> None:
    listener = {"port": 1, "protocol": "TLS", "certificateArn": CERTIFICATE.replace("eu-central-1", "us-east-1")}
    found = problems(stack(networkListener=listener, stickySessions={}))
    assert "not offered with protocol: TLS" in found["services.web.stickySessions"]


def test_bridge_tasks_are_checked_at_the_port_for_requests() -> None:
    found = problems(on_instances("other", networkMode="bridge", healthCheck={"port": 9000}))
    assert "any free one of the instance" in found["services.web.healthCheck.port"]


def test_an_internal_load_balancer_asks_the_identity_provider_through_a_nat_gateway() -> None:
    raw = stack(authentication=LOGIN, balancer={"internal": True})
    raw["network"] |= {"natGateways": "none", "endpoints": "private"}
    assert "natGateways: single" in problems(raw)["services.web.authentication"]


def test_the_clients_secret_is_in_the_configuration() -> None:
    raw, found = stack(authentication=LOGIN), Surroundings(region="us-east-1", find_secret=lambda _: None)
    with pytest.raises(settings.SettingsError, match="pulumi config set --secret container-platform:login"):
        settings.parse(raw, found)
    assert settings.parse(raw, found._replace(find_secret=lambda key: key))


@pytest.mark.parametrize(
    ("balancer", "path", "advice"),
    [
        ({"redirects": {"old": {"paths": ["/a"], "to": {"query": "a=b"}}}}, "redirects.old.to", "changes nothing"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {}}}}, "redirects.old.to", "changes nothing"),
        ({"redirects": {"old": {"paths": ["/a*"], "to": {"path": "/ab"}}}}, "redirects.old.to", "round in a circle"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {"protocol": "HTTP"}}}}, "redirects.old.to", "in a circle"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {"path": "b"}}}}, "redirects.old.to.path", "begins with /"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {"host": "https://b"}}}}, "redirects.old.to.host", "host name"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {"path": "/b", "query": "?x"}}}}, "redirects.old.to.query", "?"),
        ({"redirects": {"old": {"paths": ["/a"], "to": {"path": "/b"}, "statusCode": 303}}}, "redirects.old.statusCode",
         "301 or 302"),
        ({"redirects": {"old": {"to": {"path": "/b"}, "priority": 50_000}}}, "redirects.old", "gets no request"),
        ({"fixedResponses": {"no": {"paths": ["/a"], "statusCode": 302}}}, "fixedResponses.no.statusCode", "redirects"),
        ({"fixedResponses": {"no": {"paths": ["/a"], "statusCode": 600}}}, "fixedResponses.no.statusCode", "599"),
        ({"fixedResponses": {"no": {"paths": ["/a"], "statusCode": 503, "body": "x" * 1025}}}, "fixedResponses.no.body",
         "1,024"),
        ({"fixedResponses": {"no": {"paths": ["/a"], "statusCode": 503, "contentType": "text/xml"}}},
         "fixedResponses.no.contentType", "text/plain"),
        ({"fixedResponses": {"no": {"paths": ["/a"], "statusCode": 503, "priority": 9}},
          "redirects": {"old": {"paths": ["/b"], "to": {"path": "/c"}, "priority": 9}}},
         "fixedResponses.no.priority", "also the priority of the redirect old"),
        ({"idleTimeoutSeconds": 4001}, "idleTimeoutSeconds", "4000 or less"),
        ({"clientKeepAliveSeconds": 59}, "clientKeepAliveSeconds", "60 or more"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_by_name(balancer: dict[str, Any], path: str, advice: str) -> None:
    found = problems(stack(balancer=balancer))
    assert list(found) == [f"loadBalancer.{path}"]
    assert advice in found[f"loadBalancer.{path}"]


def test_a_service_behind_an_answer_for_every_request_gets_none() -> None:
    raw = stack(balancer={"fixedResponses": {"closed": {"statusCode": 503, "priority": 1}}})
    found = problems(raw)
    assert "the fixed response closed comes first" in found["services.web"]


def test_an_existing_listener_gets_redirects_too() -> None:
    raw = stack(https=False)
    raw["network"] = {"existing": {"vpcId": "vpc-0123456789abcdef0"}}
    listener = (
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2"
    )
    raw["loadBalancer"] = {
        "existing": {"listenerArn": listener},
        "redirects": {"old": {"paths": ["/old"], "to": {"path": "/"}}},
    }
    assert settings.parse(raw)
