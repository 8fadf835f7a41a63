"""The platform's outputs as another project reads them."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockResourceArgs

import outputs
from outputs.reference import PlatformStack

from ..conftest import Engine, run_program

_NEWER = {
    "networkLoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1",
    "networkLoadBalancerDnsName": "x.elb.eu-west-1.amazonaws.com",
    "networkLoadBalancerZoneId": "Z2IFOLAFXWLO4F",
    "networkLoadBalancerSecurityGroupId": "sg-1",
    "networkLoadBalancerAddresses": ["203.0.113.1", "203.0.113.2"],
}


class _Published(Engine):
    """A stack of the platform that publishes these outputs."""

    def __init__(self, published: dict[str, Any]) -> None:
        super().__init__()
        self.published = published

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        assert args.typ == "pulumi:pulumi:StackReference"
        return args.name, {"name": args.name, "outputs": self.published, "secretOutputNames": []}


def _first_version() -> dict[str, Any]:
    values = {name: [] if "Ids" in name else "x" for name in outputs.StackOutputs.__annotations__ if name not in _NEWER}
    return {**values, "contractVersion": outputs.CONTRACT_VERSION}


def test_what_the_network_load_balancer_publishes_is_read_with_types() -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        platform = PlatformStack("organization/container-platform/dev")
        pulumi.Output.all(
            networkLoadBalancerArn=platform.network_load_balancer_arn,
            networkLoadBalancerDnsName=platform.network_load_balancer_dns_name,
            networkLoadBalancerZoneId=platform.network_load_balancer_zone_id,
            networkLoadBalancerSecurityGroupId=platform.network_load_balancer_security_group_id,
            networkLoadBalancerAddresses=platform.network_load_balancer_addresses,
        ).apply(seen.update)

    run_program(program, engine=_Published({**_first_version(), **_NEWER}))
    assert seen == _NEWER


def test_an_older_platform_lacks_only_what_is_asked_for() -> None:
    seen: list[str] = []

    def program() -> None:
        PlatformStack("organization/container-platform/dev").listener_arn.apply(seen.append)

    run_program(program, engine=_Published(_first_version()))
    assert seen == ["x"]
    with pytest.raises(pulumi.RunError, match="lacks networkLoadBalancerAddresses"):
        run_program(
            lambda: PlatformStack("organization/container-platform/dev").network_load_balancer_addresses,
            engine=_Published(_first_version()),
        )
