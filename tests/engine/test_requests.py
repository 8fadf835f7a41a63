"""Requests to a living service on the real engine: whatever changes, they go to tasks that serve."""

from typing import Any

import yaml

from components.balancing import listener_rules

from .conftest import Local
from .test_platform import touched

_WEB = f"priority-{listener_rules.stable_priority('web', listener_rules.conditions())}"
_ADMIN = f"priority-{listener_rules.stable_priority('web.admin', listener_rules.conditions(paths=['/admin/*']))}"
_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
_WAITING = "priority-49999"
LOGIN = {
    "issuer": "https://login.example.com",
    "authorizationEndpoint": "https://login.example.com/authorize",
    "tokenEndpoint": "https://login.example.com/token",
    "userInfoEndpoint": "https://login.example.com/userinfo",
    "clientId": "shop",
    "clientSecretKey": "loginSecret",
}


def steps(printed: str) -> list[str]:
    """Return what a run did, in its order."""
    lines = [line.partition("[")[0] for line in printed.splitlines() if line.startswith(("  + ", "  ~ ", "  - "))]
    return [" ".join(line.split()) for line in lines]


def without(project: Local, *keys: str) -> None:
    """Take keys out of the service `web`."""
    project.edit(lambda platform: [platform["services"]["web"].pop(key) for key in keys])


def in_order(printed: str, *wanted: str) -> None:
    done = steps(printed)
    assert [done.index(step) for step in wanted] == sorted(done.index(step) for step in wanted), done


