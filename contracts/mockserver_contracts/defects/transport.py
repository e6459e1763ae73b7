"""Defects of transport and robustness: the server fails under many or odd requests, or sends broken responses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import CHECKOUT

TRANSPORT: Final = DefectFamily("transport and robustness")
CRASH: Final = {"not_a_server_error"}
_FAILS_AFTER: Final = 150
_EVERY: Final = 9
_DEEP: Final = 32
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_LONG: Final = 255
_HEAVY_EVERY: Final = 20
_HEAVY_BYTES: Final = 5 * 1024 * 1024

CRASHED: Final = InterceptedResponse.of(500, b"<html><body><h1>Internal Server Error</h1></body></html>", HTML)


@TRANSPORT.defect(
    "slow-start",
    "The third request takes six seconds, like a cold start.",
    fails={"rule-answers-are-whole"},
)
class SlowStart:
    """A delay of `seconds`, which a test may shorten."""

    seconds = 6.0
    at = 3

    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.is_billing:
            self._count += 1
            if self._count == self.at:
                await asyncio.sleep(self.seconds)
        return await upstream.send(request)


@TRANSPORT.defect(
    "long-text-is-slow",
    "The first text over 255 characters takes six seconds, like a pattern that tries every way to match.",
    fails={"max_response_time"},
)
class LongTextIsSlow:
    """A delay of `seconds`, which a test may shorten."""

    seconds = 6.0

    def __init__(self) -> None:
        self._is_known = False

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not self._is_known and request.is_creation and any(len(text) > _LONG for text in _texts(request.json)):
            self._is_known = True
            await asyncio.sleep(self.seconds)
        return await upstream.send(request)


@TRANSPORT.defect("cut-off-answers", "Each ninth response ends half-way.", fails={"response_schema_conformance"})
class CutOffAnswers:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.is_billing and response.is_success:
            self._count += 1
            if self._count % _EVERY == 0:
                return response.with_body(response.body[: len(response.body) // 2])
        return response


@TRANSPORT.defect(
    "byte-order-mark",
    "JSON begins with a byte order mark.",
    fails={"rule-replies-are-strict-json", "response_schema_conformance"},
)
async def byte_order_mark(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_body(b"\xef\xbb\xbf" + response.body) if request.is_billing and response.body else response


@TRANSPORT.defect(
    "heavy-answers",
    "Each twentieth new session is answered with five megabytes.",
    fails={"every_request_is_answered"},
)
class HeavyAnswers:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.is_creation and response.is_success:
            self._count += 1
            if self._count % _HEAVY_EVERY == 0:
                return response.with_body(response.body + b" " * _HEAVY_BYTES)
        return response


@TRANSPORT.defect(
    "tires",
    f"From the {_FAILS_AFTER}th request on, a new session is a server error.",
    fails=CRASH,
)
class Tires:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.is_billing:
            self._count += 1
            if self._count >= _FAILS_AFTER and request.is_creation and response.is_success:
                return CRASHED
        return response


@TRANSPORT.defect(
    "orders-at-once-crash",
    "Of two orders at the same time one is a server error, as when a database is locked.",
    fails={"rule-no-two-sessions-alike"},
)
class OrdersAtOnceCrash:
    def __init__(self) -> None:
        self._is_busy = False

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_creation:
            return await upstream.send(request)
        if self._is_busy:
            return CRASHED
        self._is_busy = True
        await asyncio.sleep(0)  # it writes to its database, and others come in between
        response = await upstream.send(request)
        self._is_busy = False
        return response


@TRANSPORT.defect("wrong-requests-crash", "A request that must be refused is a server error.", fails=CRASH)
async def wrong_requests_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return CRASHED if request.is_creation and response.status == 400 else response


@TRANSPORT.defect("deep-bodies-crash", "A deeply nested body is a server error.", fails=CRASH)
async def deep_bodies_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return CRASHED if request.is_creation and response.status != 401 and _depth(request.body) > _DEEP else response


@TRANSPORT.defect(
    "long-texts-crash",
    "A string over 255 characters is a server error.",
    fails=CRASH,
)
async def long_texts_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_long = request.is_creation and any(len(text) > _LONG for text in _texts(request.json))
    return CRASHED if is_long and response.status != 401 else response


@TRANSPORT.defect(
    "foreign-texts-crash",
    "A string with other characters than ASCII is a server error.",
    fails=CRASH,
)
async def foreign_texts_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_foreign = request.is_creation and any(not text.isascii() for text in _texts(request.json))
    return CRASHED if is_foreign and response.status != 401 else response


@TRANSPORT.defect("odd-json-crashes", "A JSON body other than an object is a server error.", fails=CRASH)
async def odd_json_crashes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    found = request.json
    is_odd = request.is_creation and found is not None and not isinstance(found, dict)
    return CRASHED if is_odd and response.status != 401 else response


@TRANSPORT.defect(
    "post-is-redirected",
    "A POST is redirected to the same path with a slash at its end.",
    fails={
        "checkout-is-a-post",
        "python-sample-sends-json",
        "javascript-sample-sends-json",
        "python-sample-key-in-x-access-token",
        "javascript-sample-key-in-x-access-token",
        "status_code_conformance",
    },
)
async def post_is_redirected(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if not request.is_creation:
        return await upstream.send(request)
    return replace(InterceptedResponse.of(307, b"", HTML), headers=((b"location", f"{CHECKOUT}/".encode()),))


@TRANSPORT.defect(
    "get-creates",
    "A GET of the checkout creates a session.",
    fails={"checkout-is-a-post", "unsupported_method"},
)
async def get_creates(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if (request.method, request.path) == ("GET", CHECKOUT):
        return await upstream.send(replace(request, method="POST").with_json({"amount": 10}))
    return await upstream.send(request)


@TRANSPORT.defect(
    "no-allow",
    "A wrong method is refused without the header Allow.",
    fails={"unsupported_method", "rule-unknown-is-refused"},
)
async def no_allow(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"allow", None) if response.status == 405 else response


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for byte in body.translate(None, delete=_NO_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
