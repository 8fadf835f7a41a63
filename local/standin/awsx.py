"""`awsx:ec2:Vpc` with the children and outputs of the real one."""

from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer

from .vpc import Vpc

VERSION = "3.11.0"


class _Awsx(Provider):
    def __init__(self) -> None:
        super().__init__(VERSION)

    def construct(
        self, name: str, resource_type: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        if resource_type != "awsx:ec2:Vpc":
            raise NotImplementedError(f"the stand-in offers awsx:ec2:Vpc, not {resource_type}")
        vpc = Vpc(name, inputs, options)
        return ConstructResult(vpc.urn, vpc.outputs)


class AwsxServicer(ProviderServicer):
    """Pulumi's servicer for component providers, with what it lacks to be attached to."""

    def __init__(self) -> None:
        super().__init__(_Awsx(), [], engine_address="")

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802 the name is gRPC's
        """Accept the engine that attaches itself; each construction names its own address."""
        return empty_pb2.Empty()
