"""Servers of the tests that listen on this machine while a test runs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def answering(server: HTTPServer, poll_seconds: float = 0.5) -> Iterator[None]:
    """Let a server answer in a thread of its own; it is closed afterwards."""
    thread = threading.Thread(target=server.serve_forever, args=(poll_seconds,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Let an application listen; gives its address."""
    with socket.socket() as at:
        at.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://localhost:{at.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
