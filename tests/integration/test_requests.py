"""Ways in to a service on the real provider: what it changes in place, and what is read back of it."""

from typing import Any

from components.balancing import listener_rules
from tests.integration.conftest import Deployment, Emulator

_RULE = f"lb/listenerRule:ListenerRule priority-{listener_rules.stable_priority('web', listener_rules.conditions())}"
_WAITING = "lb/listenerRule:ListenerRule priority-49999"
_POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI"


class TestRequests:
    """Dev over HTTPS, with routes, a listener for datagrams, a redirect and a fixed answer."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment, emulator: Emulator) -> None:
        asked = emulator.client("acm").request_certificate(DomainName="shop.example.com", ValidationMethod="DNS")

        def several(platform: dict[str, Any]) -> None:
            platform["loadBalancer"] = {
                "certificateArns": [asked["CertificateArn"]],
                "idleTimeoutSeconds": 120,
                "clientKeepAliveSeconds": 600,
                "redirects": {"old": {"paths": ["/old/*"], "to": {"path": "/new"}, "statusCode": 302}},
                "fixedResponses": {"closed": {"paths": ["/closed"], "statusCode": 503, "body": "Back soon."}},
            }
            platform["networkLoadBalancer"] = {}
            platform["services"]["web"] |= {
                "image": "git-0000001",
                "ports": {"admin": {"port": 9000}, "grpc": {"port": 9090}, "log": {"port": 5140, "protocol": "udp"}},
                "healthCheck": {"intervalSeconds": 10, "matcher": "200-299"},
                "deregistrationDelaySeconds": 15,
                "stickySessions": {"cookieSeconds": 60},
                "slowStartSeconds": 30,
                "routes": {
                    "grpc": {"port": "grpc", "hosts": ["grpc.example.com"], "protocolVersion": "GRPC"},
                    "log": {
                        "port": "log",
                        "networkListener": {"port": 514, "protocol": "UDP", "healthCheck": "TCP"},
                        "healthCheck": {"port": 9000},
                    },
                    "raw": {"port": "admin", "networkListener": {"port": 7000, "idleTimeoutSeconds": 600}},
                },
            }

        deployment.edit(several)
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_each_target_group_is_what_was_said(self, emulator: Emulator) -> None:
        elb = emulator.client("elbv2")
        groups = {group["TargetGroupName"].rpartition("-")[0]: group for group in self._groups(emulator)}
        web = next(group for name, group in groups.items() if name == "web")
        assert (web["HealthCheckIntervalSeconds"], web["Matcher"]["HttpCode"]) == (10, "200-299")
        attributes = elb.describe_target_group_attributes(TargetGroupArn=web["TargetGroupArn"])["Attributes"]
        kept = {item["Key"]: item["Value"] for item in attributes}
        assert kept["deregistration_delay.timeout_seconds"] == "15"
        assert (kept["stickiness.enabled"], kept["stickiness.type"]) == ("true", "lb_cookie")
        assert kept["slow_start.duration_seconds"] == "30"
        protocols = sorted((group["Protocol"], group.get("ProtocolVersion")) for group in groups.values())
        assert ("HTTP", "GRPC") in protocols
        assert ("UDP", None) in [(protocol, None) for protocol, _ in protocols]

    def test_the_service_is_in_all_of_them(self, emulator: Emulator) -> None:
        behind = self._service(emulator)["loadBalancers"]
        assert sorted(one["containerPort"] for one in behind) == [5140, 8080, 9000, 9090]

    def test_the_load_balancer_answers_itself(self, emulator: Emulator) -> None:
        actions = [rule["Actions"][0] for rule in self._rules(emulator)]
        (redirect,) = [one["RedirectConfig"] for one in actions if one["Type"] == "redirect"]
        assert (redirect["Path"], redirect["StatusCode"], redirect["Query"]) == ("/new", "HTTP_302", "#{query}")
        (fixed,) = [one["FixedResponseConfig"] for one in actions if one["Type"] == "fixed-response"]
        assert (fixed["StatusCode"], fixed["MessageBody"]) == ("503", "Back soon.")

    def test_what_is_left_out_again_ends_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        def plainer(platform: dict[str, Any]) -> None:
            for key in ("stickySessions", "slowStartSeconds", "deregistrationDelaySeconds"):
                del platform["services"]["web"][key]

        deployment.edit(plainer)
        assert deployment.run("up").steps == ["update lb/targetGroup:TargetGroup web"]
        deployment.unchanged()
        (web,) = [one for one in self._groups(emulator) if one["TargetGroupName"].rpartition("-")[0] == "web"]
        attributes = emulator.client("elbv2").describe_target_group_attributes(TargetGroupArn=web["TargetGroupArn"])
        kept = {item["Key"]: item["Value"] for item in attributes["Attributes"]}
        assert (kept["stickiness.enabled"], kept["slow_start.duration_seconds"]) == ("false", "0")

    def test_a_login_comes_and_goes_in_place(self, deployment: Deployment) -> None:
        login = {"cognito": {"userPoolArn": _POOL, "userPoolClientId": "client", "userPoolDomain": "shop-login"}}
        deployment.set(authentication=login)
        steps = deployment.run("up").steps
        assert f"update {_RULE}" in steps
        assert not [step for step in steps if "ecs/service" in step or "TargetGroup" in step]
        deployment.unchanged()
        deployment.edit(lambda platform: platform["services"]["web"].pop("authentication"))
        assert f"update {_RULE}" in deployment.run("up").steps
        deployment.unchanged()

    def test_another_protocol_version_moves_the_requests_last(self, deployment: Deployment) -> None:
        deployment.set(protocolVersion="HTTP2")
        steps = deployment.run("up").steps
        wanted = [f"create {_WAITING}", "update ecs/service:Service web", f"update {_RULE}"]
        assert [steps.index(step) for step in wanted] == sorted(steps.index(step) for step in wanted)
        steps = deployment.run("up").steps
        assert set(steps) == {
            f"delete {_WAITING}",
            "update ecs/service:Service web",
            "delete lb/targetGroup:TargetGroup web",
        }
        assert deployment.run("preview").steps == []

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        assert self._groups(emulator) == []

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _groups(self, emulator: Emulator) -> Any:
        return emulator.client("elbv2").describe_target_groups()["TargetGroups"]

    def _rules(self, emulator: Emulator) -> list[Any]:
        elb = emulator.client("elbv2")
        (balancer,) = [one for one in elb.describe_load_balancers()["LoadBalancers"] if one["Type"] == "application"]
        listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        (https,) = [one for one in listeners if one["Port"] == 443]
        rules: list[Any] = elb.describe_rules(ListenerArn=https["ListenerArn"])["Rules"]
        return [rule for rule in rules if rule["Priority"] != "default"]

    def _service(self, emulator: Emulator) -> Any:
        cluster = f"container-platform-{self.STACK}"
        (service,) = emulator.client("ecs").describe_services(cluster=cluster, services=[f"{self.STACK}-web"])[
            "services"
        ]
        return service
