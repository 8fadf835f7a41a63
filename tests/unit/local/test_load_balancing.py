"""The stand-in refuses of target groups, listeners, rules and services what AWS refuses."""

import json
from typing import Any

import pytest

from local.standin import load_balancing, services
from local.standin.account import Account, Properties
from local.standin.behaviour import Refused

GROUP, LISTENER = "aws:lb/targetGroup:TargetGroup", "aws:lb/listener:Listener"
RULE, SERVICE = "aws:lb/listenerRule:ListenerRule", "aws:ecs/service:Service"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def make(account: Account, token: str, **inputs: Any) -> Properties:
    """Make a resource as the stand-in does."""
    id_, made = services.behaviour(token).create(inputs, account)
    properties = {**made, **inputs, "id": id_}
    account.resources.made(token, id_, properties)
    return properties


def refusal(account: Account, token: str, **inputs: Any) -> str:
    with pytest.raises(Refused) as refused:
        make(account, token, **inputs)
    return str(refused.value)


def group(account: Account, **inputs: Any) -> Properties:
    return make(account, GROUP, **{"name": "web", "protocol": "HTTP", **inputs})


def listener(account: Account, group_: Properties, **inputs: Any) -> Properties:
    forward = [{"type": "forward", "targetGroupArn": group_["arn"]}]
    given = {"loadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/x/y/1", "port": 80}
    return make(account, LISTENER, **{**given, "protocol": "HTTP", "defaultActions": forward, **inputs})


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"healthCheck": {"interval": 10, "timeout": 10}}, "interval must be greater than the timeout"),
        ({"healthCheck": {"interval": 4, "timeout": 2}}, "interval must be between 5 and 300"),
        ({"healthCheck": {"healthyThreshold": 11}}, "healthy threshold must be between 2 and 10"),
        ({"protocol": "TCP", "healthCheck": {"protocol": "TCP", "matcher": "200"}}, "health_check.matcher"),
        ({"protocol": "TCP", "healthCheck": {"protocol": "TCP", "path": "/"}}, "health_check.path"),
        ({"healthCheck": {"protocol": "TCP"}}, "'TCP' is not supported"),
        ({"protocol": "UDP", "healthCheck": {"protocol": "UDP"}}, "'UDP' is not supported"),
        ({"healthCheck": {"matcher": "500"}}, "between 200 and 499"),
        ({"healthCheck": {"matcher": "ok"}}, "between 200 and 499"),
        ({"protocolVersion": "GRPC", "healthCheck": {"matcher": "200"}}, "between 0 and 99"),
        ({"protocolVersion": "GRPC", "healthCheck": {"path": "/health"}}, "/package.service/method"),
        ({"stickiness": {"type": "source_ip"}}, "Stickiness type 'source_ip' is not supported"),
        ({"protocol": "TCP", "stickiness": {"type": "lb_cookie"}}, "Stickiness type 'lb_cookie' is not supported"),
        ({"stickiness": {"type": "app_cookie", "cookieName": "AWSALB"}}, "must not begin with AWSALB"),
        ({"stickiness": {"type": "lb_cookie", "cookieDuration": 604_801}}, "between 1 and 604800"),
        ({"slowStart": 60, "loadBalancingAlgorithmType": "least_outstanding_requests"}, "Slow start cannot"),
        ({"slowStart": 20}, "between 30 and 900"),
        ({"protocol": "TCP", "slowStart": 60}, "attributes of requests"),
        ({"deregistrationDelay": 3601}, "between 0 and 3600"),
        ({"protocol": "UDP", "preserveClientIp": "false"}, "cannot be disabled"),
        ({"preserveClientIp": "true"}, "not supported for target groups with the HTTP"),
    ],
)
def test_a_target_group_that_cannot_be_is_refused(account: Account, inputs: Properties, said: str) -> None:
    given = {"name": "web", "protocol": "HTTP", **inputs}
    assert said in refusal(account, GROUP, **given)
    there = group(account)
    with pytest.raises(Refused):
        services.behaviour(GROUP).update("web", there, given, account)


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "TCP_UDP"])
def test_network_listeners_and_their_groups_are_of_one_protocol(account: Account, protocol: str) -> None:
    assert listener(account, group(account, protocol=protocol), protocol=protocol)
    other = group(account, name="other", protocol="UDP" if protocol == "TCP" else "TCP")
    forward = [{"type": "forward", "targetGroupArn": other["arn"]}]
    said = refusal(account, LISTENER, loadBalancerArn="arn:x", port=1, protocol=protocol, defaultActions=forward)
    assert f"is not supported with the listener protocol '{protocol}'" in said


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"protocol": "HTTPS"}, "A certificate must be specified"),
        ({"protocol": "UDP", "certificateArn": "arn:x"}, "certificateArn cannot be specified for UDP"),
        ({"protocol": "TCP", "tcpIdleTimeoutSeconds": 30}, "between 60 and 6000"),
    ],
)
def test_a_listener_that_cannot_be_is_refused(account: Account, inputs: Properties, said: str) -> None:
    assert said in refusal(account, LISTENER, loadBalancerArn="arn:x", port=1, defaultActions=[], **inputs)


