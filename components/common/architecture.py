"""Processor architectures, as ECS and Docker call them."""

from enum import Enum
from typing import Final


class Architecture(str, Enum):
    """Processor architecture of the tasks and of the image they run."""

    X86_64 = "X86_64"
    ARM64 = "ARM64"


DOCKER_PLATFORMS: Final = {Architecture.X86_64: "linux/amd64", Architecture.ARM64: "linux/arm64"}
"""What Docker calls the platform of an image for each architecture (`docker build --platform`)."""
