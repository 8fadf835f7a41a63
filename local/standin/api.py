"""The AWS API itself, for what no resource does: the calls that the program makes with boto3, such as RunTask.

A call is a function of the service's module, named after it: `RunTask` of ECS is `call_run_task` in `services/ecs.py`.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from . import services
from .account import Account, Resources
from .behaviour import Refused
from .memory import Memory
from .place import Place

_TARGETS: Final = {"AmazonEC2ContainerServiceV20141113": "ecs", "Logs_20140328": "cloudwatch"}
"""What `X-Amz-Target` begins with → the module."""


@contextmanager
def answer(memory: Memory, resources: Resources) -> Iterator[dict[str, str]]:
    """Answer calls on a free port while the block runs, and yield the environment that leads boto3 there."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one call."""

        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            prefix, _, operation = (self.headers.get("X-Amz-Target") or "").partition(".")
            # Credential=<key>/<date>/<region>/<service>/aws4_request
            scope = re.search(r"Credential=[^/]+/[^/]+/([^/]+)/", self.headers.get("Authorization") or "")
            account = Account(Place(scope[1] if scope else "us-east-1"), memory, resources)
            try:
                status, body = 200, services.call(_TARGETS.get(prefix, ""), operation)(content, account)
            except Refused as refusal:
                code, _, message = str(refusal).partition(": ")
                status, body = 400, {"__type": code, "message": message}
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="aws api stand-in", daemon=True)
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
