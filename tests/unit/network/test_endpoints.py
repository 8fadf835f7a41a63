"""Which endpoints a region needs."""

from components.network import endpoint_services


def test_a_new_region_needs_the_endpoints_of_ecs_too() -> None:
    older = endpoint_services.interface_services("eu-west-1", [])
    assert older == sorted(endpoint_services.TASK_SERVICES)
    newer = set(endpoint_services.interface_services("ca-west-1", []))
    assert newer - set(older) == {"ecs", "ecs-agent", "ecs-telemetry"}


def test_a_service_named_twice_has_one_endpoint() -> None:
    assert endpoint_services.interface_services("ca-west-1", ["ecs", "sqs"]).count("ecs") == 1