@pytest.mark.parametrize(
    ("version", "actions", "said"),
    [
        ("GRPC", [{"type": "forward"}], "'HTTP' is not supported with a target group with the protocol-version 'GRPC'"),
        ("HTTP2", [{"type": "forward"}], "protocol-version 'HTTP2'"),
        ("HTTP1", [{"type": "authenticate-oidc"}, {"type": "forward"}], "only on HTTPS listeners"),
        ("HTTP1", [{"type": "authenticate-cognito"}], "must be the last one"),
        ("HTTP1", [{"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}], "creates a loop"),
        ("HTTP1", [{"type": "redirect", "redirect": {"statusCode": "303", "host": "a.org"}}], "status code '303'"),
        ("HTTP1", [{"type": "fixed-response", "fixedResponse": {"statusCode": "301"}}], "status code '301'"),
        (
            "HTTP1",
            [{"type": "fixed-response", "fixedResponse": {"statusCode": "503", "contentType": "text/xml"}}],
            "content type 'text/xml'",
        ),
        (
            "HTTP1",
            [
                {
                    "type": "fixed-response",
                    "fixedResponse": {"statusCode": "503", "contentType": "text/html", "messageBody": "x" * 1025},
                }
            ],
            "at most 1024",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused(account: Account, version: str, actions: list[Any], said: str) -> None:
    there, target = listener(account, group(account)), group(account, name="next", protocolVersion=version)
    given = [one | ({"targetGroupArn": target["arn"]} if one["type"] == "forward" else {}) for one in actions]
    assert said in refusal(account, RULE, listenerArn=there["arn"], priority=1, actions=given)


def test_grpc_takes_no_login(account: Account) -> None:
    https = listener(account, group(account), protocol="HTTPS", certificateArn="arn:c")
    target = group(account, name="grpc", protocolVersion="GRPC")
    actions = [{"type": "authenticate-oidc"}, {"type": "forward", "targetGroupArn": target["arn"]}]
    said = refusal(account, RULE, listenerArn=https["arn"], priority=1, actions=actions)
    assert "Only the action type forward" in said


def test_a_target_group_in_use_is_not_deleted(account: Account) -> None:
    target = group(account)
    there = listener(account, target)
    with pytest.raises(Refused, match="currently in use"):
        services.behaviour(GROUP).delete(target["id"], target, account)
    account.resources.deleted(LISTENER, there["id"], there)
    services.behaviour(GROUP).delete(target["id"], target, account)
    assert load_balancing.users_of(target["arn"], account) == []


def definition(account: Account) -> Properties:
    container = {"name": "web", "image": "a/b", "portMappings": [{"containerPort": 80}]}
    return make(account, DEFINITION, family="web", containerDefinitions=json.dumps([container]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"deploymentMinimumHealthyPercent": 100, "deploymentMaximumPercent": 100}, "will block deployments"),
        ({"deploymentMinimumHealthyPercent": 150}, "at most 100"),
        (
            {
                "deploymentMinimumHealthyPercent": 50,
                "deploymentMaximumPercent": 100,
                "availabilityZoneRebalancing": "ENABLED",
            },
            "maximumPercent of 100",
        ),
        ({"healthCheckGracePeriodSeconds": 60}, "only valid for services configured to use load balancers"),
    ],
)
def test_a_deployment_that_cannot_be_is_refused(account: Account, changes: Properties, said: str) -> None:
    given = {"name": "web", "taskDefinition": definition(account)["arn"], **changes}
    assert said in refusal(account, SERVICE, **given)


def test_a_target_group_needs_a_listener_before_its_service(account: Account) -> None:
    target = group(account)
    behind = {"targetGroupArn": target["arn"], "containerName": "web", "containerPort": 80}
    given = {"name": "web", "taskDefinition": definition(account)["arn"], "loadBalancers": [behind]}
    assert "does not have an associated load balancer" in refusal(account, SERVICE, **given)
    listener(account, target)
    assert make(account, SERVICE, **given)
    assert "at most 5" in refusal(account, SERVICE, **{**given, "loadBalancers": [behind] * 6})
    other = [{**behind, "containerPort": 81}]
    assert "did not have a container port 81" in refusal(account, SERVICE, **{**given, "loadBalancers": other})
