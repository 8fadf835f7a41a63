"""The gallery, `examples/settings/`: every file is a stack, and a file that is given is found, named and checked."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

import settings
from examples import quotes
from local.console import Console
from local.errors import LocalError
from local.workspace import Paths, check_project, locate, prepare

from ..conftest import ROOT

GALLERY = sorted((ROOT / "examples" / "settings").glob("*.yaml"))
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "settings.schema.json").read_text()))


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_an_example_is_a_stack_file_that_editor_and_program_accept(file: Path) -> None:
    text = file.read_text()
    schema = text.splitlines()[0].partition("$schema=")[2]
    assert (file.parent / schema).resolve() == ROOT / "settings.schema.json"
    stack = yaml.safe_load(text)
    SCHEMA.validate(stack)
    config = stack["config"]
    namespace = settings.KEY.partition(":")[0]
    surroundings = settings.Surroundings(config["aws:region"], lambda key: config.get(f"{namespace}:{key}"))
    assert settings.parse(config[settings.KEY], surroundings).services, "an example shows a service"
    # The permissions of the person deploying go by these tags.
    assert config.get("aws:defaultTags", {}).get("tags") == {"project": "container-platform", "environment": file.stem}


@pytest.mark.parametrize(
    "file",
    [*GALLERY, *ROOT.glob("Pulumi.*.yaml"), *ROOT.glob("examples/consumer/Pulumi.*.yaml")],
    ids=lambda file: file.stem,
)
def test_the_sample_image_can_run_every_health_check(file: Path) -> None:
    """It has no shell and no curl, so that the default would stop every task."""
    services = yaml.safe_load(file.read_text())["config"].get(settings.KEY, {}).get("services", {})
    for name, service in services.items():
        if service.get("kind", "web") != "web" or service.get("protocolVersion") == "GRPC":
            continue  # without a command it has no check
        command = service.get("healthCheckCommand")
        assert command is not None, f"{name} has the default, curl"
        assert command == [] or command[:2] == ["CMD", "node"], name
        assert all((ROOT / "examples" / "app" / script).is_file() for script in command[2:])


def test_every_example_is_in_the_table_with_its_page() -> None:
    folder = ROOT / "examples" / "settings"
    rows = [line.split("|") for line in (folder / "README.md").read_text().splitlines() if line.startswith("| [")]
    assert sorted(row[1].partition("(")[2].rstrip(" )") for row in rows) == [file.name for file in GALLERY]


@pytest.mark.parametrize("page", quotes.pages(), ids=lambda page: page.name)
def test_what_a_page_quotes_is_in_the_example(page: Path) -> None:
    assert quotes.rendered(page.read_text()) == page.read_text(), "run: make generate"


def test_every_example_is_quoted() -> None:
    quoted = {found[2] for page in quotes.pages() for found in quotes.MARK.finditer(page.read_text())}
    assert quoted == {file.name for file in GALLERY}


def test_a_quote_shows_the_lines_of_the_settings_that_it_names() -> None:
    marked = "before\n<!-- EXAMPLE: spot.yaml cluster services.web.minTasks -->\n```yaml\nold: true\n```\nafter\n"
    shown = quotes.rendered(marked)
    assert shown.startswith("before\n<!-- EXAMPLE: spot.yaml cluster services.web.minTasks -->\n```yaml\ncluster:\n")
    assert shown.endswith("\n      weight: 3\nservices:\n  web:\n    minTasks: 4\n```\nafter\n")
    assert quotes.rendered(shown) == shown


@pytest.mark.parametrize("quote", ["spto.yaml cluster", "spot.yaml clutser", "spot.yaml services.web.cpu"])
def test_a_quote_of_what_does_not_exist_is_an_error(quote: str) -> None:
    with pytest.raises(ValueError, match=r"is not in examples/settings|there is no (clutser|cpu)"):
        quotes.rendered(f"<!-- EXAMPLE: {quote} -->\n```yaml\n```\n")


def chosen(settings: str | None = None, stack: str | None = None) -> Paths:
    """Return the paths for a file, by its path in the project, and a name."""
    return locate(ROOT, ROOT / ".local", stack=stack, settings=ROOT / settings if settings else None)


def test_an_example_is_a_stack_of_its_own() -> None:
    example, dev = chosen("examples/settings/https.yaml"), chosen()
    assert (example.stack, dev.stack) == ("https", "dev")
    assert example.work != dev.work
    assert "domain" in check_project(example)["config"][settings.KEY]["loadBalancer"]
    assert example.choice == "SETTINGS=examples/settings/https.yaml"


def test_a_name_that_is_given_wins() -> None:
    paths = chosen("examples/settings/https.yaml", stack="shop")
    assert paths.stack == "shop"
    assert check_project(paths)
    assert paths.choice == "SETTINGS=examples/settings/https.yaml STACK=shop"


def test_mistakes_are_told_of_the_file_that_was_given() -> None:
    said = "Pulumi.https.yaml: 1 mistake"
    assert chosen("examples/settings/https.yaml").named(said) == "examples/settings/https.yaml: 1 mistake"
    assert chosen(stack="https").named(said) == said


@pytest.mark.parametrize("missing", ["examples/settings/htps.yaml", "elsewhere/htps.yaml"])
def test_a_file_that_is_missing_names_those_that_exist(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(LocalError) as caught:
        check_project(chosen(missing))
    assert f"there is no file {missing}" in str(caught.value)
    assert "did you mean examples/settings/https.yaml?" in str(caught.value)
    assert all(file.stem in str(caught.value) for file in GALLERY)


@pytest.mark.parametrize(
    ("name", "says"), [("dev.yaml", "which Pulumi.dev.yaml is already"), ("Two Words.yaml", "cannot be the name")]
)
def test_a_file_that_cannot_name_a_stack_is_refused(tmp_path: Path, name: str, says: str) -> None:
    file = tmp_path / name
    file.write_text("config: {}\n")
    with pytest.raises(LocalError, match=says) as caught:
        check_project(locate(ROOT, tmp_path, stack=None, settings=file))
    assert "STACK=<name>" in str(caught.value)
    assert check_project(locate(ROOT, tmp_path, stack="mine", settings=file)) == {"config": {}}


@pytest.mark.parametrize(("stack", "tag"), [("https", "https"), ("mine", "mine")])
def test_a_file_under_another_name_gets_that_names_tag(tmp_path: Path, stack: str, tag: str) -> None:
    """The permissions of the person deploying go by it, so the program refuses another stack's."""
    paths = locate(ROOT, tmp_path, stack=stack, settings=ROOT / "examples/settings/https.yaml")
    prepare(paths, Console())
    config = yaml.safe_load((paths.work / f"Pulumi.{stack}.yaml").read_text())["config"]
    assert config["aws:defaultTags"]["tags"] == {"project": "container-platform", "environment": tag}
