"""The pure parts of tasks: container definitions, and the sizes that Fargate offers."""

import json
from typing import Any, Final, TypedDict, Unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks import container_definitions, fargate

VALUES = st.dictionaries(st.from_regex(r"[A-Z]{1,6}", fullmatch=True), st.text(max_size=8), max_size=6)


class Changes(TypedDict, total=False):
    """What a test may change."""

    ports: list[container_definitions.ContainerPort]
    environment: dict[str, str]
    secrets: dict[str, str]
    health_check_command: list[str]
    tmpfs: list[dict[str, Any]]
    mount_points: list[dict[str, Any]]
    add_capabilities: list[str]
    version_consistency: str
    registry_secret_arn: str


PLAIN: Final[container_definitions.Container] = {
    "name": "web",
    "image": "example/web:1",
    "ports": [{"container": 80, "host": 80}],
    "environment": {},
    "secrets": {},
    "health_check_command": ["CMD", "true"],
    "labels": {"a": "b"},
    "readonly_root_filesystem": True,
    "user": "1000",
    "log_group": "/ecs/web",
    "log_region": "us-east-1",
}


def definition(**changes: Unpack[Changes]) -> str:
    return container_definitions.definitions({**PLAIN, **changes})


@given(VALUES.flatmap(lambda values: st.tuples(st.just(values), st.permutations(list(values.items())))))
def test_the_order_of_variables_makes_no_new_revision(drawn: tuple[dict[str, str], list[tuple[str, str]]]) -> None:
    values, shuffled = drawn
    assert definition(environment=values) == definition(environment=dict(shuffled))


@given(VALUES)
def test_a_definition_holds_no_nulls(values: dict[str, str]) -> None:
    assert "null" not in definition(environment=dict.fromkeys(values, "v"), secrets={})


def test_port_and_node_env_are_there_unless_the_settings_say_otherwise() -> None:
    def environment(**values: str) -> dict[str, str]:
        (container,) = json.loads(definition(ports=[{"container": 8080, "host": 8080}], environment=values))
        return {item["name"]: item["value"] for item in container["environment"]}

    assert environment() == {"NODE_ENV": "production", "PORT": "8080"}
    assert environment(NODE_ENV="test")["NODE_ENV"] == "test"


def test_an_empty_health_check_command_means_none() -> None:
    assert "healthCheck" not in json.loads(definition(health_check_command=[]))[0]
    check = json.loads(definition())[0]["healthCheck"]
    assert (check["interval"], check["timeout"], check["retries"], check["startPeriod"]) == (30, 5, 3, 60)


SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/a"


@pytest.mark.parametrize(
    ("reference", "arn"),
    [(SECRET, SECRET), (f"{SECRET}:key::", SECRET), (f"{SECRET}:key:AWSCURRENT:1", SECRET), (PARAMETER, PARAMETER)],
)
def test_a_secrets_json_key_is_no_part_of_its_arn(reference: str, arn: str) -> None:
    assert container_definitions.secret_resource(reference) == arn


@pytest.mark.parametrize(
    ("cpu", "smallest", "greatest"),
    [(256, 512, 2048), (512, 1024, 4096), (1024, 2048, 8192), (4096, 8192, 30720), (16384, 32768, 122880)],
)
def test_fargate_sizes_are_those_of_the_developer_guide(cpu: int, smallest: int, greatest: int) -> None:
    sizes = fargate.memory_values(cpu)
    assert (sizes[0], sizes[-1]) == (smallest, greatest)
    assert fargate.size_problem(cpu, smallest) is None
    assert str(smallest) in (fargate.size_problem(cpu, smallest - 1) or "")


_NAMES = st.sampled_from(["PORT", "NODE_ENV", "A", "B", "C"])


@given(st.dictionaries(_NAMES, st.sampled_from(["environment", "secrets"])))
def test_a_name_stands_once_wherever_it_comes_from(places: dict[str, str]) -> None:
    environment = {name: "x" for name, place in places.items() if place == "environment"}
    secrets = {name: "arn:aws:ssm:us-east-1:1:parameter/x" for name, place in places.items() if place == "secrets"}
    (made,) = json.loads(definition(environment=environment, secrets=secrets))
    names = [one["name"] for one in (*made["environment"], *made["secrets"])]
    assert sorted(names) == sorted({*places, "PORT", "NODE_ENV"})
