"""Services under mocks: who reaches the tasks, what they reach, and how a new revision replaces the old one."""

from typing import Any

import pytest

from components import Cluster, Network, Service
from components.common.args import EgressRuleArgs

from ..conftest import Engine, Run, run_program
from .example import NEEDED, service

INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def test_every_child_belongs_to_its_component(run: Run) -> None:
    engine = run(lambda: service(generated_secret={"environment_variable": "PASSWORD"}))
    strays = [item.name for item in engine.resources if item.type.startswith("aws:") and "Service" not in item.parent]
    assert strays == []


def test_only_the_load_balancer_reaches_the_tasks(run: Run) -> None:
    engine = run(lambda: service(container_port=8080))
    ingress = engine.one(INGRESS)
    assert ingress["referencedSecurityGroupId"] == "sg-balancer"
    assert (ingress["fromPort"], ingress["toPort"]) == (8080, 8080)
    assert "cidrIpv4" not in ingress
    egress = {item["securityGroupId"]: (item["fromPort"], item.get("cidrIpv4")) for item in engine.find(EGRESS)}
    assert egress["sg-balancer"] == (8080, None)
    assert set(egress.values()) == {(8080, None), (443, "0.0.0.0/0")}
    group = engine.one("ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group
    assert "egress" not in group


def test_tasks_have_private_subnets_and_no_public_address(web: Engine) -> None:
    configuration = web.one("ecs/service:Service")["networkConfiguration"]
    assert configuration["subnets"] == ["subnet-private-a"]
    assert configuration["assignPublicIp"] is False


def test_a_failed_deployment_is_rolled_back_to_a_revision_that_is_kept(web: Engine) -> None:
    deployed = web.one("ecs/service:Service")
    assert deployed["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert (deployed["deploymentMaximumPercent"], deployed["deploymentMinimumHealthyPercent"]) == (200, 100)
    assert web.one("ecs/taskDefinition:TaskDefinition")["skipDestroy"] is True


def test_capacity_is_a_strategy_never_a_launch_type(web: Engine) -> None:
    deployed = web.one("ecs/service:Service")
    assert deployed["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
    assert deployed["forceNewDeployment"] is True
    assert "launchType" not in deployed


def test_the_service_waits_for_its_rule_and_its_permissions(web: Engine) -> None:
    (registered,) = web.all("ecs/service:Service")
    needed = {urn.rpartition("::")[2] for urn in registered.depends_on}
    kinds = {urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on}
    assert "web-execution" in needed
    assert {"aws:lb/listenerRule:ListenerRule", "aws:iam/rolePolicy:RolePolicy"} <= kinds


def test_the_target_groups_name_leaves_room_for_the_engines_suffix(run: Run) -> None:
    (group,) = run(lambda: service("a-service-with-a-very-long-name")).all("lb/targetGroup:TargetGroup")
    assert len(group.name) <= 24
    assert not group.name.endswith("-")
    assert "name" not in group.inputs


def test_outputs_can_feed_another_component(run: Run) -> None:
    def program() -> None:
        cluster = Cluster("cluster", {"cluster_name": "main"})
        network = Network("network", {"name_prefix": "/p"})
        service(
            cluster_arn=cluster.cluster_arn,
            cluster_name=cluster.cluster_name,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
        )

    engine = run(program)
    deployed = engine.one("ecs/service:Service")
    assert deployed["networkConfiguration"]["subnets"] == ["subnet-private-a", "subnet-private-b"]
    (registered,) = engine.all("ecs/service:Service")
    kinds = {urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on}
    assert "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders" in kinds, "capacity comes first and goes last"


def test_tasks_behind_endpoints_reach_those_and_s3_and_nothing_else(run: Run) -> None:
    engine = run(lambda: service(egress=[], endpoint_security_group_id="sg-endpoints", s3_prefix_list_id="pl-s3"))
    egress = engine.find(EGRESS)
    ours = [rule for rule in egress if rule["securityGroupId"] != "sg-balancer"]
    assert sorted(rule.get("referencedSecurityGroupId") or rule["prefixListId"] for rule in ours) == [
        "pl-s3",
        "sg-endpoints",
    ]
    assert all((rule["fromPort"], rule["toPort"]) == (443, 443) for rule in ours)
    (entrance,) = [rule for rule in engine.find(INGRESS) if rule["securityGroupId"] == "sg-endpoints"]
    assert entrance["referencedSecurityGroupId"] == "web-id"
    assert (entrance["fromPort"], entrance["toPort"]) == (443, 443)
    (registered,) = engine.all("ecs/service:Service")
    waited = {urn.rpartition("::")[2] for urn in registered.depends_on}
    assert {"web-to-endpoints", "web-to-s3"} <= waited, "a task that starts earlier cannot pull its image"


def test_tasks_reach_ipv6_addresses_where_they_reach_every_ipv4_address(run: Run) -> None:
    egress: list[EgressRuleArgs] = [
        {"port": 443, "cidr_block": "0.0.0.0/0"},
        {"port": 5432, "cidr_block": "10.0.0.0/16"},
    ]
    engine = run(lambda: service(ipv6=True, egress=egress))
    rules = engine.find(EGRESS)
    assert [(rule["fromPort"], rule["cidrIpv6"]) for rule in rules if "cidrIpv6" in rule] == [(443, "::/0")]
    (registered,) = engine.all("ecs/service:Service")
    waited = {urn.rpartition("::")[2] for urn in registered.depends_on}
    made = {"web-to-443-0.0.0.0/0", "web-to-443-ipv6", "web-to-5432-10.0.0.0/16"}
    assert made <= waited, "a task that starts earlier cannot pull its image"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "listener_arn is missing"),
        ({"network_listener": {"port": 443}}, "network_listener needs network_load_balancer_arn"),
    ],
)
def test_a_service_without_a_way_in_is_refused_before_anything_is_made(given: Any, said: str) -> None:
    engine = Engine()
    with pytest.raises(ValueError, match=said):
        run_program(lambda: Service("web", {**NEEDED, **given}), engine=engine)
    assert [item.name for item in engine.resources if item.name == "web"] == []


