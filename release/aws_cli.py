"""Parameter Store and ECR through the AWS CLI, with its credentials; images are copied by Docker's buildx."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from components.registry.expiry import Image

from .commands import ReleaseError, is_digest
from .images import Scan

_INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_AT_ONCE: Final = 100
"""Images that one call of BatchGetImage takes."""

_EVENTS = 10


class AwsStore:
    """The store of one region."""

    def __init__(self, region: str) -> None:
        self._region = region

    def history(self, parameter: str) -> list[str]:
        """See Store."""
        try:
            answer = self._aws("ssm", "get-parameter-history", "--name", parameter)
        except ReleaseError as error:
            if "ParameterNotFound" in str(error):
                return []
            raise
        versions = sorted(answer["Parameters"], key=lambda version: int(version["Version"]))
        return [str(version["Value"]) for version in versions]

    def put(self, parameter: str, value: str) -> None:
        """See Store."""
        self._aws("ssm", "put-parameter", "--name", parameter, "--value", value, "--overwrite")

    def digest(self, repository: str, image: str) -> str:
        """See Store."""
        wanted = f"imageDigest={image}" if is_digest(image) else f"imageTag={image}"
        answer = self._aws("ecr", "describe-images", "--repository-name", repository, "--image-ids", wanted)
        return str(answer["imageDetails"][0]["imageDigest"])

    def address(self, repository: str) -> str:
        """See Store."""
        answer = self._aws("ecr", "describe-repositories", "--repository-names", repository)
        return str(answer["repositories"][0]["repositoryUri"])

    def copy(self, digest: str, source: str, repository: str) -> None:
        """See Store."""
        destination = self.address(repository)
        for address in dict.fromkeys((source, destination)):
            self._log_in(address)
        # A release: the lifecycle rules keep tags that begin with `prod` longest, and ECR deletes untagged images.
        tag = f"{destination}:prod-{digest.removeprefix('sha256:')[:12]}"
        # Without an index around it, else the digest would be another.
        _run(
            ["docker", "buildx", "imagetools", "create", "--prefer-index=false", "--tag", tag, f"{source}@{digest}"],
        )

    def events(self, cluster: str, service: str) -> list[str]:
        """Return the latest events of an ECS service, with their times, the latest last; none where ECS is silent."""
        try:
            answer = self._aws("ecs", "describe-services", "--cluster", cluster, "--services", service)
        except ReleaseError as error:
            return [str(error)]
        events = [event for found in answer.get("services", []) for event in found.get("events", [])[:_EVENTS]]
        return [f"{event['createdAt']}  {event['message']}" for event in reversed(events)]

    def images(self, repository: str) -> list[Image]:
        """See Images."""
        details = self._aws("ecr", "describe-images", "--repository-name", repository).get("imageDetails", [])
        named_by = self._named_by(
            repository, [one["imageDigest"] for one in details if one.get("imageManifestMediaType") in _INDEXES]
        )
        return [_image(one, named_by.get(one["imageDigest"], frozenset())) for one in details]

    def _named_by(self, repository: str, indexes: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return digest of an image → digests of the manifest lists that name it."""
        found: dict[str, frozenset[str]] = {}
        for start in range(0, len(indexes), _AT_ONCE):
            wanted = [f"imageDigest={digest}" for digest in indexes[start : start + _AT_ONCE]]
            arguments = ["--repository-name", repository, "--image-ids", *wanted, "--accepted-media-types", *_INDEXES]
            for one in self._aws("ecr", "batch-get-image", *arguments).get("images", []):
                for manifest in json.loads(one["imageManifest"]).get("manifests", []):
                    child = str(manifest["digest"])
                    found[child] = found.get(child, frozenset()) | {str(one["imageId"]["imageDigest"])}
        return found

    def start_scan(self, repository: str, digest: str) -> str | None:
        """See Images."""
        try:
            self._aws("ecr", "start-image-scan", "--repository-name", repository, "--image-id", f"imageDigest={digest}")
        except ReleaseError as error:
            if "LimitExceeded" in str(error):
                return "ECR scans an image once in 24 hours"
            if "ValidationException" in str(error):
                return "the registry has enhanced scanning, which needs no start"
            raise
        return None

    def scan(self, repository: str, digest: str) -> Scan:
        """See Images."""
        image = ["--repository-name", repository, "--image-id", f"imageDigest={digest}"]
        try:
            # Findings come in pages; the counts stand on each.
            answer = self._aws("ecr", "describe-image-scan-findings", *image, "--no-paginate")
        except ReleaseError as error:
            if "ScanNotFound" in str(error):
                return Scan("PENDING")
            raise
        status = answer["imageScanStatus"]
        counts = answer.get("imageScanFindings", {}).get("findingSeverityCounts", {})
        return Scan(str(status["status"]), str(status.get("description", "")), {**counts})

    def missing_tools(self) -> list[str]:
        """See Images."""
        missing = []
        if _builder() is None:
            missing.append(
                "neither docker nor podman is on PATH: install one of them, and start its daemon if it has one"
            )
        if shutil.which("aws") is None:
            missing.append("aws is not on PATH: install the AWS CLI, version 2")
        return missing

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:
        """See Images."""
        builder = _builder() or "docker"
        image = f"{self.address(repository)}:{tag}"
        self._log_in(image, builder)
        _show([builder, "build", "--platform", platform, "--tag", image, str(folder)])
        _show([builder, "push", image])

    def _log_in(self, address: str, builder: str = "docker") -> None:
        host = address.partition("/")[0]
        region = host.split(".")[3]
        password = _run(["aws", "ecr", "get-login-password", "--region", region])
        _run([builder, "login", "--username", "AWS", "--password-stdin", host], given=password)

    def _aws(self, *arguments: str) -> Any:
        return json.loads(_run(["aws", *arguments, "--region", self._region, "--output", "json"]) or "{}")


def _builder() -> str | None:
    """Return what builds images here."""
    return next((name for name in ("docker", "podman") if shutil.which(name)), None)


def _image(detail: dict[str, Any], named_by: frozenset[str]) -> Image:
    return Image(
        digest=str(detail["imageDigest"]),
        pushed_at=_time(detail.get("lastActivatedAt") or detail["imagePushedAt"]),
        tags=frozenset(detail.get("imageTags", [])),
        pulled_at=_time(detail["lastRecordedPullTime"]) if "lastRecordedPullTime" in detail else None,
        archived_at=_time(detail["lastArchivedAt"]) if detail.get("imageStatus") == "ARCHIVED" else None,
        named_by=named_by,
        belongs_to=detail.get("subjectManifestDigest"),
    )


def _time(value: str | float) -> datetime:
    """Return a time in either form that the CLI can be set to (`cli_timestamp_format`)."""
    return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)


def _show(command: list[str]) -> None:
    """Run a command that shows what it does.

    Raises:
        ReleaseError: it failed.
    """
    # Without the list of attestations around it that buildx makes: then the image is one manifest, and one image.
    environment = {**os.environ, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command[:2])} failed, see above")


def _run(command: list[str], given: str | None = None) -> str:
    """Run a command and return what it printed.

    Raises:
        ReleaseError: it is missing, or failed; with the last thing that it said.
    """
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ReleaseError(f"{command[0]} is not installed, or not on PATH") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ReleaseError(f"{' '.join(command[:3])}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout
