"""Settings: every mistake at once, each with its path, value and remedy; nothing wrong gets through."""

import ast
import copy
import json
from collections.abc import Iterator
from enum import Enum
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

import settings
from components.common.descriptions import fields
from components.network.args import NatGateways
from components.tasks import fargate
from settings import section
from settings.schema import schema

from ..conftest import ROOT, stack_config


def platform(**changes: Any) -> dict[str, Any]:
    """Return the dev stack's settings with some keys of the service `web` changed."""
    raw: dict[str, Any] = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"]["web"].update(changes)
    return raw


def problems(raw: Any) -> dict[str, str]:
    """Return path → advice of every mistake."""
    with pytest.raises(settings.SettingsError) as caught:
        settings.parse(raw)
    return {settings.path_text(problem.path): problem.advice for problem in caught.value.problems}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_committed_stacks_are_right(stack: str) -> None:
    assert settings.parse(stack_config(stack)[settings.KEY]).web_services["web"].container_port == 8080


def test_five_different_mistakes_are_reported_together() -> None:
    raw = platform(cpu=256, memory=4096, minTasks=5, maxTasks=2, priority=10)
    raw["netwrk"] = {}
    raw["network"]["availabilityZoneCount"] = "2"
    raw["services"]["api"] = {"repository": "web", "priority": 10}
    found = problems(raw)
    assert set(found) == {
        "netwrk",
        "network.availabilityZoneCount",
        "services.web.memory",
        "services.web.minTasks",
        "services.api.priority",
    }
    assert "did you mean network?" in found["netwrk"]
    assert "without quotes" in found["network.availabilityZoneCount"]
    assert "512, 1024, 2048" in found["services.web.memory"]
    assert "maxTasks, 2" in found["services.web.minTasks"]
    assert "is also the priority of web" in found["services.api.priority"]


