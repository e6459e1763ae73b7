"""A proxy before PostgreSQL that a test lets fail: it refuses, ends or freezes connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import quote

import psycopg

from tests.store.postgres_server import server_address

_CHUNK: Final = 65_536


class Proxy:
    """Connections of clients to the server of the tests, by TCP."""

    def __init__(self) -> None:
        with psycopg.connect(server_address()) as connection:
            info = connection.info
            self._target, self._user, self._database = (info.host, info.port), info.user, info.dbname
            # a server that trusts its clients takes any password
            self.password = info.password or "tell-nobody"
        self._links: list[socket.socket] = []
        self.accepted = 0
        self._loses_answers = False
        self._holds_ends = False
        self._thaw = threading.Event()
        self._thaw.set()
        self.port = 0
        self._listening: socket.socket | None = None
        self.accept()

    def address(self, schema: str) -> str:
        """The address of a schema through the proxy."""
        user = f"{quote(self._user)}:{quote(self.password, safe='')}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/{quote(self._database)}?schema={quote(schema)}"

    def accept(self) -> None:
        """Accept connections, on the same port as before."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listening,), daemon=True).start()

    def refuse(self) -> None:
        """End all connections and refuse new ones, as without a server."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        self.cut()

    def cut(self) -> None:
        """End all connections; new ones are accepted, as after a restart."""
        links, self._links = self._links, []
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def lose_answers(self) -> None:
        """End a connection when the server answers on it; what it was asked for is done."""
        self._loses_answers = True

    def keep_answers(self) -> None:
        """Pass answers on again."""
        self._loses_answers = False

    def hold_ends(self) -> None:
        """Pass on the last words of the server, and not yet that it has ended the connection."""
        self._holds_ends = True

    def freeze(self) -> None:
        """Pass nothing on until `thaw`."""
        self._thaw.clear()

    def thaw(self) -> None:
        """Pass on all that was held back."""
        self._thaw.set()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve_client, args=(client,), daemon=True).start()

    def _serve_client(self, client: socket.socket) -> None:
        with client, self._connect() as server:
            self._links += [client, server]
            backward = threading.Thread(
                target=self._pass_on, args=(server, client), kwargs={"are_answers": True}, daemon=True
            )
            backward.start()
            self._pass_on(client, server)
            backward.join()

    def _connect(self) -> socket.socket:
        host, port = self._target
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _pass_on(self, source: socket.socket, sink: socket.socket, *, are_answers: bool = False) -> None:
        with suppress(OSError):
            while (chunk := source.recv(_CHUNK)) and not (are_answers and self._loses_answers):
                self._thaw.wait()
                sink.sendall(chunk)
        if are_answers and self._holds_ends:
            return
        for link in (source, sink):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)


@contextmanager
def running_proxy() -> Iterator[Proxy]:
    """A proxy until the block ends."""
    proxy = Proxy()
    try:
        yield proxy
    finally:
        proxy.thaw()
        proxy.refuse()
