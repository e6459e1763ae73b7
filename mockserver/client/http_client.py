"""A keep-alive HTTP client of one server, on the standard library.

Test suites replace httpx, requests and urllib3 to catch the calls of the code under test. A client built on one of them
would be caught too, so this one is built on none. Others replace names of the standard library: pytest-socket those of
`socket`, vcrpy those of `http.client`. So this module takes the names that it needs when it is imported, which the
pytest plugin does before the first test.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from json import dumps, loads
from select import select
from socket import SOCK_STREAM, getaddrinfo, socket
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

SECONDS: Final = 30.0
"""The time of one read or write, unless the client is given another."""
_CONNECT: Final = socket.connect


class NoAnswer(Exception):
    """The server cannot be reached, or does not answer with HTTP. The message is the reason."""


class HttpAnswer(NamedTuple):
    """An answer: its status and body."""

    status: int
    content: bytes

    @property
    def json_object(self) -> Mapping[str, Any]:
        """The body's members; none if the body is not a JSON object."""
        try:
            value = loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class HttpClient:
    """Sends requests to one server. Each thread of a process has a connection of its own, which it uses again.

    Proxies of the environment are not used: a mock is on this machine or beside it.
    """

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        """A client of the server at an http or https URL, which may have a path."""
        self._parts = urlsplit(url)
        self._prefix = self._parts.path.rstrip("/")
        self._seconds = seconds
        self._of_thread = threading.local()
        self._process = os.getpid()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send a request and return its answer. A body that is not None is sent as JSON.

        Raises NoAnswer, and TypeError or ValueError for a body that JSON cannot say.
        """
        # as it is where a URL may have it, so that a quoted part is not quoted twice
        target = quote(f"{self._prefix}{path}", safe="/?&=%:@!$'()*+,;~", errors="replace") + (
            f"?{urlencode(query)}" if query else ""
        )
        given = dict(headers or {})
        content = None
        if body is not None:
            content = _json(body)
            given["content-type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, target, content, given)
            answer = connection.getresponse()
            return HttpAnswer(answer.status, answer.read())
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoAnswer(str(error) or type(error).__name__) from None  # the cause says no more
        except BaseException:
            connection.close()  # half an answer may still wait in it
            raise

    def close(self) -> None:
        """Close the connection of this thread. A later request opens it again."""
        connection: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is not None:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._process != os.getpid():  # a fork has the connections of its parent, which still uses them
            self._process, self._of_thread = os.getpid(), threading.local()
        connection: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._new_connection()
        elif connection.sock is not None and _is_spent(connection.sock.fileno()):
            connection.close()
        return connection

    def _new_connection(self) -> HTTPConnection:
        kind = _TlsConnection if self._parts.scheme == "https" else _PlainConnection
        connection: HTTPConnection = kind(self._parts.hostname or "", self._parts.port, timeout=self._seconds)
        vars(connection)["_create_connection"] = _connected  # by default that of `socket`
        return connection


class _ClosesItself:
    """Closes the socket with the thread or the client that it belongs to."""

    def __del__(self: HTTPConnection) -> None:  # type: ignore[misc]  # it is mixed into a connection
        self.close()


class _PlainConnection(_ClosesItself, HTTPConnection):
    pass


class _TlsConnection(_ClosesItself, HTTPSConnection):
    pass


def _connected(address: tuple[str, int], timeout: float, _source: None = None) -> socket:
    """A socket that is connected to the first of the host's addresses that takes it. Raises OSError."""
    refusal: OSError | None = None
    for family, kind, protocol, _, place in getaddrinfo(*address, type=SOCK_STREAM):
        connecting = socket(family, kind, protocol)
        try:
            connecting.settimeout(timeout)
            _CONNECT(connecting, place)
        except BaseException as error:
            connecting.close()
            if not isinstance(error, OSError):
                raise
            refusal = error
        else:
            return connecting
    raise refusal or OSError(f"the host {address[0]} has no address")


def is_address(url: str) -> bool:
    """The text is an http or https URL with a host, as a server's address is."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _json(body: Any) -> bytes:
    try:
        return dumps(body, default=_number).encode()
    except (TypeError, ValueError) as error:
        raise type(error)(*error.args) from None  # without the frames of the encoder


def _number(value: Any) -> float:
    try:
        return float(value)  # a Decimal is sent as a number
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise TypeError(f"the body has {value!r}; JSON has no {kind}, give a number, a text or the like") from None


def _is_spent(descriptor: int) -> bool:
    """The server has closed the idle connection: there is something to read, which can only be its end."""
    try:
        readable, _, _ = select([descriptor], [], [], 0)
    except ValueError:  # select knows no descriptor above 1,023
        return True
    return bool(readable)
