"""Parameter Store, ECR and ECS through boto3."""

import base64
import json
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from botocore.waiter import WaiterModel, create_waiter_with_client

from components.registry.expiry import Image

from . import docker
from .aws_errors import code, in_plain_words, refused
from .errors import ImageNotFoundError, ReleaseError
from .images import is_digest
from .store import Scan

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef, ImageIdentifierTypeDef
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_ssm import SSMClient

_INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_AT_ONCE: Final = 100
"""Images that one call of BatchGetImage takes."""
_EVENTS: Final = 10
_CONFIG: Final = Config(connect_timeout=10, retries={"mode": "standard"})
"""A machine without a way to AWS says so in half a minute, not in several."""
_PATIENCE: Final = 600
"""Seconds that a scan may take."""

_SCAN_ENDED: Final[dict[str, Any]] = {
    "operation": "DescribeImageScanFindings",
    "delay": 5,
    "maxAttempts": _PATIENCE // 5,
    "acceptors": [
        # boto3's own waiter, image_scan_complete, knows neither enhanced scanning's ACTIVE nor images that cannot be
        # scanned, and takes a scan that has not begun for an error.
        {
            "matcher": "path",
            "argument": "contains(['PENDING', 'IN_PROGRESS'], imageScanStatus.status)",
            "expected": False,
            "state": "success",
        },
        {"matcher": "error", "expected": "ScanNotFoundException", "state": "retry"},
    ],
}


class Clients:
    """boto3's clients for one region, each made when it is first needed."""

    def __init__(self, region: str) -> None:
        self._session = boto3.Session(region_name=region)

    @cached_property
    def ecr(self) -> "ECRClient":
        """The client of ECR."""
        return self._session.client("ecr", config=_CONFIG)

    @cached_property
    def ssm(self) -> "SSMClient":
        """The client of Parameter Store."""
        return self._session.client("ssm", config=_CONFIG)

    @cached_property
    def ecs(self) -> "ECSClient":
        """The client of ECS."""
        return self._session.client("ecs", config=_CONFIG)


@cache
def clients(region: str) -> Clients:
    """Return the clients for a region, which the stores of all its stacks share."""
    return Clients(region)


