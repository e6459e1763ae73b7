"""CORS on the contract's paths: web pages of this machine may call them, others may not."""

from __future__ import annotations

from typing import Final

from mockserver.web.hosts import is_loopback_origin
from mockserver.web.incoming import Incoming
from mockserver.web.keys import HEADER
from mockserver.web.reply import Header

_ALLOWED_HEADERS: Final = f"content-type, {HEADER}, x-videodb-client".encode()


def cors_headers(request: Incoming) -> list[Header]:
    """The headers that let a local web page read the answer, and, asked beforehand, send the request."""
    origin = request.header(b"origin")
    if origin is None:
        return []
    headers: list[Header] = [(b"vary", b"Origin")]
    if is_loopback_origin(origin):
        headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
        if request.method == "OPTIONS" and (method := request.header(b"access-control-request-method")):
            headers.append((b"access-control-allow-methods", method.encode("latin-1")))
            headers.append((b"access-control-allow-headers", _ALLOWED_HEADERS))
    return headers
