"""The mock as a server on uvicorn's server, with any protocol."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from mockserver import Settings, create_app
from mockserver.server import Server, bound_socket, url_of
from tests.web.mock_client import Mock


@contextmanager
def listening(protocol: type[asyncio.Protocol], **settings: object) -> Iterator[tuple[str, Mock]]:
    """A mock with that protocol: its URL and its client."""
    socket, is_ready = bound_socket("127.0.0.1", 0), threading.Event()
    app = create_app(Settings().having(**settings))
    server = Server(app, ready=is_ready.set, protocol=protocol)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        assert is_ready.wait(timeout=15)
        with httpx.Client(base_url=url_of(socket)) as client:
            yield url_of(socket), Mock(client)
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        socket.close()
        assert not thread.is_alive(), "the server did not stop"
