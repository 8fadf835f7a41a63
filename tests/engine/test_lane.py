"""The lane itself: one process has hundreds of engines, one after the other."""

import socket
from concurrent import futures

import grpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import Settings


def ask(port: int) -> grpc.StatusCode:
    """Ask the engine on a port as a program does first, and return how that ends."""
    monitor = Settings("project", "stack", monitor=f"127.0.0.1:{port}").monitor
    assert monitor is not None
    try:
        monitor.SupportsFeature(resource_pb2.SupportsFeatureRequest(id="secrets"))
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def test_an_engine_on_the_port_of_one_that_has_gone_is_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    gone = ask(port)
    assert gone is grpc.StatusCode.UNAVAILABLE
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    assert ask(port) is grpc.StatusCode.UNIMPLEMENTED  # there is a server, though no engine
    server.stop(grace=None).wait()