class AwsStore:
    """The store of one region."""

    def __init__(self, region: str) -> None:
        self.region = region

    @property
    def _to(self) -> Clients:
        return clients(self.region)

    def history(self, parameter: str) -> list[str]:
        """See Store."""
        with in_plain_words(self.region):
            pages = self._to.ssm.get_paginator("get_parameter_history").paginate(Name=parameter)
            try:
                versions = [version for page in pages for version in page["Parameters"]]
            except self._to.ssm.exceptions.ParameterNotFound:
                return []
        return [version["Value"] for version in sorted(versions, key=lambda version: version["Version"])]

    def put(self, parameter: str, value: str) -> None:
        """See Store."""
        with in_plain_words(self.region):
            self._to.ssm.put_parameter(Name=parameter, Value=value, Overwrite=True)

    def digest(self, repository: str, image: str) -> str:
        """See Store."""
        wanted: ImageIdentifierTypeDef = {"imageDigest": image} if is_digest(image) else {"imageTag": image}
        with in_plain_words(self.region):
            try:
                found = self._to.ecr.describe_images(repositoryName=repository, imageIds=[wanted])
            except self._to.ecr.exceptions.ImageNotFoundException:
                raise ImageNotFoundError(
                    f"{repository} holds no image {image}", "push it first, or name another tag or digest"
                ) from None
        return found["imageDetails"][0]["imageDigest"]

    def address(self, repository: str) -> str:
        """See Store."""
        with in_plain_words(self.region):
            found = self._to.ecr.describe_repositories(repositoryNames=[repository])
        return found["repositories"][0]["repositoryUri"]

    def copy(self, digest: str, source: str, repository: str) -> None:
        """See Store."""
        destination = self.address(repository)
        for address in dict.fromkeys((source, destination)):
            self._log_in(address)
        # The lifecycle rules keep tags that begin with `prod` longest, and ECR deletes untagged images.
        docker.copy(f"{source}@{digest}", f"{destination}:prod-{digest.removeprefix('sha256:')[:12]}")

    def events(self, cluster: str, service: str) -> list[str]:
        """Return the latest events of an ECS service, with their times, the latest last."""
        try:
            with in_plain_words(self.region):
                found = self._to.ecs.describe_services(cluster=cluster, services=[service])
        except ReleaseError as error:
            return str(error).splitlines()
        events = [event for one in found["services"] for event in one.get("events", [])[:_EVENTS]]
        return [f"{event['createdAt']:%Y-%m-%d %H:%M:%S%z}  {event['message']}" for event in reversed(events)]

    def images(self, repository: str) -> list[Image]:
        """See Store."""
        with in_plain_words(self.region):
            pages = self._to.ecr.get_paginator("describe_images").paginate(repositoryName=repository)
            details = [detail for page in pages for detail in page["imageDetails"]]
            indexes = [one["imageDigest"] for one in details if one.get("imageManifestMediaType") in _INDEXES]
            named_by = self._named_by(repository, indexes)
        return [_image(one, named_by.get(one["imageDigest"], frozenset())) for one in details]

    def _named_by(self, repository: str, indexes: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return digest of an image → digests of the manifest lists that name it."""
        found: dict[str, frozenset[str]] = {}
        for start in range(0, len(indexes), _AT_ONCE):
            answer = self._to.ecr.batch_get_image(
                repositoryName=repository,
                imageIds=[{"imageDigest": digest} for digest in indexes[start : start + _AT_ONCE]],
                acceptedMediaTypes=_INDEXES,
            )
            for one in answer["images"]:
                for manifest in json.loads(one["imageManifest"]).get("manifests", []):
                    child = str(manifest["digest"])
                    found[child] = found.get(child, frozenset()) | {one["imageId"]["imageDigest"]}
        return found

    def start_scan(self, repository: str, digest: str) -> str | None:
        """See Store."""
        with in_plain_words(self.region):
            try:
                self._to.ecr.start_image_scan(repositoryName=repository, imageId={"imageDigest": digest})
            except self._to.ecr.exceptions.LimitExceededException:
                return "ECR scans an image once in 24 hours"
            except self._to.ecr.exceptions.ValidationException:
                return "the registry uses enhanced scanning, which starts by itself"
        return None

    def scan(self, repository: str, digest: str) -> Scan:
        """See Store."""
        model = WaiterModel({"version": 2, "waiters": {"ScanEnded": _SCAN_ENDED}})
        with in_plain_words(self.region):
            waiter = create_waiter_with_client("ScanEnded", model, self._to.ecr)
            try:
                waiter.wait(repositoryName=repository, imageId={"imageDigest": digest})
            except WaiterError as error:
                raise self._not_ended(digest, error) from None
            # The counts are on each page of findings.
            answer = self._to.ecr.describe_image_scan_findings(
                repositoryName=repository, imageId={"imageDigest": digest}
            )
        status, findings = answer["imageScanStatus"], answer.get("imageScanFindings", {})
        counts = {str(severity): number for severity, number in findings.get("findingSeverityCounts", {}).items()}
        return Scan(status.get("status", ""), status.get("description", ""), counts)

    def _not_ended(self, digest: str, error: WaiterError) -> ReleaseError:
        last = ClientError(error.last_response, "DescribeImageScanFindings")
        if code(last) in ("", "ScanNotFoundException"):
            return ReleaseError(f"the scan of {digest[:19]} has not ended after {_PATIENCE} seconds", "try again later")
        return refused(last, self.region)

    def check_tools(self) -> None:
        """See Store."""
        docker.builder()

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:
        """See Store."""
        builder = docker.builder()
        image = f"{self.address(repository)}:{tag}"
        self._log_in(image, builder)
        docker.build_and_push(folder, image, platform, builder)

    def _log_in(self, address: str, builder: str = "docker") -> None:
        host = address.partition("/")[0]
        region = host.split(".")[3]
        with in_plain_words(region):
            (token,) = clients(region).ecr.get_authorization_token()["authorizationData"]
        _, _, password = base64.b64decode(token["authorizationToken"]).decode().partition(":")
        docker.log_in(host, password, builder)


def _image(detail: "ImageDetailTypeDef", named_by: frozenset[str]) -> Image:
    return Image(
        digest=detail["imageDigest"],
        pushed_at=detail.get("lastActivatedAt") or detail["imagePushedAt"],
        tags=frozenset(detail.get("imageTags", [])),
        pulled_at=detail.get("lastRecordedPullTime"),
        archived_at=detail["lastArchivedAt"] if detail.get("imageStatus") == "ARCHIVED" else None,
        named_by=named_by,
        belongs_to=detail.get("subjectManifestDigest"),
    )
