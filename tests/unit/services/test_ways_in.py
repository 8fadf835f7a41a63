"""The ways in to a service: target groups, rules, listeners, openings, logins, and the order in which they are made."""

from collections.abc import Callable
from typing import Any, Unpack

import pytest

from components import Service
from components.services import rolling
from components.services.routing_args import ListenerProtocol
from components.services.target_args import Algorithm, ProtocolVersion
from components.services.ways_in import target_group_name

from ..conftest import Engine, Run
from .example import Changes, container, service

NETWORK = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1"
GROUP, RULE = "lb/targetGroup:TargetGroup", "lb/listenerRule:ListenerRule"
OIDC: Any = {
    "issuer": "https://login.example.com",
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://login.example.com/token",
    "user_info_endpoint": "https://login.example.com/userinfo",
    "client_id": "shop",
    "client_secret": "hidden",
}


def web(**changes: Unpack[Changes]) -> Callable[[], Service]:
    return lambda: service(**changes)


def groups(engine: Engine) -> dict[str, Any]:
    return {one.name: one.inputs for one in engine.all(GROUP)}


def test_a_target_group_is_what_is_chosen_of_it(run: Run) -> None:
    engine = run(
        web(
            health_check={"interval_seconds": 10, "healthy_threshold": 3, "matcher": "200-299", "port": 9000},
            deregistration_delay_seconds=5,
            sticky_sessions={"cookie_name": "session"},
            algorithm=Algorithm.ROUND_ROBIN,
            slow_start_seconds=60,
        )
    )
    group = engine.one(GROUP)
    assert group["healthCheck"] == {
        "path": "/health",
        "matcher": "200-299",
        "port": "9000",
        "interval": 10,
        "timeout": 5,
        "healthyThreshold": 3,
        "unhealthyThreshold": 3,
    }
    assert (group["deregistrationDelay"], group["slowStart"]) == (5, 60)
    sticky = {"type": "app_cookie", "enabled": True, "cookieName": "session", "cookieDuration": 86_400}
    assert group["stickiness"] == sticky
    assert "container-platform.health-checks" in container(engine)["dockerLabels"]
    opened = {one.name for one in engine.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")}
    assert opened == {"web-from-load-balancer-80", "web-from-load-balancer-9000"}


def test_what_is_not_chosen_is_said_too_so_that_it_ends(run: Run) -> None:
    group = run(web()).one(GROUP)
    assert group["stickiness"] == {"type": "lb_cookie", "enabled": False, "cookieDuration": 86_400}
    assert (group["loadBalancingAlgorithmType"], group["slowStart"], group["protocolVersion"]) == (
        "round_robin",
        0,
        "HTTP1",
    )


@pytest.mark.parametrize(("interval", "timeout"), [(30, 5), (6, 5), (5, 4)])
def test_a_check_ends_before_the_next_begins(run: Run, interval: int, timeout: int) -> None:
    check = run(web(health_check={"interval_seconds": interval})).one(GROUP)["healthCheck"]
    assert (check["interval"], check["timeout"]) == (interval, timeout)


def test_grpc_is_checked_by_its_own_protocol(run: Run) -> None:
    engine = run(web(protocol_version=ProtocolVersion.GRPC))
    (group,) = engine.all(GROUP)
    assert group.name == target_group_name("web", ProtocolVersion.GRPC) != "web"
    assert group.inputs["protocolVersion"] == "GRPC"
    assert group.inputs["healthCheck"]["path"] == "/grpc.health.v1.Health/Check"
    assert group.inputs["healthCheck"]["matcher"] == "0"
    assert "healthCheck" not in container(engine), "curl cannot ask a server of gRPC"


def test_udp_is_let_through_and_checked_over_tcp(run: Run) -> None:
    engine = run(
        web(
            container_port=53,
            network_load_balancer_arn=NETWORK,
            network_listener={"port": 53, "protocol": ListenerProtocol.UDP},
            health_check={"port": 8080},
        )
    )
    group = engine.one(GROUP)
    assert (group["protocol"], group["preserveClientIp"]) == ("UDP", "true")
    assert group["healthCheck"]["protocol"] == "HTTP"
    rules = [one.inputs for one in engine.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")]
    assert {(rule["ipProtocol"], rule["fromPort"]) for rule in rules} == {("udp", 53), ("tcp", 8080)}
    assert container(engine)["portMappings"][0]["protocol"] == "udp"
    assert "tcpIdleTimeoutSeconds" not in engine.one("lb/listener:Listener")


def test_connections_end_after_the_idle_timeout_and_stay_with_a_task_by_address(run: Run) -> None:
    listener: Any = {"port": 7000, "idle_timeout_seconds": 600}
    engine = run(web(network_load_balancer_arn=NETWORK, network_listener=listener, sticky_sessions={}))
    assert engine.one("lb/listener:Listener")["tcpIdleTimeoutSeconds"] == 600
    assert engine.one(GROUP)["stickiness"] == {"type": "source_ip", "enabled": True}


ROUTES: Changes = {
    "ports": {"admin": {"port": 9000}},
    "routes": {
        "admin": {"port": "admin", "hosts": ["admin.example.com"], "deregistration_delay_seconds": 1},
        "raw": {"port": "admin", "network_listener": {"port": 9000}},
    },
    "network_load_balancer_arn": NETWORK,
    "network_load_balancer_security_group_id": "sg-network",
}


def test_each_route_has_a_target_group_and_a_way_to_it(run: Run) -> None:
    engine = run(web(**ROUTES))
    made = groups(engine)
    assert set(made) == {
        "web",
        target_group_name("web.admin", ProtocolVersion.HTTP1),
        target_group_name("web.raw", ProtocolVersion.HTTP1),
    }
    assert {rule.name for rule in engine.all(RULE)} == {"web", "web.admin"}
    deployed = engine.one("ecs/service:Service")
    assert [one["containerPort"] for one in deployed["loadBalancers"]] == [80, 9000, 9000]
    opened = {
        one.name: one.inputs["referencedSecurityGroupId"]
        for one in engine.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    }
    assert opened == {
        "web-from-load-balancer-80": "sg-balancer",
        "web-from-load-balancer-9000": "sg-balancer",
        "web-from-network-load-balancer-9000": "sg-network",
    }


def test_the_service_waits_for_every_listener(run: Run) -> None:
    (registered,) = run(web(**ROUTES)).all("ecs/service:Service")
    kinds = [urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on]
    assert kinds.count("aws:lb/listenerRule:ListenerRule") == 2
    assert kinds.count("aws:lb/listener:Listener") == 1


def test_a_route_to_a_container_beside_the_application(run: Run) -> None:
    beside: Any = {"proxy": {"image": "docker.io/library/nginx:1.29", "ports": {"proxy": {"port": 8443}}}}
    engine = run(web(containers=beside, routes={"tls": {"port": "proxy", "paths": ["/x"]}}))
    last = engine.one("ecs/service:Service")["loadBalancers"][1]
    assert (last["containerName"], last["containerPort"]) == ("proxy", 8443)


def test_a_port_that_is_none_of_the_task_is_refused(run: Run) -> None:
    with pytest.raises(ValueError, match=r"routes.x: port admin is none of the task, which has 80"):
        run(web(routes={"x": {"port": "admin"}}))
    with pytest.raises(ValueError, match="at most four"):
        run(web(routes={str(number): {} for number in range(5)}))


def test_a_login_comes_first(run: Run) -> None:
    actions = run(web(authentication={"oidc": OIDC})).one(RULE)["actions"]
    assert [(one["type"], one["order"]) for one in actions] == [("authenticate-oidc", 1), ("forward", 2)]
    asked = actions[0]["authenticateOidc"]
    assert (asked["clientId"], asked["clientSecret"], asked["scope"]) == ("shop", "hidden", "openid")
    assert asked["onUnauthenticatedRequest"] == "authenticate"


def test_a_login_at_cognito(run: Run) -> None:
    pool: Any = {
        "user_pool_arn": "arn:pool",
        "user_pool_client_id": "a",
        "user_pool_domain": "shop",
        "session_timeout_seconds": 60,
    }
    actions = run(web(authentication={"cognito": pool})).one(RULE)["actions"]
    assert actions[0]["authenticateCognito"]["userPoolArn"] == "arn:pool"
    assert actions[0]["authenticateCognito"]["sessionTimeout"] == 60


def test_requests_go_to_another_protocol_version_only_once_tasks_speak_it(run: Run) -> None:
    engine = run(
        web(
            protocol_version=ProtocolVersion.HTTP2,
            moving={"": {"earlier_version": ProtocolVersion.HTTP1, "priority": 49_999}},
            named_by_entrance=True,
            priority=5,
        )
    )
    assert set(groups(engine)) == {"web", target_group_name("web", ProtocolVersion.HTTP2)}
    assert len(engine.one("ecs/service:Service")["loadBalancers"]) == 2
    (deployed,) = engine.all("ecs/service:Service")
    rules = {one.name: one for one in engine.all(RULE)}
    assert set(rules) == {"priority-5", "priority-49999"}
    assert any(urn.endswith("::priority-49999") for urn in deployed.depends_on)
    assert any("ecs/service:Service" in urn for urn in rules["priority-5"].depends_on)
    assert rules["priority-49999"].inputs["conditions"] == [{"hostHeader": {"values": ["web.invalid"]}}]


@pytest.mark.parametrize(
    ("counts", "percents", "stuck"),
    [
        ((2, 2), (100, 200), None),
        ((1, 1), (100, 200), None),
        ((1, 1), (100, 150), 1),
        ((2, 4), (100, 125), 2),
        ((4, 8), (100, 125), None),
        ((1, 3), (50, 100), 1),
        ((2, 2), (50, 100), None),
        ((1, 1), (0, 100), None),
        ((3, 10), (90, 110), 3),
    ],
)
def test_a_deployment_must_be_able_to_start_or_stop_a_task(
    counts: tuple[int, int], percents: tuple[int, int], stuck: int | None
) -> None:
    assert rolling.stuck(*counts, *percents) == stuck


def test_zones_are_not_evened_out_where_tasks_stop_first(run: Run) -> None:
    deployed = run(web(min_healthy_percent=50, max_healthy_percent=100)).one("ecs/service:Service")
    assert deployed["availabilityZoneRebalancing"] == "DISABLED"
    assert (deployed["deploymentMaximumPercent"], deployed["deploymentMinimumHealthyPercent"]) == (100, 50)
    assert (
        run(web(health_check_grace_period_seconds=5)).one("ecs/service:Service")["healthCheckGracePeriodSeconds"] == 5
    )
