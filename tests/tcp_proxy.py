"""A proxy that a test lets fail: it refuses, ends or freezes connections."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Final

_CHUNK: Final = 65_536


class TcpProxy:
    """Connections of clients to a server, by TCP."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._links: list[socket.socket] = []
        self.accepted = 0
        self._loses_answers = False
        self._holds_ends = False
        self._thaw = threading.Event()
        self._thaw.set()
        self.port = 0
        self._listening: socket.socket | None = None
        self.accept()

    def close(self) -> None:
        """End all connections for good."""
        self.thaw()
        self.refuse()

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
        """A connection to the server."""
        return socket.create_connection(self._target)

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
