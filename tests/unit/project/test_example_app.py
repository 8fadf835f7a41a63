"""The sample application under `examples/app`: its own tests, and what its image is built from.

What is not shown here: that the image builds. That needs a container engine and the base images' registries.
"""

import json
import re
import shutil
import subprocess
from typing import NamedTuple

import pytest
import yaml

import settings

from ..conftest import ROOT

APP = ROOT / "examples" / "app"


class Stage(NamedTuple):
    """One stage of a Dockerfile: its base image, its name, and its instructions as (keyword, rest)."""

    image: str
    name: str
    instructions: list[tuple[str, str]]

    def last(self, keyword: str) -> str:
        """Return what the last such instruction says, the one that counts."""
        return [rest for word, rest in self.instructions if word == keyword][-1]


def stages(text: str) -> list[Stage]:
    """Take a Dockerfile apart."""
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    found: list[Stage] = []
    for line in filter(None, map(str.strip, lines)):
        keyword, _, rest = line.partition(" ")
        if keyword.upper() == "FROM":
            image, _, name = re.sub(r"^(--\S+\s+)*", "", rest).partition(" AS ")
            found.append(Stage(image, name.strip(), []))
        else:
            assert found, f"{line!r} stands before the first FROM"
            found[-1].instructions.append((keyword.upper(), rest.strip()))
    return found


DOCKERFILE = (APP / "Dockerfile").read_text()
STAGES = stages(DOCKERFILE)
FINAL = STAGES[-1]


def test_the_applications_own_tests_pass() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed: the tests also run while the image is built")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < 20:
        pytest.skip(f"Node.js {version} is too old: package.json asks for 20")
    done = subprocess.run([node, "--test"], cwd=APP, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"pass (\d+)", done.stdout)
    assert passed, done.stdout
    assert int(passed[1]) > 0, "no test was found"


def test_the_image_is_built_in_stages_and_only_where_the_tests_pass() -> None:
    assert len(STAGES) > 1
    assert ("RUN", '["node", "--test"]') in STAGES[0].instructions
    copies = [rest for word, rest in FINAL.instructions if word == "COPY"]
    assert copies
    assert all(f"--from={STAGES[0].name} " in rest for rest in copies), "else the stage with the tests is skipped"
    assert "RUN" not in dict(FINAL.instructions), "the final image has no shell to run it"


def test_every_base_image_has_a_tag_that_is_not_latest() -> None:
    names = {stage.name for stage in STAGES}
    for stage in STAGES:
        if stage.image not in names:
            _, colon, tag = stage.image.rpartition("/")[2].partition(":")
            assert colon, f"{stage.image} has no tag, which means latest"
            assert not tag.startswith("latest"), stage.image


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name or "final")
def test_no_stage_ends_as_root(stage: Stage) -> None:
    user = stage.last("USER")
    assert re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", user), f"{user!r}: a number, so that it can be seen not to be root"


def test_nothing_is_fetched_and_no_secret_is_built_in() -> None:
    for stage in STAGES:
        for keyword, rest in stage.instructions:
            assert keyword != "ADD", "it fetches and unpacks; COPY does neither"
            if keyword in ("ENV", "ARG"):
                assert not re.search(r"(?i)secret|password|token|credential|api_?key", rest), rest
    assert "curl" not in DOCKERFILE


def test_the_build_sees_only_what_is_named() -> None:
    lines = [line for line in (APP / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    named = {line.removeprefix("!") for line in lines[1:]}
    sources = [rest.split()[:-1] for word, rest in STAGES[0].instructions if word == "COPY"]
    copied = {source for line in sources for source in line if not source.startswith("--")}
    assert named == copied
    assert all((APP / name).exists() for name in named)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_image_and_stack_files_agree(stack: str) -> None:
    service = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"][settings.KEY]["services"]["web"]
    platform = settings.parse({"registry": {"repositories": {"web": {}}}, "services": {"web": service}})
    web = platform.web_services["web"]
    assert FINAL.last("EXPOSE") == str(web.container_port)
    assert FINAL.last("USER") == web.user
    command = web.health_check_command
    assert command is not None
    assert command[0] == "CMD", "there is no shell"
    entry_point = json.loads(FINAL.last("ENTRYPOINT"))[0]
    directory = entry_point.rpartition("/")[0]
    path = dict(word.split("=", 1) for word in FINAL.last("ENV").split())["PATH"].split(":")
    assert command[1] == entry_point or (command[1] == "node" and path[0] == directory), "the command must be found"
    assert (APP / command[2].removeprefix(FINAL.last("WORKDIR") + "/")).is_file()


def test_the_package_has_no_dependencies_and_is_not_for_publishing() -> None:
    package = json.loads((APP / "package.json").read_text())
    assert package["private"] is True
    assert package["scripts"]["test"] == "node --test"
    assert not {"dependencies", "devDependencies", "optionalDependencies"} & set(package)
