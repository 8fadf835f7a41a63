"""Which endpoints a region needs, and which image a network without a NAT gateway can pull."""

import pytest

from components.network import endpoint_services
from components.tasks import container_definitions


def test_a_new_region_needs_the_endpoints_of_ecs_too() -> None:
    older = endpoint_services.interface_services("eu-west-1", [])
    assert older == sorted(endpoint_services.TASK_SERVICES)
    newer = set(endpoint_services.interface_services("ca-west-1", []))
    assert newer - set(older) == {"ecs", "ecs-agent", "ecs-telemetry"}


def test_a_service_named_twice_has_one_endpoint() -> None:
    assert endpoint_services.interface_services("ca-west-1", ["ecs", "sqs"]).count("ecs") == 1


@pytest.mark.parametrize(
    ("image", "foreign"),
    [
        ("git-abc1234", False),
        ("sha256:0123", False),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", False),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1", False),
        ("123456789012.dkr-ecr.eu-west-1.on.aws/a:1", False),
        ("nginx/nginx:1", True),
        ("docker.io/library/nginx:1", True),
        ("public.ecr.aws/nginx/nginx:1", True),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.org/a:1", True),
    ],
)
def test_only_private_ecr_is_reached_through_its_endpoints(image: str, foreign: bool) -> None:
    assert container_definitions.is_foreign(image) is foreign
