"""Rules are found by their files and packs by their rules, and nothing on disk is left out."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from policies.catalog import PACKS, RULES, discover, packs_of
from policies.pack import policies_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"


def test_every_rule_is_in_its_packs_and_in_all_at_its_level() -> None:
    for name, rule in RULES.items():
        holding = {pack: dict(selected)[name] for pack, selected in PACKS.items() if name in dict(selected)}
        assert holding == dict.fromkeys((*rule.packs, "all"), rule.level)


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """The names of the rules in a folder with these files."""

    def found(**files: str) -> list[str]:
        for path, text in files.items():
            file = tmp_path / "found_rules" / f"{path.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return list(discover(tmp_path / "found_rules", "found_rules"))

    monkeypatch.syspath_prepend(str(tmp_path))
    yield found
    for module in [name for name in sys.modules if name.split(".")[0] == "found_rules"]:
        del sys.modules[module]


def rule(name: str) -> str:
    return f"""
from dataclasses import replace
from policies.catalog import RULES
RULE = replace(RULES["ecr-scan-on-push"], name={name!r})
"""


def test_a_rule_is_one_file_in_the_folder_of_its_service(found: Callable[..., list[str]]) -> None:
    files = {"s3__no_public_access": rule("s3-no-public-access"), "ecr__scan": rule("ecr-scan")}
    helpers = {"s3___names": "", "common__names": "", "__init__": ""}
    assert found(**files, **helpers) == ["ecr-scan", "s3-no-public-access"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "public.py defines no RULE: add one, or begin the file's name with _"),
        (rule("s3-other"), "public.py holds the rule s3-other: name it s3-public"),
    ],
)
def test_a_file_that_cannot_be_a_rule_is_refused_by_name(found: Callable[..., list[str]], text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        found(s3__public=text)


def test_a_new_pack_comes_from_the_rules_that_name_it() -> None:
    rules = {name: rule for name, rule in RULES.items() if "images" in rule.packs}
    assert list(packs_of(rules)) == ["images", "all"]


def test_every_pack_has_its_folder() -> None:
    assert {path.parent.name for path in (POLICIES / "packs").glob("*/PulumiPolicy.yaml")} == set(PACKS)


@pytest.mark.parametrize("pack", PACKS)
def test_pack_folder_starts_its_own_pack(pack: str) -> None:
    folder = POLICIES / "packs" / pack
    project = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "../../../.venv"}}
    assert project["version"]
    assert project["description"]
    assert f'build_pack("{pack}")' in (folder / "__main__.py").read_text()


@pytest.mark.parametrize("pack", PACKS)
def test_every_policy_tells_the_service_what_it_is(pack: str) -> None:
    for policy in policies_of(pack):
        assert policy.enforcement_level is not None
        assert policy.severity is not None
        assert policy.url is not None
        assert policy.url.startswith("https://docs.aws.amazon.com/")
        assert policy.remediation_steps
        assert policy.tags
        assert policy.description.endswith(".")