@pytest.mark.parametrize(
    ("where", "key", "value", "path", "advice"),
    [
        ("network", "zone", 2, "network.zone", "unknown key"),
        ("network", "natGateways", "two", "network.natGateways", "must be 'none', 'single' or 'perZone'"),
        ("network", "natGateways", "none", "network.natGateways", "choose single or perZone"),
        ("network", "natGateways", "none", "network.natGateways", "or endpoints: private"),
        ("network", "endpoints", "all", "network.endpoints", "must be 'none', 'gateway' or 'private'"),
        ("network", "endpointServices", ["sqs"], "network.endpointServices[0]", "needs endpoints: private"),
        ("network", "endpointServices", ["com.amazonaws.eu-west-1.sqs"], "network.endpointServices[0]", "sqs for com."),
        ("network", "endpointBucketArns", ["uploads"], "network.endpointBucketArns[0]", "arn:aws:s3:::name"),
        ("network", "cidrBlock", "10.0.0.0/24", "network.cidrBlock", "/16 to /23"),
        ("network", "cidrBlock", "10.0.0.0/15", "network.cidrBlock", "no VPC wider than a /16"),
        ("network", "cidrBlock", "8.8.0.0/16", "network.cidrBlock", "must lie within one of 10.0.0.0/8"),
        ("network", "cidrBlock", "127.0.0.0/16", "network.cidrBlock", "must lie within one of 10.0.0.0/8"),
        ("network", "reservedCidrBlocks", ["10.10.128.0/17"], "network.cidrBlock", "overlaps 10.10.128.0/17"),
        ("network", "reservedCidrBlocks", ["10.10.0.1/8"], "network.reservedCidrBlocks[0]", "the range is 10.0.0.0/8"),
        (
            "loadBalancer",
            "allowedCidrBlocks",
            ["10.1.0.0/16", "10.0.0.0/8"],
            "loadBalancer.allowedCidrBlocks[0]",
            "lies",
        ),
        ("loadBalancer", "allowedIpv6CidrBlocks", ["::/0"], "loadBalancer.allowedIpv6CidrBlocks", "network.ipv6: true"),
        ("loadBalancer", "allowedIpv6CidrBlocks", ["::1"], "loadBalancer.allowedIpv6CidrBlocks[0]", "2001:db8::/32"),
        ("loadBalancer", "allowedCidrBlocks", ["10.0.0.0/8"] * 2, "loadBalancer.allowedCidrBlocks[1]", "remove it"),
        ("network", "cidrBlock", "10.0.0.1/16", "network.cidrBlock", "the range is 10.0.0.0/16"),
        ("network", "cidrBlock", "10.0.0.300/16", "network.cidrBlock", "an IPv4 range"),
        ("network", "flowLogKmsKeyArn", "alias/logs", "network.flowLogKmsKeyArn", "arn:aws:kms:"),
        ("network", "flowLogRetentionDays", 8, "network.flowLogRetentionDays", "one of 1, 3, 5, 7"),
        ("web", "genertedSecret", {}, "services.web.genertedSecret", "did you mean generatedSecret?"),
        (
            "web",
            "generatedSecret",
            {"environmentVariable": "A", "x": 1},
            "services.web.generatedSecret.x",
            "unknown key",
        ),
        ("web", "egress", [{"port": 443}], "services.web.egress[0].cidrBlock", "is missing"),
        ("web", "egress", [{"port": 443, "cidrBlock": "1.2.3.4/8"}], "services.web.egress[0].cidrBlock", "1.0.0.0/8"),
        ("web", "image", 1234567, "services.web.image", "put it in quotes"),
        ("web", "cpu", 300, "services.web.cpu", "Choose one of 256, 512"),
        ("web", "repository", "shop", "services.web.repository", "Add `shop: {}` there"),
        ("web", "environment", {"DATABASE_PASSWORD": "x"}, "services.web.environment.DATABASE_PASSWORD", "set twice"),
        ("web", "secrets", {"A": "no-arn"}, "services.web.secrets.A", "an ARN"),
        ("web", "paths", ["/1", "/2", "/3", "/4", "/5", "/6"], "services.web.paths", "at most 5"),
        ("web", "capacityProviderStrategy", [], "services.web.capacityProviderStrategy", "at least 1"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(where: str, key: str, value: Any, path: str, advice: str) -> None:
    raw = platform()
    (raw["services"]["web"] if where == "web" else raw.setdefault(where, {}))[key] = value
    found = problems(raw)
    assert list(found) == [path]
    assert advice in found[path]


def test_a_network_that_is_too_small_for_its_tasks_is_refused() -> None:
    raw = platform(maxTasks=60)
    raw["network"].update(cidrBlock="10.10.0.0/23")
    (advice,) = problems(raw).values()
    assert "in 2 zones have 118 addresses" in advice
    assert "120 tasks" in advice
    raw["network"].update(availabilityZoneCount=3)
    assert settings.parse(raw).network.availability_zone_count == 3


def test_endpoints_take_addresses_too() -> None:
    raw = without_nat(maxTasks=55)
    raw["network"].update(cidrBlock="10.10.0.0/23")
    (advice,) = problems(raw).values()
    assert "110 tasks" in advice
    assert "12 endpoints need 122" in advice


def test_an_existing_vpc_and_what_a_vpc_is_made_of_exclude_each_other() -> None:
    raw = platform()
    raw["network"]["existing"] = {"vpcId": "vpc-0abc", "publicSubnetIds": ["subnet-1", "subnet-1"]}
    assert set(problems(raw)) == {
        "network.availabilityZoneCount",
        "network.cidrBlock",
        "network.existing.publicSubnetIds[1]",
        "network.flowLogRetentionDays",
        "network.natGateways",
    }
    raw["network"] = {"existing": {"vpcId": "vpc-0abc"}}
    existing = settings.parse(raw).network.existing
    assert existing is not None
    assert existing.vpc_id == "vpc-0abc"


@pytest.mark.parametrize(
    ("existing", "path", "advice"),
    [
        ({}, "network.existing.vpcId", "is missing"),
        ({"vpcId": "main"}, "network.existing.vpcId", "the id of a VPC"),
        ({"vpcId": "vpc-1", "privateSubnetIds": ["a"]}, "network.existing.privateSubnetIds[0]", "the id of a subnet"),
        ({"vpcId": "vpc-1", "endpointSecurityGroupId": "x"}, "network.existing.endpointSecurityGroupId", "a security"),
    ],
)
def test_ids_of_an_existing_vpc_have_their_form(existing: dict[str, Any], path: str, advice: str) -> None:
    raw = platform()
    raw["network"] = {"existing": existing}
    found = problems(raw)
    assert list(found) == [path]
    assert advice in found[path]


@pytest.mark.parametrize(
    ("block", "advice"),
    [
        ("2001:db8::1/32", "the range is 2001:db8::/32"),
        ("2001:db8:/32", "an IPv6 range"),
        ("2001:db8::/16", "range is"),
    ],
)
def test_an_ipv6_range_is_one(block: str, advice: str) -> None:
    raw = platform()
    raw["network"]["ipv6"] = True
    raw["loadBalancer"] = {"allowedIpv6CidrBlocks": [block]}
    assert advice in problems(raw)["loadBalancer.allowedIpv6CidrBlocks[0]"]


def test_flow_logs_have_one_key() -> None:
    raw = platform()
    raw["network"].update(encryptFlowLogs=True, flowLogKmsKeyArn="arn:aws:kms:us-east-1:123456789012:key/1")
    assert "remove one of the two" in problems(raw)["network.flowLogKmsKeyArn"]


def without_nat(**web: Any) -> dict[str, Any]:
    """Return settings of a network without NAT gateway whose endpoints suffice."""
    raw = platform(**web)
    raw["network"].update(natGateways="none", endpoints="private")
    return raw


def test_no_nat_gateway_is_needed_where_endpoints_lead_to_all_that_tasks_need() -> None:
    parsed = settings.parse(without_nat())
    assert parsed.network.nat_gateways is NatGateways.NONE
    assert parsed.services["web"].egress is None, "the wiring decides"
    raw = platform()
    raw["network"].update(natGateways="none")
    raw["services"] = {}
    assert settings.parse(raw).services == {}, "without services nothing needs a way out"


@pytest.mark.parametrize("image", ["public.ecr.aws/nginx/nginx:1", "nginx/nginx:1"])
def test_an_image_from_elsewhere_needs_a_nat_gateway(image: str) -> None:
    assert settings.parse(platform(image=image))
    (advice,) = problems(without_nat(image=image)).values()
    assert "only images in ECR can" in advice


def test_endpoints_that_are_there_already_are_not_named_again() -> None:
    raw = without_nat()
    raw["network"]["endpointServices"] = ["sqs", "logs", "sqs", "s3"]
    assert set(problems(raw)) == {f"network.endpointServices[{index}]" for index in (1, 2, 3)}


def test_buckets_need_an_endpoint() -> None:
    raw = platform()
    raw["network"].update(endpoints="none", endpointBucketArns=["arn:aws:s3:::uploads"])
    assert "set endpoints to gateway or private" in problems(raw)["network.endpointBucketArns"]


def test_a_strategy_needs_one_base_some_weight_and_no_repetition() -> None:
    item = {"capacityProvider": "FARGATE", "weight": 0, "base": 1}
    raw = platform(capacityProviderStrategy=[item, item])
    with pytest.raises(settings.SettingsError) as caught:
        settings.parse(raw)
    advice = " ".join(problem.advice for problem in caught.value.problems)
    assert "lists a capacity provider twice" in advice
    assert "several items with a base above 0" in advice
    assert "item with a weight above 0" in advice


def test_a_wrong_value_does_not_make_others_wrong() -> None:
    """A value that is cut out for its type must not be judged by its default."""
    assert set(problems(platform(minTasks="1", maxTasks=1))) == {"services.web.minTasks"}


@pytest.mark.parametrize("raw", [None, [], "dev", 3])
def test_settings_that_are_no_map_are_refused(raw: Any) -> None:
    assert problems(raw) == {settings.KEY: "must be a map of sections"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70_000) | st.text(max_size=8) | st.sampled_from(["web", "10.0.0.0/8"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["web", "services", "network", "repository", "cpu", "egress", "registry", "repositories", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_stands_in_the_file_is_settings_or_a_list_of_mistakes(raw: Any) -> None:
    found: list[settings.Problem] = []
    try:
        parsed = settings.parse(raw)
    except settings.SettingsError as error:
        found, parsed = error.problems, None
    assert (parsed is None) == bool(found)
    assert all(problem.advice and str(problem) for problem in found)


@given(st.sampled_from([*fargate.CPU_VALUES, 128, 300]), st.integers(128, 130_000))
def test_a_size_is_refused_exactly_where_fargate_lacks_it(cpu: int, memory: int) -> None:
    offered = memory in fargate.memory_values(cpu)
    try:
        settings.parse(platform(cpu=cpu, memory=memory))
    except settings.SettingsError:
        assert not offered
    else:
        assert offered


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = json.loads((ROOT / "settings.schema.json").read_text())
    assert committed == schema(), "run: .venv/bin/python -m settings.schema > settings.schema.json"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stack_files_name_the_schema_and_satisfy_it(stack: str) -> None:
    file = ROOT / f"Pulumi.{stack}.yaml"
    assert file.read_text().startswith("# yaml-language-server: $schema=./settings.schema.json\n")
    jsonschema.Draft202012Validator(schema()).validate({"config": stack_config(stack)})


def test_the_schema_catches_an_unknown_key_too() -> None:
    raw = platform(helthCheckPath="/")
    with pytest.raises(jsonschema.ValidationError, match="helthCheckPath"):
        jsonschema.Draft202012Validator(schema()).validate({"config": {settings.KEY: raw}})


def test_every_setting_is_described() -> None:
    definitions = schema()["$defs"]
    # What sections only build on has its fields in each of them.
    sections = {one.__name__ for one in section.every_section()} & definitions.keys()
    silent = [
        f"{name}.{key}"
        for name in sections
        for key, value in definitions[name]["properties"].items()
        if not value.get("description") and "$ref" not in value
    ]
    assert silent == []


def _described(one: type[section.Section]) -> Iterator[tuple[str, FieldInfo, str]]:
    """Yield each setting of a section that is an argument of a component, with its description."""
    texts = fields(one.arguments_class) if one.arguments_class else {}
    for name, field in one.model_fields.items():
        if name in texts:
            yield name, field, field.description or texts[name][1]


def test_a_default_is_written_once() -> None:
    """A section takes it from the component's; a literal here could differ."""
    literal = [
        f"{file.stem}: {ast.unparse(field)}"
        for file in (ROOT / "settings" / "sections").glob("*.py")
        for definition in ast.parse(file.read_text()).body
        if isinstance(definition, ast.ClassDef)
        for field in definition.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.value, ast.Constant | ast.Attribute)
        if ast.unparse(field.value) != "None" and "ClassVar" not in ast.unparse(field.annotation)
    ]
    assert literal == []


def test_a_description_tells_the_default_as_it_is() -> None:
    wrong = []
    for one in section.Section.__subclasses__():
        for name, field, text in _described(one):
            default = field.default.value if isinstance(field.default, Enum) else field.default
            told = str(default).lower() if isinstance(default, bool) else str(default)
            # What a folder of "." or a policy's long name means is told in words.
            if isinstance(default, bool | int | str) and name not in ("directory", "program_directory", "tls_policy"):
                wrong += [] if f"Defaults to {told}" in text else [f"{one.__name__}.{name} = {told}: {text}"]
    assert wrong == []
