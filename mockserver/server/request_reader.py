"""Requests, read from the bytes of a connection with httptools.

Rule 1: a request line and headers that are still incomplete after HEAD_LIMIT bytes are refused as they arrive.
        HeadGuard refuses complete ones, by their exact size.
Rule 2: an upgrade is ignored, as RFC 9110 (7.8) allows: what follows its head is the request's body.
Rule 3: trailers are dropped; nobody reads them.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol
from urllib.parse import unquote

import httptools

from mockserver.server.bounds import HEAD_LIMIT, head_of_body, reason_of, require_version, use_host_of_target
from mockserver.web.http.reply import Header


class InvalidHttp(Exception):
    """The bytes are no HTTP; the message is the reason."""


class OversizedHead(Exception):
    """A request line and headers are too large, and still incomplete."""


class RequestHead(NamedTuple):
    """A request line and headers. `path` is decoded; names of headers are in lower case."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    version: str
    headers: list[Header]
    keeps_alive: bool
    expects_continue: bool


class RequestReceiver(Protocol):
    """Takes requests, part by part."""

    def begin_request(self, head: RequestHead) -> None:
        """A request begins."""

    def take_body(self, part: bytes) -> None:
        """A part of the body has arrived."""

    def end_request(self) -> None:
        """The request has arrived to its end."""


class RequestReader:
    """Reads requests, and hands them to a receiver. Its methods `on_...` are called by the parser."""

    def __init__(self, receiver: RequestReceiver) -> None:
        self._receiver = receiver
        self._url = b""
        self._headers: list[Header] = []
        self._expects_continue = False
        self._head_size = 0
        self._is_in_head = True
        self._skips_head = False
        self.on_body = receiver.take_body
        self._parser = self._new_parser()

    @property
    def has_begun(self) -> bool:
        """A part of a request's head has arrived."""
        return self._head_size > 0

    def feed(self, data: bytes) -> None:
        """Read bytes. Raises InvalidHttp and OversizedHead."""
        if self._is_in_head:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            raise InvalidHttp(reason_of(error, data)) from None
        if self._is_in_head and self._head_size > HEAD_LIMIT:
            raise OversizedHead

    def on_message_begin(self) -> None:
        """Begin a request."""
        if not self._skips_head:
            self._is_in_head, self._head_size = True, 0
            self._url, self._headers, self._expects_continue = b"", [], False

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's target."""
        if not self._skips_head:
            self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        if self._is_in_head and not self._skips_head:
            name = name.lower()
            if name == b"expect":
                self._expects_continue = value.lower() == b"100-continue"
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Hand the head on."""
        self._is_in_head = False
        if self._skips_head:
            self._skips_head = False
            return
        version = self._parser.get_http_version()
        require_version(version)
        method = self._parser.get_method().decode("ascii")
        keeps_alive = version != "1.0" and self._parser.should_keep_alive()
        head = (method, *_target(self._url, self._headers), version, self._headers, keeps_alive, self._expects_continue)
        self._receiver.begin_request(RequestHead._make(head))

    def on_message_complete(self) -> None:
        """End the request. The parser ends an upgrade with its head, whatever follows."""
        if not self._parser.should_upgrade():
            self._end_request()

    def _end_request(self) -> None:
        self._is_in_head, self._head_size = True, 0
        self._receiver.end_request()

    def _ignore_upgrade(self, rest: bytes) -> None:
        self._parser = self._new_parser()
        head = head_of_body(self._headers)
        if head is not None:
            self._skips_head = True
            self._parser.feed_data(head)
        else:
            self._end_request()
        if rest:
            self.feed(rest)

    def _new_parser(self) -> httptools.HttpRequestParser:
        parser = httptools.HttpRequestParser(self)
        # bytes behind the last request of a connection are dropped; they must not spoil its response
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser


def _target(url: bytes, headers: list[Header]) -> tuple[str, bytes, bytes]:
    """The path, decoded and as it was sent, and the query. The host of a target that has one becomes the header.

    Raises an error of httptools for an invalid target.
    """
    if url[:1] == b"/" and b"%" not in url and b"#" not in url and url.isascii():
        raw_path, _, query = url.partition(b"?")
        return raw_path.decode("ascii"), raw_path, query
    use_host_of_target(url, headers)
    parsed = httptools.parse_url(url)
    raw_path = parsed.path or b"/"
    return unquote(raw_path.decode("ascii")), raw_path, parsed.query or b""
