"""Policy packs of the engine lane, each a process of its own that need not read its modules again.

`python -m tests.engine.packs SOCKET` waits with the modules of a pack read. The engine starts `START`, which hands its
arguments, environment, folder and streams over; a child of the waiting process then is the pack, until the engine ends
what it started. So a pack costs a hundredth of a second where it costs half a second otherwise.
"""

import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address})
    given = json.dumps([sys.argv[1:3], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(server, [len(given).to_bytes(4, "big")], [1, 2])
    server.sendall(given)
    sys.exit(int(server.recv(1) or b"1"))
"""
"""What the engine starts as `pulumi-analyzer-policy-python`."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Keep the waiting process while the block runs, and give what the engine shall start."""
    address = folder / "packs"
    command = [sys.executable, "-m", "tests.engine.packs", str(address)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True) as process:
        while not address.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield START.replace("{python}", sys.executable).replace("{address}", repr(str(address)))
        assert process.stdin is not None
        process.stdin.close()  # it ends


def _wait(address: str) -> None:
    import pulumi_policy  # noqa: F401

    import policies.pack  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            client, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _be_a_pack(client)
            client.close()
    os.killpg(os.getpgrp(), signal.SIGKILL)  # and with it every pack that is left


def _be_a_pack(client: socket.socket) -> None:
    size, streams, _, _ = socket.recv_fds(client, 4, 2)
    given = b""
    while len(given) < int.from_bytes(size, "big"):
        given += client.recv(1 << 16)
    arguments, environment, folder = json.loads(given)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # The engine kills what it started, and the socket closes.
    threading.Thread(target=lambda: (client.recv(1), os._exit(1)), daemon=True).start()
    sys.argv = ["pulumi.policy", *arguments]
    status = 1
    try:
        runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = 0 if ended.code in (0, None) else 1
    client.sendall(str(status).encode())
    os._exit(status)


if __name__ == "__main__":
    _wait(sys.argv[1])
