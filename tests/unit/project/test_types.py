"""What the type checker reads of pulumi_aws: every service that the code uses, or its types would count for nothing."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = (
    "components",
    "outputs",
    "settings",
    "release",
    "wiring",
    "local",
    "policies",
    "examples",
    "tests",
    "benchmarks",
)


def followed() -> set[str]:
    """Return what of pulumi_aws is listed in pyproject.toml."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    listed = {name for one in overrides if one.get("follow_imports") == "normal" for name in one["module"]}
    return {name.split(".")[1] for name in listed if "." in name}


def used() -> set[str]:
    """Return what the code uses of it: `aws.ecs.Service`, `aws.get_region_output()`."""
    found = set()
    for file in (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")):
        text = file.read_text()
        if re.search(r"^import pulumi_aws as aws$", text, re.MULTILINE):
            found |= set(re.findall(r"(?<![\w.\"'/-])aws\.([a-z]\w*)\b(?=[.(])", text))
    return {name.removesuffix("_output") for name in found}


def test_every_service_that_is_used_is_checked() -> None:
    assert {"ecs", "get_region"} <= used(), "the search finds what there is"
    assert used() - followed() == set()
