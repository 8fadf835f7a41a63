"""Mistakes in the settings of the Application Load Balancer, each named with what would be right."""

from typing import Any

import pytest

import settings

from ..conftest import mistakes, stack_config

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/central/1"
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/0a/0b"
DOMAIN = {"name": "shop.example.com", "zone": "example.com"}


def problems(balancer: dict[str, Any], **sections: Any) -> dict[str, str]:
    """Return the advice for every mistake by its path."""
    raw = {**stack_config("dev")[settings.KEY], "loadBalancer": balancer, **sections}
    return mistakes(raw, "us-east-1")


@pytest.mark.parametrize(
    "balancer",
    [
        {},
        {"domain": DOMAIN},
        {"domain": {"name": "example.com", "zone": "example.com", "alternativeNames": ["*.example.com"]}},
        {"domain": DOMAIN, "certificateArns": [CERTIFICATE]},
        {"certificateArns": ["arn:aws:iam::123456789012:server-certificate/old"]},
        {"certificateArns": [CERTIFICATE], "tlsPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"},
        {"webAclArn": WEB_ACL},
        {"webAcl": {"logRetentionDays": 0}},
        {"internal": True, "allowedCidrBlocks": ["10.0.0.0/8"]},
        {"accessLogs": False},
        {"accessLogs": False, "connectionLogs": True, "logDays": 5},
    ],
)
def test_what_is_right_passes(balancer: dict[str, Any]) -> None:
    assert problems(balancer) == {}


@pytest.mark.parametrize(
    ("balancer", "path", "advice"),
    [
        ({"domain": {"name": "shop.example.com"}}, "domain.zone", "is missing"),
        ({"domain": {**DOMAIN, "name": "shop.example.org"}}, "domain.name", "outside the zone example.com"),
        ({"domain": {**DOMAIN, "name": "myexample.com"}}, "domain.name", "ends in .example.com"),
        ({"domain": {**DOMAIN, "name": "*.example.com"}}, "domain.name", "a domain name in lower case"),
        ({"domain": {**DOMAIN, "name": "Shop.example.com"}}, "domain.name", "in lower case"),
        ({"domain": {**DOMAIN, "name": "shop.example.com."}}, "domain.name", "without a dot at its end"),
        ({"domain": {**DOMAIN, "name": "https://shop.example.com"}}, "domain.name", "a domain name"),
        ({"domain": {**DOMAIN, "zoneId": "example.com"}}, "domain.zoneId", "the id of a hosted zone"),
        ({"domain": {**DOMAIN, "zoneName": "x"}}, "domain.zoneName", "did you mean zone"),
        (
            {"domain": {**DOMAIN, "alternativeNames": ["a.example.org"]}},
            "domain.alternativeNames[0]",
            "outside the zone",
        ),
        (
            {"domain": {**DOMAIN, "alternativeNames": ["api.*.example.com"]}},
            "domain.alternativeNames[0]",
            "*. before one: *.shop",
        ),
        ({"domain": {**DOMAIN, "alternativeNames": ["*"]}}, "domain.alternativeNames[0]", "*. before one"),
        ({"domain": {**DOMAIN, "alternativeNames": [DOMAIN["name"]]}}, "domain.alternativeNames[0]", "twice"),
        ({"certificateArn": CERTIFICATE}, "certificateArn", "did you mean certificateArns?"),
        ({"certificateArns": [CERTIFICATE] * 2}, "certificateArns[1]", "is listed twice"),
        (
            {"certificateArns": [CERTIFICATE.replace("us-", "eu-")]},
            "certificateArns[0]",
            "is in eu-east-1, but must be in us-east-1",
        ),
        ({"certificateArns": [WEB_ACL]}, "certificateArns[0]", "must be a certificate"),
        ({"tlsPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}, "tlsPolicy", "needs a certificate"),
        (
            {"certificateArns": [CERTIFICATE], "tlsPolicy": "ELBSecurityPolicy-2016-08"},
            "tlsPolicy",
            "a policy with TLS 1.2 and 1.3 only",
        ),
        (
            {"certificateArns": [CERTIFICATE], "tlsPolicy": "ELBSecurityPolicy-TLS13-1-0-2021-06"},
            "tlsPolicy",
            "a policy with TLS 1.2 and 1.3 only",
        ),
        ({"webAclArn": WEB_ACL, "webAcl": {}}, "webAclArn", "Remove one of the two"),
        ({"webAclArn": WEB_ACL.replace("us-east-1", "eu-west-1")}, "webAclArn", "is in eu-west-1"),
        ({"webAclArn": WEB_ACL.replace("regional", "global")}, "webAclArn", "the ARN of a regional web ACL"),
        ({"webAcl": {"rateLimit": 5}}, "webAcl.rateLimit", "10 or more"),
        ({"webAcl": {"logRetentionDays": 8}}, "webAcl.logRetentionDays", "one of 1, 3, 5"),
        ({"accessLogs": False, "logDays": 5}, "logDays", "has no effect without logs"),
        ({"existing": {"listenerArn": "listener"}}, "existing.listenerArn", "application load balancer's listener"),
        (
            {"existing": {"listenerArn": LISTENER.replace("/app/", "/net/")}},
            "existing.listenerArn",
            "an application load balancer's listener",
        ),
        ({"existing": {"listenerArn": LISTENER}}, "existing", "Name its VPC in network.existing"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(balancer: dict[str, Any], path: str, advice: str) -> None:
    found = problems(balancer)
    assert list(found) == [f"loadBalancer.{path}"]
    assert advice in found[f"loadBalancer.{path}"]


def test_beside_one_that_is_there_nothing_of_our_own_stands() -> None:
    beside = {"domain": DOMAIN, "webAcl": {}, "internal": True, "certificateArns": [CERTIFICATE], "accessLogs": True}
    network = {"existing": {"vpcId": "vpc-0abc"}}
    found = problems({"existing": {"listenerArn": LISTENER}, **beside}, network=network)
    assert set(found) == {f"loadBalancer.{key}" for key in beside}
    assert problems({"existing": {"listenerArn": LISTENER}}, network=network) == {}


def test_a_listener_of_another_region_is_refused() -> None:
    network = {"existing": {"vpcId": "vpc-0abc"}}
    found = problems({"existing": {"listenerArn": LISTENER.replace("us-east-1", "eu-west-1")}}, network=network)
    assert list(found) == ["loadBalancer.existing.listenerArn"]
