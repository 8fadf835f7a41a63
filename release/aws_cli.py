"""Parameter Store and ECR through the AWS CLI, with its credentials; images are copied by Docker's buildx."""

import json
import subprocess
from typing import Any

from .commands import ReleaseError, is_digest

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

    def _log_in(self, address: str) -> None:
        host = address.partition("/")[0]
        region = host.split(".")[3]
        password = _run(["aws", "ecr", "get-login-password", "--region", region])
        _run(["docker", "login", "--username", "AWS", "--password-stdin", host], given=password)

    def _aws(self, *arguments: str) -> Any:
        return json.loads(_run(["aws", *arguments, "--region", self._region, "--output", "json"]) or "{}")


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
