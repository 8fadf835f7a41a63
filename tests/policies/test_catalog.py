"""What the packs hold, pinned; and that nothing on disk is left out of them."""

from pathlib import Path

import pytest
import yaml

from policies.catalog import PACKS, RULES
from policies.pack import policies_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"
IMAGES = (("ecr-scan-on-push", "mandatory"), ("ecr-immutable-tags", "mandatory"))
NETWORK = (
    ("network-private-subnets", "mandatory"),
    ("network-no-auto-public-ip", "mandatory"),
    ("network-no-public-ip", "mandatory"),
    ("network-restricted-ingress", "mandatory"),
    ("network-default-security-group-closed", "mandatory"),
)
IDENTITY = (
    ("iam-least-privilege", "mandatory"),
    ("iam-no-broad-managed-policies", "mandatory"),
    ("iam-trust-policy", "mandatory"),
    ("ecs-separate-roles", "mandatory"),
)


def test_the_packs_are_these_rules_at_these_levels() -> None:
    assert dict(PACKS) == {
        "images": IMAGES,
        "network": NETWORK,
        "identity": IDENTITY,
        "all": (*IMAGES, *NETWORK, *IDENTITY),
    }


def test_every_rule_file_is_in_the_catalog_under_its_own_name() -> None:
    files = {path.stem.replace("_", "-") for path in (POLICIES / "rules").glob("[!_]*.py")}
    assert set(RULES) == files


def test_every_rule_is_in_a_theme_and_in_all() -> None:
    themed = {name for pack, selected in PACKS.items() if pack != "all" for name, _ in selected}
    assert themed == set(RULES) == {name for name, _ in PACKS["all"]}


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
