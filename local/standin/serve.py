"""Both plugins as gRPC servers inside this process."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import grpc
import grpc.aio
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from .account import Resources
from .api import answer
from .aws import AwsServicer
from .awsx import AwsxServicer
from .memory import Memory


class Providers(NamedTuple):
    """The plugins that are being served."""

    environment: dict[str, str]
    """What the engine's environment needs, so that it attaches to them instead of starting plugins."""
    calls: dict[str, str]
    """What this process needs, so that the program's own calls of AWS come here."""


@contextmanager
def serve(memory: Path | None = None, state: Path | None = None, *, aws: bool = True) -> Iterator[Providers]:
    """Serve the plugins on free ports of this machine while the block runs.

    Args:
        memory: file for what AWS remembers beside the resources: revisions of task families, parameters.
        state: folder of the file backend, whose stacks are what is in the account.
        aws: also serve the AWS plugin; without it only awsx is served, beside the AWS plugin that the engine starts.
    """
    ports = {}
    remembered, resources = Memory(memory), Resources(state)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16, thread_name_prefix="stand-in"), options=_GRPC_CHANNEL_OPTIONS
    )
    if aws:
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsServicer(remembered, resources), server)
        ports["aws"] = server.add_insecure_port("127.0.0.1:0")
        server.start()
    components = _Components()
    components.start()
    ports["awsx"] = components.port()
    try:
        with answer(remembered, resources) as calls:
            yield Providers(
                {"PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in ports.items())}, calls
            )
    finally:
        components.stop()
        server.stop(grace=None)


class _Components(threading.Thread):
    """The awsx server: Pulumi's own code for it is asynchronous, hence a thread with an event loop."""

    def __init__(self) -> None:
        super().__init__(name="awsx stand-in", daemon=True)
        self._ready: futures.Future[int] = futures.Future()
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()

    def run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
        finally:
            self._loop.close()

    def port(self) -> int:
        return self._ready.result(timeout=30)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self.join(timeout=10)

    async def _serve(self) -> None:
        server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsxServicer(), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        self._ready.set_result(port)
        await self._ended.wait()
        await server.stop(grace=None)
