"""A server of each protocol, and bytes sent to it on raw sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mockserver.server import Server, bound_socket
from mockserver.server.http_protocol import HttpProtocol
from mockserver.server.uvicorn_protocol import BoundedProtocol

PROTOCOLS: Final[Mapping[str, type[asyncio.Protocol]]] = {"own": HttpProtocol, "uvicorn": BoundedProtocol}


def exchange(address: tuple[str, int], *parts: bytes, until: bytes = b"}") -> bytes:
    """The bytes that the server answers until it closes, or until a text comes."""
    with socket.create_connection(address, timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        received = b""
        while until not in received:
            chunk = connection.recv(65_536)
            if not chunk:
                break
            received += chunk
        return received


App = Callable[[Any, Any, Any], Awaitable[None]]


@contextmanager
def serving_app(app: App, protocol: type[asyncio.Protocol], *, idle_seconds: float = 5) -> Iterator[tuple[str, int]]:
    """The address of an ASGI application."""

    async def with_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
        else:
            await app(scope, receive, send)

    listening_socket, is_ready = bound_socket("127.0.0.1", 0), threading.Event()
    server = Server(with_lifespan, ready=is_ready.set, protocol=protocol)
    server.config.timeout_keep_alive = idle_seconds  # type: ignore[assignment] # parts of a second do as well
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening_socket]}, daemon=True)
    thread.start()
    try:
        assert is_ready.wait(timeout=15)
        yield listening_socket.getsockname()
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        listening_socket.close()
        assert not thread.is_alive(), "the server did not stop"


GET: Final = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def part(body: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}
