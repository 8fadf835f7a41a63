"""The network load balancer on the real provider: what it decides to replace, and a service that moves in place."""

from typing import Any

from components.balancing import listener_rules
from tests.integration.conftest import Deployment, Emulator

_HEADERS = {"X-Canary": ["1", "yes*"]}
_RULE, _BY_HEADERS = (
    f"lb/listenerRule:ListenerRule priority-{listener_rules.stable_priority('web', conditions)}"
    for conditions in (listener_rules.conditions(), listener_rules.conditions(headers=_HEADERS))
)


class TestNetworkLoadBalancer:
    """Dev with a service behind a network load balancer that has static addresses."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment, emulator: Emulator) -> None:
        def behind_it(platform: dict[str, Any]) -> None:
            platform["network"]["availabilityZoneCount"] = 3
            platform["networkLoadBalancer"] = {"staticAddresses": True}
            platform["services"]["web"].update(image="git-0000001", networkListener={"port": 7000})

        deployment.edit(behind_it)
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        assert sorted(done.outputs["networkLoadBalancerAddresses"]) == self._addresses(emulator)
        name = done.outputs["networkLoadBalancerDnsName"]
        assert done.outputs["services"]["web"]["networkEndpoint"] == f"{name}:7000"

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_the_listener_leads_to_the_tasks_and_only_through_its_group(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        elb, ec2 = emulator.client("elbv2"), emulator.client("ec2")
        balancer = self._balancer(emulator)
        (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        assert (listener["Port"], listener["Protocol"]) == (7000, "TCP")
        (wanted,) = self._service(emulator)["loadBalancers"]
        assert listener["DefaultActions"][0]["TargetGroupArn"] == wanted["targetGroupArn"]
        (group,) = elb.describe_target_groups(TargetGroupArns=[wanted["targetGroupArn"]])["TargetGroups"]
        assert (group["Protocol"], group["TargetType"], group["Port"]) == ("TCP", "ip", 80)
        assert (group["HealthCheckProtocol"], group["HealthCheckPath"]) == ("HTTP", "/health")
        attributes = elb.describe_target_group_attributes(TargetGroupArn=wanted["targetGroupArn"])["Attributes"]
        kept = {item["Key"]: item["Value"] for item in attributes}
        assert kept["deregistration_delay.connection_termination.enabled"] == "true"
        assert kept["preserve_client_ip.enabled"] == "false"
        (tasks,) = self._service(emulator)["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
        (entrance,) = [rule for rule in self._rules(ec2, tasks) if not rule["IsEgress"]]
        assert [entrance["ReferencedGroupInfo"]["GroupId"]] == balancer["SecurityGroups"]
        (opening,) = [rule for rule in self._rules(ec2, *balancer["SecurityGroups"]) if not rule["IsEgress"]]
        assert (opening["FromPort"], opening["ToPort"], opening["CidrIpv4"]) == (7000, 7000, "0.0.0.0/0")

    def test_the_service_moves_to_the_other_load_balancer_in_place(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        before = self._service(emulator)
        deployment.edit(lambda platform: platform["services"]["web"].pop("networkListener"))
        steps = deployment.run("up").steps
        assert "update ecs/service:Service web" in steps
        assert steps.index(f"create {_RULE}") < steps.index("update ecs/service:Service web")
        assert steps.index("update ecs/service:Service web") < steps.index("delete lb/listener:Listener port-7000")
        assert {step.split()[0] for step in steps if "ecs/service:Service" in step} == {"update"}
        after = self._service(emulator)
        (group,) = emulator.client("elbv2").describe_target_groups(
            TargetGroupArns=[after["loadBalancers"][0]["targetGroupArn"]]
        )["TargetGroups"]
        assert group["Protocol"] == "HTTP"
        old = before["loadBalancers"][0]["targetGroupArn"]
        groups = emulator.client("elbv2").describe_target_groups()["TargetGroups"]
        assert old not in [one["TargetGroupArn"] for one in groups]
        assert deployment.run("preview").steps == []

    def test_other_headers_change_the_rule_alone(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.set(headers=_HEADERS)
        assert deployment.run("up").steps == [f"create {_BY_HEADERS}", f"delete {_RULE}"], "with a priority of its kind"
        (balancer,) = [one for one in self._balancers(emulator) if one["Type"] == "application"]
        elb = emulator.client("elbv2")
        (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
        (rule,) = [rule for rule in rules if rule["Priority"] != "default"]
        (condition,) = rule["Conditions"]
        assert condition["HttpHeaderConfig"]["HttpHeaderName"] == "X-Canary"
        assert sorted(condition["HttpHeaderConfig"]["Values"]) == ["1", "yes*"]

    def test_a_zone_less_replaces_the_load_balancer_and_leaves_the_other_addresses(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        before = self._addresses(emulator)
        deployment.network(availabilityZoneCount=2)
        steps = deployment.run("up").steps
        balancer = "lb/loadBalancer:LoadBalancer network-load-balancer"
        assert steps.index(f"delete-replaced {balancer}") < steps.index(f"create-replacement {balancer}")
        assert "delete ec2/eip:Eip network-load-balancer-3" in steps
        after = self._addresses(emulator)
        assert len(after) == 2
        assert set(after) < set(before)
        assert deployment.run("preview").steps == []

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        assert self._balancers(emulator) == []
        assert emulator.client("ec2").describe_addresses()["Addresses"] == []

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _balancers(self, emulator: Emulator) -> Any:
        return emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]

    def _balancer(self, emulator: Emulator) -> Any:
        (balancer,) = [one for one in self._balancers(emulator) if one["Type"] == "network"]
        return balancer

    def _addresses(self, emulator: Emulator) -> list[str]:
        zones = self._balancer(emulator)["AvailabilityZones"]
        return sorted(address["IpAddress"] for zone in zones for address in zone["LoadBalancerAddresses"])

    def _service(self, emulator: Emulator) -> Any:
        cluster = f"container-platform-{self.STACK}"
        (service,) = emulator.client("ecs").describe_services(cluster=cluster, services=[f"{self.STACK}-web"])[
            "services"
        ]
        return service

    def _rules(self, ec2: Any, group: str) -> list[Any]:
        filters = [{"Name": "group-id", "Values": [group]}]
        rules: list[Any] = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return rules
