"""A proxy before PostgreSQL that a test lets fail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg

from tests.store.postgres_server import server_address
from tests.tcp_proxy import TcpProxy


class Proxy(TcpProxy):
    """Connections of clients to the server of the tests, by TCP."""

    def __init__(self) -> None:
        with psycopg.connect(server_address()) as connection:
            info = connection.info
            self._user, self._database = info.user, info.dbname
            # a server that trusts its clients takes any password
            self.password = info.password or "tell-nobody"
            host, port = info.host, info.port
        super().__init__(host, port)

    def address(self, schema: str, *, user: str | None = None) -> str:
        """The address of a schema through the proxy, for the user of the tests or another one with its password."""
        user = f"{quote(user or self._user)}:{quote(self.password, safe='')}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/{quote(self._database)}?schema={quote(schema)}"

    def _connect(self) -> socket.socket:
        host, port = self._target
        if not host.startswith("/"):
            return super()._connect()
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server


@contextmanager
def running_proxy() -> Iterator[Proxy]:
    """A proxy until the block ends."""
    proxy = Proxy()
    try:
        yield proxy
    finally:
        proxy.close()
