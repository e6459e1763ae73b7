"""CORS on the contract's paths: local web pages may call them, others may not.

Rule 1: a local page can read every reply, refusals and planned faults too; no preflight stops it.
Rule 2: a page from elsewhere gets no CORS headers. Cookies are not supported.
Rule 3: every reply has `Vary: Origin`, because a cache may serve it to another origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mockserver.web.exchange.api_keys import KEY_HEADER_NAME
from mockserver.web.http.hosts import is_loopback_origin
from mockserver.web.http.reply import Header
from mockserver.web.http.request import Request

ORIGIN: Final = b"origin"
REQUEST_METHOD: Final = b"access-control-request-method"
REQUEST_HEADERS: Final = b"access-control-request-headers"
MAX_AGE: Final = b"600"
"""Seconds for which a browser may cache a preflight's reply."""

_VARY: Final[Header] = (b"vary", b"Origin")
_VARY_PREFLIGHT: Final[Header] = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
_EXPOSED: Final[Header] = (b"access-control-expose-headers", b"*")
_COMMON_HEADERS: Final = ("content-type", KEY_HEADER_NAME, "x-videodb-client")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)


def is_preflight(request: Request) -> bool:
    """The request is a browser's CORS preflight."""
    return (
        request.method == "OPTIONS"
        and request.header(ORIGIN) is not None
        and request.header(REQUEST_METHOD) is not None
    )


def cors_headers(request: Request, *, methods: Iterable[str] = ()) -> list[Header]:
    """The headers that let a local web page read the reply; for a preflight, `methods` and the requested one too."""
    origin = request.header(ORIGIN)
    if origin is None:
        return [_VARY]
    preflight = is_preflight(request)
    headers = [_VARY_PREFLIGHT if preflight else _VARY]
    if not is_loopback_origin(origin):
        return headers
    headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
    if preflight:
        # the requested method is always allowed here: the reply to the real request is the one to refuse it
        allowed = dict.fromkeys((*methods, *_tokens(request, REQUEST_METHOD)))
        headers.append((b"access-control-allow-methods", ", ".join(allowed).encode("latin-1")))
        names = dict.fromkeys((*_COMMON_HEADERS, *(name.lower() for name in _tokens(request, REQUEST_HEADERS))))
        headers.append((b"access-control-allow-headers", ", ".join(names).encode("latin-1")))
        headers.append((b"access-control-max-age", MAX_AGE))
    else:
        headers.append(_EXPOSED)
    return headers


def _tokens(request: Request, name: bytes) -> list[str]:
    """The valid tokens of a header's list."""
    parts = (part.strip() for part in (request.header(name) or "").split(","))
    return [part for part in parts if _TOKEN.fullmatch(part)]
