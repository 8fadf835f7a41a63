"""Which endpoints a region needs, and which buckets are reached through that of S3."""

import json

import pytest

from components.common.arn import parse
from components.network import endpoint_services


def test_a_new_region_needs_the_endpoints_of_ecs_too() -> None:
    older = endpoint_services.interface_services("eu-west-1", [])
    assert older == sorted(endpoint_services.TASK_SERVICES)
    newer = set(endpoint_services.interface_services("ca-west-1", []))
    assert newer - set(older) == {"ecs", "ecs-agent", "ecs-telemetry"}


def test_a_service_named_twice_has_one_endpoint() -> None:
    assert endpoint_services.interface_services("ca-west-1", ["ecs", "sqs"]).count("ecs") == 1


@pytest.mark.parametrize("instances", [False, True])
def test_packages_come_through_an_endpoint_that_names_its_buckets(instances: bool) -> None:
    caller = parse("arn:aws:iam::123456789012:user/somebody")
    document = json.loads(
        endpoint_services.s3_policy(caller, "eu-west-1", ["arn:aws:s3:::uploads"], instances=instances)
    )
    open_to_all = [item["Resource"] for item in document["Statement"] if "Condition" not in item]
    packages = "arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*"
    assert (packages in open_to_all) is instances


def test_instances_need_the_endpoints_of_ecs_and_cloudwatch() -> None:
    without, beside = (
        set(endpoint_services.interface_services("eu-west-1", [], instances=one)) for one in (False, True)
    )
    assert beside - without == {"ecs", "ecs-agent", "ecs-telemetry", "monitoring"}
