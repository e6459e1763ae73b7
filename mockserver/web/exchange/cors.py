"""CORS on the contract's paths: web pages of this machine may call them, others may not.

Rule 1: who asks from this machine reads every answer, refusals and planned faults too; no preflight is in the way.
Rule 2: who asks from elsewhere is told nothing, and cookies are no business of this API.
Rule 3: an answer says that it depends on the origin, whoever asked, since a cache may hand it on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mockserver.web.exchange.api_keys import HEADER
from mockserver.web.http.hosts import is_loopback_origin
from mockserver.web.http.reply import Header
from mockserver.web.http.request import Incoming

ORIGIN: Final = b"origin"
ASKED_METHOD: Final = b"access-control-request-method"
ASKED_HEADERS: Final = b"access-control-request-headers"
MAX_AGE: Final = b"600"
"""Seconds for which a browser may go by a preflight's answer."""

_VARY: Final[Header] = (b"vary", b"Origin")
_VARY_PREFLIGHT: Final[Header] = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
_EXPOSED: Final[Header] = (b"access-control-expose-headers", b"*")
_USUAL: Final = ("content-type", HEADER, "x-videodb-client")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)


def is_preflight(request: Incoming) -> bool:
    """Whether a browser asks, of its own accord, what a web page may send."""
    return (
        request.method == "OPTIONS" and request.header(ORIGIN) is not None and request.header(ASKED_METHOD) is not None
    )


def cors_headers(request: Incoming, *, methods: Iterable[str] = ()) -> list[Header]:
    """The headers that let a local web page read the answer; of a preflight, also what the path's methods are."""
    origin = request.header(ORIGIN)
    if origin is None:
        return [_VARY]
    is_ahead = is_preflight(request)
    headers = [_VARY_PREFLIGHT if is_ahead else _VARY]
    if not is_loopback_origin(origin):
        return headers
    headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
    if is_ahead:
        # the method that was asked for, too: whether the path has it is for the real answer to say
        allowed = dict.fromkeys((*methods, *_tokens(request, ASKED_METHOD)))
        headers.append((b"access-control-allow-methods", ", ".join(allowed).encode("latin-1")))
        names = dict.fromkeys((*_USUAL, *(name.lower() for name in _tokens(request, ASKED_HEADERS))))
        headers.append((b"access-control-allow-headers", ", ".join(names).encode("latin-1")))
        headers.append((b"access-control-max-age", MAX_AGE))
    else:
        headers.append(_EXPOSED)
    return headers


def _tokens(request: Incoming, name: bytes) -> list[str]:
    """The names in a header's list; what could be no name is left out."""
    parts = (part.strip() for part in (request.header(name) or "").split(","))
    return [part for part in parts if _TOKEN.fullmatch(part)]
