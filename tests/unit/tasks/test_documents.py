"""The pure parts: container definitions, IAM documents, lifecycle rules, priorities, ARNs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.common import arn as _arn
from components.common import iam
from components.registry import lifecycle
from components.tasks import container_definitions, fargate

VALUES = st.dictionaries(st.from_regex(r"[A-Z]{1,6}", fullmatch=True), st.text(max_size=8), max_size=6)


def definition(**changes: Any) -> str:
    container: dict[str, Any] = {
        "name": "web",
        "image": "example/web:1",
        "port": 80,
        "host_port": 80,
        "environment": {},
        "secrets": {},
        "health_check_command": ["CMD", "true"],
        "readonly_root_filesystem": True,
        "user": "1000",
        "log_group": "/ecs/web",
        "log_region": "us-east-1",
    }
    return container_definitions.definitions({**container, **changes})  # type: ignore[typeddict-item]


@given(VALUES, st.randoms())
def test_the_order_of_variables_makes_no_new_revision(values: dict[str, str], random: Any) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert definition(environment=values) == definition(environment=dict(shuffled))


@given(VALUES)
def test_a_definition_holds_no_nulls(values: dict[str, str]) -> None:
    assert "null" not in definition(environment=dict.fromkeys(values, "v"), secrets={})


def test_port_and_node_env_are_there_unless_the_settings_say_otherwise() -> None:
    def environment(**values: str) -> dict[str, str]:
        (container,) = json.loads(definition(port=8080, environment=values))
        return {item["name"]: item["value"] for item in container["environment"]}

    assert environment() == {"NODE_ENV": "production", "PORT": "8080"}
    assert environment(NODE_ENV="test")["NODE_ENV"] == "test"


def test_an_empty_health_check_command_means_none() -> None:
    assert "healthCheck" not in json.loads(definition(health_check_command=[]))[0]
    check = json.loads(definition())[0]["healthCheck"]
    assert (check["interval"], check["timeout"], check["retries"], check["startPeriod"]) == (30, 5, 3, 60)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("v1", "host/web:v1"),
        ("sha256:" + "a" * 64, "host/web@sha256:" + "a" * 64),
        ("public.ecr.aws/nginx/nginx:1", "public.ecr.aws/nginx/nginx:1"),
    ],
)
def test_an_image_is_a_tag_a_digest_or_a_whole_reference(image: str, expected: str) -> None:
    assert container_definitions.image_reference("host/web", image) == expected


SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/a"


@pytest.mark.parametrize(
    ("reference", "arn"),
    [(SECRET, SECRET), (f"{SECRET}:key::", SECRET), (f"{SECRET}:key:AWSCURRENT:1", SECRET), (PARAMETER, PARAMETER)],
)
def test_a_secrets_json_key_is_no_part_of_its_arn(reference: str, arn: str) -> None:
    assert container_definitions.secret_resource(reference) == arn


def test_statements_are_sorted_and_never_empty() -> None:
    assert iam.allow("S", ["b:B", "a:A", "a:A"], ["y", "x"])["Action"] == ["a:A", "b:B"]
    with pytest.raises(ValueError, match="statement S"):
        iam.allow("S", [], ["x"])


@given(
    st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=4),
    st.integers(1, 1000),
    st.integers(1, 365),
    st.integers(1, 1000),
)
def test_lifecycle_rules_are_what_ecr_accepts(prefixes: list[str], releases: int, days: int, images: int) -> None:
    rules = json.loads(lifecycle.policy(prefixes, releases, days, images))["rules"]
    assert [rule["rulePriority"] for rule in rules] == list(range(1, len(rules) + 1))
    assert [rule["selection"]["tagStatus"] for rule in rules].index("any") == len(rules) - 1
    tagged = [rule["selection"]["tagPrefixList"] for rule in rules if rule["selection"]["tagStatus"] == "tagged"]
    assert sorted(tagged) == sorted([prefix] for prefix in set(prefixes)), "a rule with two prefixes asks for both"


@pytest.mark.parametrize(
    ("cpu", "smallest", "greatest"),
    [(256, 512, 2048), (512, 1024, 4096), (1024, 2048, 8192), (4096, 8192, 30720), (16384, 32768, 122880)],
)
def test_fargate_sizes_are_those_of_the_developer_guide(cpu: int, smallest: int, greatest: int) -> None:
    sizes = fargate.memory_values(cpu)
    assert (sizes[0], sizes[-1]) == (smallest, greatest)
    assert fargate.size_problem(cpu, smallest) is None
    assert str(smallest) in (fargate.size_problem(cpu, smallest - 1) or "")


def test_an_arn_gives_its_partition_on() -> None:
    arn = _arn.parse("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/a:b")
    assert arn.resource == "cluster/a:b"
    assert arn.with_resource("logs", "*") == "arn:aws-cn:logs:cn-north-1:123456789012:*"
    with pytest.raises(ValueError, match="not an ARN"):
        _arn.parse("subnet-1")
