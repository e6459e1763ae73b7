"""An exchange as coverage sees it: a request and the response to it, wherever they were recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from mockserver.domain.identifier import account_of

Pairs = Sequence[tuple[bytes, bytes]]
"""Header names in lower case, and values."""

KEY_HEADER: Final = b"x-access-token"
_SLASHES: Final = re.compile("//+")


class SeenExchange(NamedTuple):
    """A request and its response. `status` 0 means that no response came, `body` None that the request was not read.

    `account` is the account of its API key; it is empty if the request has none.
    """

    method: str
    path: str
    query: str
    headers: Pairs
    body: bytes | None
    status: int
    media_type: str | None
    reply: bytes
    account: str = ""
    location: str = ""
    encoded_path: str = ""

    def header(self, name: bytes) -> str | None:
        """The last value of a header of the request."""
        found = [value for each, value in self.headers if each == name]
        return found[-1].decode("latin-1") if found else None

    @property
    def is_accepted(self) -> bool:
        """The response has a 2xx status."""
        return 200 <= self.status < 300

    @property
    def body_json(self) -> Any:
        """The value of the request's body; None if it is not JSON."""
        return _json(self.body or b"")

    @property
    def reply_json(self) -> Any:
        """The value of the response's body; None if it is not JSON."""
        return _json(self.reply)


def key_account(headers: Pairs) -> str:
    """The account of the API key in the headers; empty without a key."""
    key = next((value for name, value in headers if name == KEY_HEADER), b"").decode("latin-1")
    return account_of(key) if key else ""


def decoded_path(encoded: str) -> str:
    """The path of an encoded one; a slash that was sent as %2F stays part of its segment."""
    segments = [unquote(segment, errors="replace").replace("/", "%2F") for segment in encoded.split("/")]
    return _SLASHES.sub("/", "/".join(segments))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
