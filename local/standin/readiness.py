"""How long a capacity provider of Managed Instances takes: AWS answers at once, and refuses services until later."""

import time
from collections.abc import Mapping
from typing import Any, Final

SECONDS: Final = 2.0
"""What it takes here; on AWS some seconds more."""

_PROVIDER: Final = "aws:ecs/capacityProvider:CapacityProvider"
_SERVICE: Final = "aws:ecs/service:Service"


class Readiness:
    """What this run has made and when."""

    def __init__(self) -> None:
        self._made: dict[str, float] = {}

    def note(self, token: str, properties: Mapping[str, Any]) -> None:
        """Keep when a capacity provider was made."""
        if token == _PROVIDER and properties.get("managedInstancesProvider"):
            self._made[properties["name"]] = time.monotonic()

    def refusal(self, token: str, properties: Mapping[str, Any]) -> str | None:
        """Return why ECS would refuse a service; None where it would not."""
        if token != _SERVICE:
            return None
        for item in properties.get("capacityProviderStrategies") or ():
            name = item["capacityProvider"]
            if time.monotonic() - self._made.get(name, -SECONDS) < SECONDS:
                return (
                    f"InvalidParameterException: The specified capacity provider '{name}' is not in an ACTIVE state. "
                    "Specify a valid capacity provider and try again."
                )
        return None
