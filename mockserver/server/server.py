"""The server: uvicorn with the mock, in this thread or in a background one."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import uvicorn

from mockserver.app import SHUTDOWN_KEY, create_app
from mockserver.asgi import ASGIApp
from mockserver.server.http_protocol import HttpProtocol
from mockserver.settings import Settings

GRACE_SECONDS: Final = 1
"""The time that unfinished replies have when the server shuts down."""


class PortTaken(OSError):
    """The address cannot be listened on; the message is one sentence."""


class Server(uvicorn.Server):
    """A uvicorn server that calls `ready` once it serves, and puts the connection into each request's scope."""

    def __init__(
        self, app: ASGIApp, *, ready: Callable[[], None], protocol: type[asyncio.Protocol] = HttpProtocol
    ) -> None:
        """A server of the application; a protocol of uvicorn is given the connection of its requests."""
        super().__init__(
            uvicorn.Config(
                app,
                http=_with_connection(protocol),
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                proxy_headers=False,  # a client's forwarding headers are not trusted
                ws="none",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call `ready`."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, which never end by themselves; then shut down."""
        if end := self.lifespan.state.get(SHUTDOWN_KEY):
            end()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Exit at once, as Ctrl-C demands. Unfinished requests and replies are cut off; this is no error."""
        self.config.timeout_graceful_shutdown = 0
        logging.getLogger("uvicorn.error").disabled = True
        super().handle_exit(sig, frame)


def protocol_of(settings: Settings) -> type[asyncio.Protocol]:
    """The HTTP protocol that the settings ask for."""
    if settings.http == "own":
        return HttpProtocol
    from mockserver.server.uvicorn_protocol import BoundedProtocol

    return BoundedProtocol


def _with_connection(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    if issubclass(protocol, HttpProtocol):
        return protocol
    from mockserver.server.uvicorn_protocol import connection_protocol  # few servers use it

    return connection_protocol(protocol)


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free port. Raises PortTaken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
    except OSError as error:
        raise PortTaken(f"cannot listen at {host}: {error.strerror or error}") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        reason = (error.strerror or str(error)).lower()
        raise PortTaken(f"cannot listen at {host}, port {port}: {reason}; --port 0 picks a free one") from None
    return listening


def url_of(listening: socket.socket) -> str:
    """The URL of the socket for a client on this machine."""
    host, port = listening.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


@contextmanager
def thread_of(settings: Settings) -> Iterator[str]:
    """The URL of a mock in a thread."""
    app = create_app(settings)
    listening = bound_socket(settings.host, settings.port)
    is_ready = threading.Event()
    server = Server(app, ready=is_ready.set, protocol=protocol_of(settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="videodb-mock", daemon=True)
    thread.start()
    try:
        while not is_ready.wait(timeout=0.05):
            if not thread.is_alive():
                raise RuntimeError("the mock did not start; see its log")
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
