"""The mock as a server: on a socket of its own, in this process or in the background."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NamedTuple

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from mockserver.app import ENDING, create_app
from mockserver.settings import Settings
from mockserver.web.http.connection import known_to_requests

GRACE_SECONDS: Final = 1
"""How long an unfinished answer may go on once the server is told to stop."""


class PortTaken(OSError):
    """Nothing can listen at that address; the message is one sentence."""


class Mock(NamedTuple):
    """A mock that runs: `url` is where."""

    url: str
    settings: Settings


class Server(uvicorn.Server):
    """A uvicorn server that tells when it can answer, and its requests by which connection they came."""

    def __init__(
        self, app: ASGIApp, *, ready: Callable[[], None], protocol: type[asyncio.Protocol] = AutoHTTPProtocol
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=known_to_requests(protocol),
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                proxy_headers=False,  # nobody is trusted to say who a request is from
                ws="none",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would never end by themselves, then the rest."""
        if end := self.lifespan.state.get(ENDING):
            end()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End at once, as Ctrl-C is meant: what is half sent or half read is cut short, and that is no error."""
        self.config.timeout_graceful_shutdown = 0
        logging.getLogger("uvicorn.error").disabled = True
        super().handle_exit(sig, frame)


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; port 0 picks a free one. Raises PortTaken."""
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
    """Where a client on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


@contextmanager
def running(settings: Settings | None = None, **overrides: object) -> Iterator[Mock]:
    """A mock that runs in the background until the block ends, on a free port unless `port` names one.

    Overrides are settings by name, as `profile="openapi"` or `session_ttl="2h"`. Raises SettingError, ContractError,
    StoreError and PortTaken.
    """
    settings = (settings or Settings(port=0)).having(**overrides)
    app = create_app(settings)
    listening = bound_socket(settings.host, settings.port)
    is_ready = threading.Event()
    server = Server(app, ready=is_ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="videodb-mock", daemon=True)
    thread.start()
    try:
        while not is_ready.wait(timeout=0.05):
            if not thread.is_alive():
                raise RuntimeError("the mock did not start; its log says why")
        yield Mock(url_of(listening), settings)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
