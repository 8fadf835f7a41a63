"""An existing load balancer: what services need of it, and why they could not use it."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components import ExistingLoadBalancer
from components.balancing.existing_balancer import Facts, faults

from ..conftest import ACCOUNT, REGION, Engine, run_program
from .failing import failing

LISTENER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/shared/0a/0b"
GOOD = Facts(
    listener_arn=LISTENER,
    port=443,
    protocol="HTTPS",
    default_action="fixed-response",
    load_balancer_arn=LISTENER.replace("listener", "loadbalancer").rpartition("/")[0],
    kind="application",
    vpc_id="vpc-1",
    dns_name="shared.example",
    zone_id="Z1",
    security_group_ids=("sg-1",),
)


class TestExisting:
    @pytest.mark.parametrize(
        ("changes", "group", "said"),
        [
            ({}, None, None),
            ({}, "sg-1", None),
            ({"security_group_ids": ("sg-1", "sg-2")}, "sg-2", None),
            ({"kind": "network"}, None, "is of type network"),
            ({"vpc_id": "vpc-2"}, None, "is in vpc-2, but the services are in vpc-1"),
            ({"default_action": "redirect"}, None, "redirects requests. Name the listener that serves"),
            ({}, "sg-2", "does not have security group sg-2. It has: sg-1"),
            (
                {"security_group_ids": ("sg-1", "sg-2")},
                None,
                "Set securityGroupId to the one that gets the services' rules. It has: sg-1, sg-2",
            ),
            ({"security_group_ids": ()}, None, "has no security group. Add one"),
        ],
    )
    def test_why_services_cannot_use_it(self, changes: dict[str, Any], group: str | None, said: str | None) -> None:
        found = faults(GOOD._replace(**changes), "vpc-1", group)
        assert len(found) == (1 if said else 0)
        assert said is None or said in found[0]

    @pytest.mark.parametrize(("protocol", "count"), [("HTTP", 1), ("HTTPS", 0)])
    def test_a_login_needs_an_https_listener(self, protocol: str, count: int) -> None:
        found = faults(GOOD._replace(protocol=protocol), "vpc-1", None, needs_https=True)
        assert len([one for one in found if "need an HTTPS listener" in one]) == count

    def test_all_of_it_is_said_at_once(self) -> None:
        assert len(faults(GOOD._replace(vpc_id="vpc-2", default_action="redirect"), "vpc-1", "sg-9")) == 3

    def read(self, facts: Facts, seen: dict[str, Any]) -> Engine:
        class Answering(Engine):
            def call(self, args: Any) -> Any:
                if args.token == "aws:lb/getListener:getListener":
                    action = {"type": facts.default_action}
                    listener = {"port": facts.port, "protocol": facts.protocol, "defaultActions": [action]}
                    return {**listener, "loadBalancerArn": facts.load_balancer_arn}, []
                return {
                    "loadBalancerType": facts.kind,
                    "vpcId": facts.vpc_id,
                    "dnsName": facts.dns_name,
                    "zoneId": facts.zone_id,
                    "securityGroups": list(facts.security_group_ids),
                }, []

        def program() -> None:
            made = ExistingLoadBalancer("balancer", {"listener_arn": LISTENER, "vpc_id": "vpc-1"})
            pulumi.Output.all(url=made.url, group=made.security_group_id, listeners=made.listener_arns).apply(
                seen.update
            )

        return run_program(program, engine=Answering())

    @pytest.mark.parametrize(
        ("port", "protocol", "url"),
        [
            (443, "HTTPS", "https://shared.example"),
            (80, "HTTP", "http://shared.example"),
            (8443, "HTTPS", "https://shared.example:8443"),
        ],
    )
    def test_it_gives_what_services_need_and_makes_nothing(self, port: int, protocol: str, url: str) -> None:
        seen: dict[str, Any] = {}
        engine = self.read(GOOD._replace(port=port, protocol=protocol), seen)
        assert seen == {"url": url, "group": "sg-1", "listeners": {str(port): LISTENER}}
        assert [item for item in engine.resources if item.type.startswith("aws:")] == []

    @pytest.mark.parametrize("words", ["reading ELBv2 Listener (x): couldn't find resource", "ListenerNotFound: none"])
    def test_one_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
        monkeypatch.setattr(aws.lb, "get_listener", failing(words))
        with pytest.raises(pulumi.RunError, match="there is no such listener in this region and account"):
            self.read(GOOD, {})

    def test_another_error_is_told_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aws.lb, "get_listener", failing("AccessDenied: you may not"))
        with pytest.raises(RuntimeError, match="AccessDenied"):
            self.read(GOOD, {})

    def test_what_is_wrong_is_one_message(self) -> None:
        with pytest.raises(pulumi.RunError, match=r"cannot use .*\n  - its load balancer is in vpc-2"):
            self.read(GOOD._replace(vpc_id="vpc-2"), {})
