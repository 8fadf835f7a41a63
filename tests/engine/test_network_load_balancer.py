"""The network load balancer on the real engine: its addresses outlive it, and a service moves to it and back."""

from typing import Any

from components.balancing import listener_rules

from .conftest import Local
from .test_platform import touched

_WEB = f"priority-{listener_rules.stable_priority('web', listener_rules.conditions())}"
_NEW = f"priority-{listener_rules.stable_priority('new', listener_rules.conditions(headers={'X-New': ['1']}))}"
_GROUP_RULES = ("vpc.SecurityGroupEgressRule", "vpc.SecurityGroupIngressRule")


class TestNetworkLoadBalancer:
    """One dev stack with both load balancers, from its first update to its end."""

    def test_up_makes_an_address_in_each_zone(self, project: Local) -> None:
        def both(platform: dict[str, Any]) -> None:
            platform["networkLoadBalancer"] = {"staticAddresses": True}
            platform["services"]["web"]["image"] = "git-1"
            platform["services"]["new"] = {"repository": "web", "image": "git-1", "headers": {"X-New": ["1"]}}

        project.edit(both)
        project.ok("up")
        assert len(self._addresses(project)) == 2
        assert self._balancer(project)["outputs"]["arn"].split(":")[-1].startswith("loadbalancer/net/")

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_another_header_touches_nothing_but_the_rule(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["new"].update(headers={"X-New": ["1", "yes"]}))
        assert touched(project.ok("up")) == {f"~ update lb.ListenerRule {_NEW}"}

    def test_a_service_moves_to_it_without_being_replaced(self, project: Local) -> None:
        before = self._service(project)
        project.web(networkListener={"port": 7000})
        printed = project.ok("up")
        assert touched(printed) == {
            "+ create lb.Listener port-7000",
            *(f"+ create {rule} web-from-network-load-balancer-8080" for rule in _GROUP_RULES),
            "+ create vpc.SecurityGroupIngressRule network-load-balancer-7000-0.0.0.0/0",
            "+ create replacement lb.TargetGroup web",
            "~ update ecs.Service web",
            f"- delete lb.ListenerRule {_WEB}",
            *(f"- delete {rule} web-from-load-balancer-8080" for rule in _GROUP_RULES),
            "- delete replaced lb.TargetGroup web",
        }
        order = [printed.index(step) for step in ("lb.Listener  port-7000", "~ update", "- delete ")]
        assert order == sorted(order), "the new way in is there before the service moves, the old one until it has"
        after = self._service(project)
        assert after["id"] == before["id"]
        (group,) = self._groups(project, "web")
        assert group["inputs"]["protocol"] == "TCP"
        assert after["inputs"]["loadBalancers"][0]["targetGroupArn"] == group["outputs"]["arn"]

    def test_a_change_of_the_load_balancer_leaves_the_addresses(self, project: Local) -> None:
        before = self._addresses(project)
        project.edit(lambda platform: platform["networkLoadBalancer"].update(crossZone=False))
        assert touched(project.ok("up")) == {"~ update lb.LoadBalancer network-load-balancer"}
        assert self._addresses(project) == before

    def test_a_further_zone_adds_an_address_in_place(self, project: Local) -> None:
        before, balancer = self._addresses(project), self._balancer(project)["id"]
        project.edit(lambda platform: platform["network"].update(availabilityZoneCount=3))
        project.ok("up")
        assert self._addresses(project)[:2] == before
        assert len(self._addresses(project)) == 3
        assert self._balancer(project)["id"] == balancer

    def test_its_replacement_leaves_the_addresses_of_the_zones_that_stay(self, project: Local) -> None:
        before, balancer, service = (
            self._addresses(project),
            self._balancer(project)["id"],
            self._service(project)["id"],
        )
        project.edit(lambda platform: platform["network"].update(availabilityZoneCount=2))
        printed = project.ok("up")
        assert self._addresses(project) == before[:2]
        assert self._balancer(project)["id"] != balancer, "AWS takes no zone from a network load balancer"
        allocations = [mapping["allocationId"] for mapping in self._balancer(project)["inputs"]["subnetMappings"]]
        assert allocations == [item["id"] for item in self._eips(project)[:2]]
        steps = [line for line in printed.splitlines() if "lb.LoadBalancer  network-" in line and line[:2] == "  "]
        assert "delete" in steps[0], "the old one gives the addresses up before the new one takes them"
        (listener,) = [item for item in project.find("lb/listener:Listener") if item["urn"].endswith("::port-7000")]
        assert listener["inputs"]["loadBalancerArn"] == self._balancer(project)["id"]
        assert self._service(project)["id"] == service
        project.unchanged()

    def test_a_high_risk_port_is_no_port_for_everybody(self, project: Local) -> None:
        project.web(networkListener={"port": 5432})
        assert "network-restricted-ingress" in project.fails("up")
        project.edit(lambda platform: platform["networkLoadBalancer"].update(allowedCidrBlocks=["203.0.113.0/24"]))
        project.ok("up")

    def test_the_service_moves_back(self, project: Local) -> None:
        before, addresses = self._service(project)["id"], self._addresses(project)
        project.edit(lambda platform: platform["services"]["web"].pop("networkListener"))
        steps = touched(project.ok("up"))
        assert {
            f"+ create lb.ListenerRule {_WEB}",
            "~ update ecs.Service web",
            "- delete lb.Listener port-5432",
        } <= steps
        assert self._service(project)["id"] == before
        (group,) = self._groups(project, "web")
        assert group["inputs"]["protocol"] == "HTTP"
        assert self._addresses(project) == addresses, "they wait for the next service"

    def test_two_services_swap_their_priorities(self, project: Local) -> None:
        def ordered(web: int, new: int) -> None:
            services = {"web": {"priority": web, "hosts": ["web.example.com"]}, "new": {"priority": new}}
            project.edit(lambda platform: [platform["services"][name].update(one) for name, one in services.items()])

        ordered(10, 20)
        project.ok("up")
        ordered(20, 10)
        assert touched(project.ok("up")) == {
            "~ update lb.ListenerRule priority-10",
            "~ update lb.ListenerRule priority-20",
        }
        assert self._led_to(project) == {10: "new", 20: "web"}

    def test_a_priority_and_a_port_are_handed_to_services_of_other_names(self, project: Local) -> None:
        project.web(networkListener={"port": 7000}, hosts=[], priority=None)
        project.ok("up")

        def renamed(services: dict[str, Any]) -> None:
            services["newer"], services["site"] = services.pop("new"), services.pop("web")

        project.edit(lambda platform: renamed(platform["services"]))
        steps = touched(project.ok("up"))
        assert {"~ update lb.ListenerRule priority-10", "~ update lb.Listener port-7000"} <= steps
        assert self._led_to(project) == {10: "newer"}
        project.unchanged()

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []

    def _led_to(self, project: Local) -> dict[int, str]:
        """Return the service that each priority leads to."""
        groups = {
            one["outputs"]["arn"]: one["urn"].rpartition("::")[2] for one in project.find("lb/targetGroup:TargetGroup")
        }
        rules = [one["inputs"] for one in project.find("lb/listenerRule:ListenerRule")]
        return {int(rule["priority"]): groups[rule["actions"][0]["targetGroupArn"]] for rule in rules}

    def _eips(self, project: Local) -> list[dict[str, Any]]:
        ours = [item for item in project.find("ec2/eip:Eip") if "::network-load-balancer-" in item["urn"]]
        return sorted(ours, key=lambda item: str(item["urn"]))

    def _addresses(self, project: Local) -> list[str]:
        return [item["outputs"]["publicIp"] for item in self._eips(project)]

    def _balancer(self, project: Local) -> dict[str, Any]:
        (balancer,) = [
            item
            for item in project.find("lb/loadBalancer:LoadBalancer")
            if item["inputs"]["loadBalancerType"] == "network"
        ]
        return balancer

    def _service(self, project: Local) -> dict[str, Any]:
        (service,) = [item for item in project.find("ecs/service:Service") if item["urn"].endswith("::web")]
        return service

    def _groups(self, project: Local, name: str) -> list[dict[str, Any]]:
        return [item for item in project.find("lb/targetGroup:TargetGroup") if item["urn"].endswith(f"::{name}")]
