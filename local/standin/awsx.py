"""The awsx plugin's part of the engine's conversation: construct."""

import importlib
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer

from .components import MODULES

VERSION = "3.11.0"


class _Awsx(Provider):
    def __init__(self) -> None:
        super().__init__(VERSION)

    def construct(
        self, name: str, resource_type: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        if resource_type not in MODULES:
            raise NotImplementedError(f"the stand-in has no component {resource_type}; it has {', '.join(MODULES)}")
        # Not before it is needed: what it makes loads pulumi_aws, which most verbs do without.
        module = importlib.import_module(f".components.{MODULES[resource_type]}", __package__)
        component = getattr(module, resource_type.rpartition(":")[2])(name, inputs, options)
        return ConstructResult(component.urn, component.outputs)


class AwsxServicer(ProviderServicer):
    """Pulumi's servicer for component providers, with what it lacks to be attached to."""

    def __init__(self) -> None:
        super().__init__(_Awsx(), [], engine_address="")

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 the name is gRPC's
        """Accept the engine that attaches itself; each construction names its own address."""
        return empty_pb2.Empty()
