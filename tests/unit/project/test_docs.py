"""The documentation says what is there: links, make targets, settings, outputs, files and IAM placeholders."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import outputs
import settings
from components.tasks.link_args import Access
from outputs import docs as outputs_page
from settings.sections.services import KINDS

from ..conftest import ROOT
from .test_deployer_policy import PLACEHOLDERS

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
PAGES += [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "policies" / "README.md",
    *sorted((ROOT / "examples").glob("*/README.md")),
]
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
SCHEMA = json.loads((ROOT / "settings.schema.json").read_text())


def prose(page: Path) -> str:
    """Return a page without its diagrams."""
    return re.sub(r"(?s)```mermaid.*?```", "", page.read_text())


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text())
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code(page: Path) -> Iterator[str]:
    """Return everything that a page shows as code: spans, and indented lines."""
    text = prose(page)
    yield from re.findall(r"`([^`\n]+)`", text)
    yield from re.findall(r"(?m)^ {4,}(.+)$", text)


def properties(node: Any) -> Iterator[tuple[str, Any]]:
    """Return the fields of a schema node, through references and alternatives, and `*` for a map's values."""
    if "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
    for choice in [node, *node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])]:
        if choice is not node:
            yield from properties(choice)
        yield from choice.get("properties", {}).items()
        for values in (choice.get("additionalProperties"), *choice.get("patternProperties", {}).values()):
            if isinstance(values, dict):
                yield "*", values


def setting_exists(path: str) -> bool:
    """Return whether a path such as `services.web.image` leads to a setting."""
    nodes: list[Any] = [SCHEMA["properties"]["config"]["properties"][settings.KEY]]
    for part in path.split("."):
        nodes = [found for node in nodes for name, found in properties(node) if name in (part, "*")]
    return bool(nodes)


def field_names() -> set[str]:
    """Return the name of every field that a stack can set."""
    sections = SCHEMA["$defs"].values()
    return {name for section in sections for name in section.get("properties", {})}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert file.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(file), f"{target}: no such heading (there: {sorted(anchors(file))})"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_make_targets_are_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    for text in code(page):
        for target in re.findall(r"(?:^|&& )make ([a-z][a-z-]*)", text):
            assert target in targets, f"`make {target}`: the Makefile has no such target"


FOLDERS = (
    "benchmarks",
    "components",
    "docs",
    "examples",
    "local",
    "outputs",
    "policies",
    "release",
    "settings",
    "tests",
    "wiring",
)
NAMED = re.compile(rf"(?<![\w./-])((?:{'|'.join(FOLDERS)})/[\w./-]*|[\w.]+\.(?:py|toml|yaml))(?![\w<*-])")


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_named_are_there(page: Path) -> None:
    """Paths in code, from the root or from the page's own folder; `<name>` stands for whatever is added."""
    for text in code(page):
        for path in NAMED.findall(re.sub(r"\S*<\S*", "", text)):
            assert any((base / path).exists() for base in (ROOT, page.parent)), f"{path} is not there"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_settings_named_are_there(page: Path) -> None:
    for text in code(page):
        for path in re.findall(r"container-platform:platform\.([\w.]+)", text):
            assert setting_exists(path), f"{path} is no setting"
        for path in re.findall(r"^((?:network|registry|cluster|loadBalancer|services)\.[\w.]+)$", text):
            if not path.endswith((".py", ".json")):
                assert setting_exists(path), f"{path} is no setting"


def test_a_setting_that_is_not_there_is_noticed() -> None:
    assert setting_exists("services.web.image")
    assert setting_exists("registry.repositories.web.keepImages")
    assert not setting_exists("services.web.imaje")
    assert not setting_exists("loadBalancer.dommain")


CAMEL = re.compile(r"^[a-z]+(?:[A-Z][a-z]+)+$")
# Words of other interfaces in camel case: the engine's and the provider's own.
ELSEWHERE = {"forceNewDeployment", "skipDestroy", "scanOnPush", "tagsAll"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "policies"], ids=lambda page: page.name)
def test_words_in_camel_case_are_settings_or_outputs(page: Path) -> None:
    contract = (outputs.StackOutputs, outputs.ServiceOutputs, outputs.PipelineOutputs, outputs.QueueOutputs)
    known = field_names().union(KINDS, {one.value for one in Access}, *(part.__annotations__ for part in contract))
    words = {text for text in re.findall(r"`([^`\n]+)`", prose(page)) if CAMEL.fullmatch(text)}
    assert words <= known | ELSEWHERE, f"neither setting nor output: {sorted(words - known - ELSEWHERE)}"


def test_the_key_that_is_named_is_the_key() -> None:
    assert settings.KEY == "container-platform:platform"
    assert f"`{settings.KEY}`" in (ROOT / "docs" / "how-it-fits.md").read_text()


def test_the_steps_fill_in_every_placeholder_of_the_deployers_policies() -> None:
    text = (ROOT / "docs" / "aws.md").read_text()
    assert set(re.findall(r"s/([A-Z_]+)/", text)) == PLACEHOLDERS
    # STATE_BUCKET must not be spoilt by the one for STACK, nor any other by a shorter one.
    assert not any(one != other and one in other for one in PLACEHOLDERS for other in PLACEHOLDERS)


def test_what_costs_is_said_of_the_stacks_as_they_are() -> None:
    """The table of costs in docs/aws.md names sizes that the stack files set."""
    text = (ROOT / "docs" / "aws.md").read_text()
    for stack, tasks in {
        "dev": "2 to 10 of 0.25 vCPU and 512 MiB, Spot",
        "prod": "3 to 10 of 1 vCPU and 2 GiB",
    }.items():
        raw = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"][settings.KEY]
        platform = settings.parse(raw)
        web = platform.services["web"]
        memory = f"{web.memory // 1024} GiB" if web.memory >= 1024 else f"{web.memory} MiB"
        assert f"{web.min_tasks} to {web.max_tasks} of {web.cpu / 1024:g} vCPU and {memory}" in tasks
        assert tasks in text
        assert f"kept {platform.network.flow_log_retention_days} days" in text


def test_the_page_of_the_outputs_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "outputs.md").read_text() == outputs_page.page(), "run: make generate"


def test_every_output_has_a_meaning_on_its_page() -> None:
    text = outputs_page.page()
    for contract in (outputs.StackOutputs, outputs.ServiceOutputs, outputs.PipelineOutputs):
        for name in contract.__annotations__:
            assert re.search(rf"(?m)^\| `{name}` \| \w.* \| \w.* \| (stable|for people) \|$", text), name