def test_tags_are_on_all_that_is_made_for_a_service_and_on_nothing_else(run: Run) -> None:
    engine = run(lambda: service(tags={"team": "shop"}, generated_secret={"environment_variable": "PASSWORD"}))
    tagged = {
        item.type.partition("/")[0]: item.inputs.get("tags") for item in engine.resources if "tags" in item.inputs
    }
    assert set(map(str, tagged.values())) == {"{'team': 'shop'}"}
    kinds = {item.type.removeprefix("aws:") for item in engine.resources if "tags" in item.inputs}
    assert {
        "ecs/service:Service",
        "ecs/taskDefinition:TaskDefinition",
        "iam/role:Role",
        "cloudwatch/logGroup:LogGroup",
        "lb/targetGroup:TargetGroup",
        "lb/listenerRule:ListenerRule",
        "ec2/securityGroup:SecurityGroup",
        "appautoscaling/target:Target",
        "secretsmanager/secret:Secret",
    } <= kinds
    assert engine.one("ecs/service:Service")["propagateTags"] == "SERVICE", "so tasks get them"
    untagged = run_program(service)
    assert not [item.name for item in untagged.resources if "tags" in item.inputs]


def test_a_service_with_sessions_waits_for_what_they_need(run: Run) -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/sessions"
    engine = run(lambda: service(execute_command=True, execute_command_log_group_arn=group))
    (registered,) = engine.all("ecs/service:Service")
    assert registered.inputs["enableExecuteCommand"] is True
    assert "web-sessions" in {urn.rpartition("::")[2] for urn in registered.depends_on}
    assert "enableExecuteCommand" not in run_program(service).one("ecs/service:Service")
