"""Images are built, pushed and copied by Docker; Podman builds and pushes too."""

import os
import shutil
import subprocess
from pathlib import Path

from .errors import ReleaseError


def builder() -> str:
    """Return the command that builds images here.

    Raises:
        ReleaseError: there is none.
    """
    found = next((name for name in ("docker", "podman") if shutil.which(name)), None)
    if found is None:
        raise ReleaseError(
            "neither docker nor podman is on PATH", "install one of them; Docker also needs its daemon running"
        )
    return found


def log_in(host: str, password: str, command: str = "docker") -> None:
    """Log in to an ECR registry; the password goes through standard input, where no process list shows it."""
    _run([command, "login", "--username", "AWS", "--password-stdin", host], given=password)


def copy(source: str, tag: str) -> None:
    """Copy an image between repositories; its digest stays the same."""
    # Without an index around the image, which would give it another digest.
    _run(["docker", "buildx", "imagetools", "create", "--prefer-index=false", "--tag", tag, source])


def build_and_push(folder: Path, image: str, platform: str, command: str) -> None:
    """Build the image of a folder and push it, with the tool's own output."""
    _show([command, "build", "--platform", platform, "--tag", image, str(folder)])
    _show([command, "push", image])


def _show(command: list[str]) -> None:
    # buildx would add a list of attestations, so that one image is three manifests.
    environment = {**os.environ, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
    if subprocess.run(command, env=environment, check=False).returncode:
        raise ReleaseError(f"{' '.join(command[:2])} failed; its own output above says why")


def _run(command: list[str], given: str | None = None) -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ReleaseError(f"{command[0]} is not on PATH", "install it") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ReleaseError(f"{' '.join(command[:3])}: {said[-1] if said else f'exit code {done.returncode}'}")
