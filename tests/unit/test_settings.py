"""Settings: every mistake at once, each with its path, value and remedy; nothing wrong gets through."""

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from components import _fargate, cluster, load_balancer, network, public_registry, registry, registry_account, service
from settings import model
from settings.schema import schema

from .conftest import ROOT, stack_config


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
    assert settings.parse(stack_config(stack)[settings.KEY]).services["web"].container_port == 8080


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
    assert "web has the same" in found["services.api.priority"]


@pytest.mark.parametrize(
    ("where", "key", "value", "path", "advice"),
    [
        ("network", "zone", 2, "network.zone", "unknown key"),
        ("network", "natGateways", "two", "network.natGateways", "must be 'none', 'single' or 'perZone'"),
        ("network", "natGateways", "none", "network.natGateways", "choose single or perZone"),
        ("network", "cidrBlock", "10.0.0.0/24", "network.cidrBlock", "/16 to /23"),
        ("network", "cidrBlock", "10.0.0.1/16", "network.cidrBlock", "the range is 10.0.0.0/16"),
        ("network", "cidrBlock", "10.0.0.300/16", "network.cidrBlock", "an IPv4 range"),
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
        ("web", "egress", [{"port": 1, "cidrBlock": "1.2.3.4/8"}], "services.web.egress[0].cidrBlock", "1.0.0.0/8"),
        ("web", "image", 1234567, "services.web.image", "put it in quotes"),
        ("web", "cpu", 300, "services.web.cpu", "choose one of 256, 512"),
        ("web", "repository", "shop", "services.web.repository", "add it there, `shop: {}`"),
        ("web", "environment", {"DATABASE_PASSWORD": "x"}, "services.web.environment.DATABASE_PASSWORD", "set twice"),
        ("web", "secrets", {"A": "no-arn"}, "services.web.secrets.A", "an ARN"),
        ("web", "paths", ["/1", "/2", "/3", "/4", "/5", "/6"], "services.web.paths", "at most 5"),
        ("web", "capacityProviderStrategy", [], "services.web.capacityProviderStrategy", "at least 1"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(where: str, key: str, value: Any, path: str, advice: str) -> None:
    raw = platform()
    (raw["services"]["web"] if where == "web" else raw[where])[key] = value
    found = problems(raw)
    assert list(found) == [path]
    assert advice in found[path]


def test_a_strategy_needs_one_base_some_weight_and_no_repetition() -> None:
    item = {"capacityProvider": "FARGATE", "weight": 0, "base": 1}
    raw = platform(capacityProviderStrategy=[item, item])
    with pytest.raises(settings.SettingsError) as caught:
        settings.parse(raw)
    advice = " ".join(problem.advice for problem in caught.value.problems)
    assert "may stand there once" in advice
    assert "only one item may have a base" in advice
    assert "needs a weight above 0" in advice


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


@given(st.sampled_from([*_fargate.CPU_VALUES, 128, 300]), st.integers(128, 130_000))
def test_a_size_is_refused_exactly_where_fargate_lacks_it(cpu: int, memory: int) -> None:
    offered = memory in _fargate.memory_values(cpu)
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
    sections = {section.__name__ for section in model.Section.__subclasses__()}
    silent = [
        f"{name}.{key}"
        for name in sections
        for key, value in definitions[name]["properties"].items()
        if not value.get("description") and "$ref" not in value
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("section", "defaults"),
    [
        (model.Network, network.DEFAULTS),
        (model.Repository, registry.REPOSITORY_DEFAULTS),
        (model.LifecycleRule, {}),
        (model.RegistryAccount, registry_account.DEFAULTS),
        (model.Scanning, registry_account.SCANNING_DEFAULTS),
        (model.ReplicationDestination, {}),
        (model.ReplicationRule, registry_account.REPLICATION_DEFAULTS),
        (model.PullThroughCache, {}),
        (model.CreationTemplate, registry_account.TEMPLATE_DEFAULTS),
        (model.SigningRule, registry_account.SIGNING_DEFAULTS),
        (model.PublicRepository, public_registry.REPOSITORY_DEFAULTS),
        (model.StrategyItem, cluster.STRATEGY_DEFAULTS),
        (model.Cluster, cluster.DEFAULTS),
        (model.LoadBalancer, load_balancer.DEFAULTS),
        (model.GeneratedSecret, service.GENERATED_SECRET_DEFAULTS),
        (model.EgressRule, {}),
        (model.Service, service.DEFAULTS),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_settings_and_arguments_share_names_and_defaults(
    section: type[model.Section], defaults: dict[str, Any]
) -> None:
    assert section.arguments_class is not None
    arguments = set(section.arguments_class.__annotations__)
    required: dict[str, Any] = {name: "x" for name, field in section.model_fields.items() if field.is_required()}
    ours = section.model_construct(**required).model_dump(warnings=False)
    names = set(ours) - {"repository"}  # the wiring turns this name into a URL and an ARN
    assert names <= arguments
    for name in names & set(defaults):
        if ours[name] is not None:  # None: the wiring fills it in
            assert _with_item_defaults(ours[name]) == _with_item_defaults(defaults[name]), name


def _with_item_defaults(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict) and "capacity_provider" in value[0]:
        return [{**cluster.STRATEGY_DEFAULTS, **item} for item in value]
    return value
