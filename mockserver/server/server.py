"""The server: uvicorn with the mock, in this process or in a background thread."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final, NamedTuple

import uvicorn
from starlette.types import ASGIApp

from mockserver.app import SHUTDOWN_KEY, create_app
from mockserver.server.http_protocol import HttpProtocol
from mockserver.settings import Settings

if TYPE_CHECKING:
    from mockserver.client.account_mock import AccountMock
    from mockserver.client.async_account_mock import AsyncAccountMock

GRACE_SECONDS: Final = 1
"""The time that unfinished replies have when the server shuts down."""


class PortTaken(OSError):
    """The address cannot be listened on; the message is one sentence."""


class Mock(NamedTuple):
    """A running mock; `url` is its address. The settings of a mock that was started elsewhere are None."""

    url: str
    settings: Settings | None

    def account(self, api_key: str | None = None) -> AccountMock:
        """The account of a key, or a fresh account, in the hand of a test.

        On a mock with a seed, the key of a fresh account is the same at each run.
        """
        from mockserver.client.account_mock import AccountMock, seeded_account  # a served mock needs no client

        if api_key is None and self.settings is not None and self.settings.seed is not None:
            return seeded_account(self.url, self.settings.seed)
        return AccountMock(self.url, api_key=api_key)

    def async_account(self, api_key: str | None = None) -> AsyncAccountMock:
        """The same for async tests."""
        from mockserver.client.async_account_mock import AsyncAccountMock

        return AsyncAccountMock(self.account(api_key))


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
def running(settings: Settings | None = None, *, own_process: bool = False, **overrides: object) -> Iterator[Mock]:
    """Run a mock in the background until the block ends. It uses a free port unless `port` is given.

    Overrides are settings by name, such as `profile="openapi"` or `session_ttl="2h"`. The mock runs in a thread, or in
    a process of its own, out of reach of tools that change time, sockets or threads of this one.
    Raises SettingError, ContractError, StoreError and PortTaken.
    """
    settings = (settings or Settings(port=0)).having(**overrides)
    if own_process:
        from mockserver.server.own_process import process_of  # the process itself needs no other

        with process_of(settings) as url:
            yield Mock(url, settings)
    else:
        with _thread_of(settings) as url:
            yield Mock(url, settings)


@contextmanager
def _thread_of(settings: Settings) -> Iterator[str]:
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
