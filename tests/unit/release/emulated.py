"""AWS for the release commands, emulated by moto, on a machine whose other tools are recorded."""

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ecr.models import ecr_backends

from release import cli
from release.__main__ import Aws
from release.aws import clients

from ..conftest import ROOT

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
REGION = "us-east-1"
HOST = f"{DEFAULT_ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"

_RECORDER = """#!{python} -S
import json, os, sys
root = {root!r}
name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
given = sys.stdin.read().strip() if "--password-stdin" in arguments else ""
with open(root + "/record", "a") as record:
    record.write(json.dumps([name, *arguments, *([given] if given else [])]) + "\\n")
for words, (code, out, err) in json.load(open(root + "/answers")).items():
    if words in " ".join([name, *arguments]):
        print(out); print(err, file=sys.stderr); sys.exit(code)
"""


class Machine:
    """A copy of the project's files where docker, git and pulumi only record their calls, and AWS is moto."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ecr, self.ssm = clients(REGION).ecr, clients(REGION).ssm
        self._answers: dict[str, tuple[int, str, str]] = {}
        for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"):
            shutil.copy(ROOT / name, root / name)
        (root / "tools").mkdir()
        (root / "record").touch()
        self.answer("status --porcelain", "")
        self.answer("rev-parse --short=12 HEAD", "abc1234")

    def install(self, *tools: str) -> None:
        """Put recorders on PATH."""
        for name in tools:
            file = self.root / "tools" / name
            file.write_text(_RECORDER.format(python=sys.executable, root=str(self.root)))
            file.chmod(0o755)

    def answer(self, words: str, text: str, code: int = 0, error: str = "") -> None:
        """Let command lines that hold these words print something."""
        self._answers = {words: (code, text, error)} | {key: it for key, it in self._answers.items() if key != words}
        (self.root / "answers").write_text(json.dumps(self._answers))

    @property
    def calls(self) -> list[list[str]]:
        """The command lines that the tools were called with, and the password that one was given."""
        return [json.loads(line) for line in (self.root / "record").read_text().splitlines()]

    def run(self, *arguments: str) -> int:
        """Run `python -m release`."""
        return cli.main(arguments, Aws(self.root))

    def edit(self, before: str, after: str) -> None:
        """Change the settings of dev."""
        file = self.root / "Pulumi.dev.yaml"
        assert before in file.read_text()
        file.write_text(file.read_text().replace(before, after))

    def up(self, stack: str, *values: str) -> None:
        """Let a stack have its repository, and its parameter these values after the first one."""
        self.ecr.create_repository(repositoryName=f"container-platform/{stack}/web")
        for value in ("none", *values):
            self.ssm.put_parameter(Name=self._parameter(stack), Value=value, Type="String", Overwrite=True)

    def runs(self, stack: str = "dev") -> str:
        """What the service is meant to run."""
        return str(self.ssm.get_parameter(Name=self._parameter(stack))["Parameter"]["Value"])

    def hold(
        self, digest: str, *tags: str, stack: str = "dev", days: float = 0, kind: str = MANIFEST, **manifest: object
    ) -> None:
        """Let a stack's repository hold an image that was pushed some days ago."""
        repository = f"container-platform/{stack}/web"
        for tag in tags or (None,):
            self.ecr.put_image(
                repositoryName=repository,
                imageManifest=json.dumps({"mediaType": kind, "of": digest, **manifest}),
                imageDigest=digest,
                **({"imageTag": tag} if tag else {}),
            )
        image = ecr_backends[DEFAULT_ACCOUNT_ID][REGION].repositories[repository].images[-1]
        image.image_pushed_at = int((datetime.now(UTC) - timedelta(days=days)).timestamp())

    def _parameter(self, stack: str) -> str:
        return f"/container-platform/{stack}/web/image"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine with nothing but the recorders on PATH, none of which is installed yet."""
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield Machine(tmp_path)