class TestRequests:
    """Dev's service over HTTPS, from its first update to its end."""

    def test_up(self, project: Local) -> None:
        def https(platform: dict[str, Any]) -> None:
            platform["loadBalancer"] = {"certificateArns": [_CERTIFICATE]}
            platform["services"]["web"] |= {"image": "git-1", "ports": {"admin": {"port": 9000}}}

        project.edit(https)
        project.ok("up")
        project.unchanged()

    def test_attributes_of_the_target_group_change_in_place(self, project: Local) -> None:
        project.web(
            stickySessions={"cookieSeconds": 60},
            deregistrationDelaySeconds=5,
            slowStartSeconds=30,
            healthCheck={"intervalSeconds": 10, "unhealthyThreshold": 2},
        )
        assert touched(project.ok("up")) == {"~ update lb.TargetGroup web"}
        without(project, "stickySessions", "slowStartSeconds", "healthCheck", "deregistrationDelaySeconds")
        assert touched(project.ok("up")) == {"~ update lb.TargetGroup web"}
        (group,) = project.find("lb/targetGroup:TargetGroup")
        assert group["inputs"]["stickiness"]["enabled"] is False, "what is only left out would go on"

    def test_another_matcher_waits_for_tasks_that_were_deployed_with_it(self, project: Local) -> None:
        project.web(healthCheck={"matcher": "200-299"})
        printed = project.ok("up")
        assert "goes on asking for /health with 200" in printed
        assert touched(printed) == {
            "+ create replacement ecs.TaskDefinition web",
            "· keep in AWS ecs.TaskDefinition web",
            "~ update ecs.Service web",
        }
        assert touched(project.ok("up")) == {"~ update lb.TargetGroup web"}
        project.unchanged()
        without(project, "healthCheck")
        project.ok("up")
        project.ok("up")

    def test_percentages_and_grace_change_the_service_alone(self, project: Local) -> None:
        project.web(minHealthyPercent=50, maxHealthyPercent=150, healthCheckGracePeriodSeconds=120)
        assert touched(project.ok("up")) == {"~ update ecs.Service web"}
        without(project, "minHealthyPercent", "maxHealthyPercent", "healthCheckGracePeriodSeconds")
        project.ok("up")

    def test_another_port_of_the_container_is_let_in_first(self, project: Local) -> None:
        project.web(containerPort=8081)
        printed = project.ok("up")
        in_order(
            printed,
            "+ create vpc.SecurityGroupIngressRule web-from-load-balancer-8081",
            "~ update ecs.Service web",
            "- delete vpc.SecurityGroupIngressRule web-from-load-balancer-8080",
        )
        assert not [step for step in steps(printed) if "TargetGroup" in step]

    def test_a_route_takes_requests_once_tasks_serve_it(self, project: Local) -> None:
        project.web(routes={"admin": {"port": "admin", "paths": ["/admin/*"]}})
        printed = project.ok("up")
        assert "requests go there once tasks serve that have it" in printed
        in_order(
            printed,
            f"+ create lb.ListenerRule {_WAITING}",
            "~ update ecs.Service web",
            f"+ create lb.ListenerRule {_ADMIN}",
        )
        assert touched(project.ok("up")) == {f"- delete lb.ListenerRule {_WAITING}"}
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_another_protocol_version_has_its_tasks_before_it_has_requests(self, project: Local) -> None:
        (before,) = [one for one in project.find("lb/targetGroup:TargetGroup") if one["urn"].endswith("::web")]
        project.web(protocolVersion="HTTP2")
        printed = project.ok("up")
        in_order(
            printed,
            f"+ create lb.ListenerRule {_WAITING}",
            "~ update ecs.Service web",
            f"~ update lb.ListenerRule {_WEB}",
        )
        assert "must answer the health checks of HTTP1 too" in printed
        (service,) = project.find("ecs/service:Service")
        assert before["id"] in {one["targetGroupArn"] for one in service["inputs"]["loadBalancers"]}
        assert len(service["inputs"]["loadBalancers"]) == 3
        printed = project.ok("up")
        assert touched(printed) == {
            f"- delete lb.ListenerRule {_WAITING}",
            "~ update ecs.Service web",
            "- delete lb.TargetGroup web",
        }
        in_order(printed, "~ update ecs.Service web", "- delete lb.TargetGroup web")
        project.unchanged()

    def test_a_deployment_that_fails_leaves_the_requests_where_they_are_answered(self, project: Local) -> None:
        project.web(protocolVersion="HTTP1", image=f"sha256:{'0bad' * 16}")
        project.fails("up")
        groups = {one["id"]: one["inputs"] for one in project.find("lb/targetGroup:TargetGroup")}
        (rule,) = [one for one in project.find("lb/listenerRule:ListenerRule") if one["urn"].endswith(f"::{_WEB}")]
        assert groups[rule["inputs"]["actions"][0]["targetGroupArn"]]["protocolVersion"] == "HTTP2"
        project.web(protocolVersion="HTTP2", image="git-1")
        project.ok("up")
        project.unchanged()
        without(project, "protocolVersion")
        project.ok("up")
        project.ok("up")
        project.unchanged()

    def test_a_login_comes_and_goes_on_the_same_rule(self, project: Local) -> None:
        file = project.root / "Pulumi.dev.yaml"
        content = yaml.safe_load(file.read_text())
        content["config"]["container-platform:loginSecret"] = "only here"
        file.write_text(yaml.safe_dump(content, sort_keys=False))
        project.web(authentication={"oidc": LOGIN})
        assert touched(project.ok("up")) == {
            f"~ update lb.ListenerRule {_WEB}",
            "+ create vpc.SecurityGroupEgressRule load-balancer-to-443-0.0.0.0/0",
        }
        project.unchanged()
        without(project, "authentication")
        assert touched(project.ok("up")) == {
            f"~ update lb.ListenerRule {_WEB}",
            "- delete vpc.SecurityGroupEgressRule load-balancer-to-443-0.0.0.0/0",
        }

    def test_a_redirect_takes_over_the_priority_of_a_route(self, project: Local) -> None:
        project.web(routes={"admin": {"port": "admin", "paths": ["/admin/*"], "priority": 9}})
        project.ok("up")
        without(project, "routes")
        redirect = {"paths": ["/admin/*"], "to": {"path": "/"}, "priority": 9}
        project.edit(lambda platform: platform["loadBalancer"].update(redirects={"admin": redirect}))
        printed = project.ok("up")
        assert "~ update lb.ListenerRule priority-9" in touched(printed)
        assert not [step for step in steps(printed) if step.endswith("priority-9") and "update" not in step]
        project.unchanged()

    def test_a_listener_of_its_own_comes_and_goes_beside(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(networkLoadBalancer={"allowedCidrBlocks": ["203.0.113.0/24"]}))
        project.web(routes={"feed": {"networkListener": {"port": 9100, "healthCheck": "TCP"}}})
        printed = project.ok("up")
        in_order(printed, "+ create lb.Listener port-9100", "~ update ecs.Service web")
        project.unchanged()
        without(project, "routes")
        printed = project.ok("up")
        in_order(printed, "~ update ecs.Service web", "- delete lb.Listener port-9100")
        project.unchanged()

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []
