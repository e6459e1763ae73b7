"""Defects of transport and robustness: what heavy, odd or many requests do, and answers that do not arrive whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Final

from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import CHECKOUT, HTML, Answer, Call
from mockserver_contracts.defects.upstream import Server

TRANSPORT: Final = Family("transport and robustness")
UNREADABLE: Final = {
    "reply-is-json",
    "python-sample-reads-json",
    "javascript-sample-reads-json",
    "content_type_conformance",
    "response_schema_conformance",
    "near_miss_accepted",
}
CRASH: Final = {"not_a_server_error", "near_miss_refused", "refusal_body", "body-is-an-object"}
_TIRED_AFTER: Final = 150
_EVERY: Final = 9
_DEEP: Final = 32
_LONG: Final = 255
_HEAVY_EVERY: Final = 40
_HEAVY_BYTES: Final = 5 * 1024 * 1024

CRASHED: Final = Answer.of(500, b"<html><body><h1>Internal Server Error</h1></body></html>", HTML)


@TRANSPORT.defect(
    "slow-start",
    "The twentieth call takes six seconds, as if something had to be warmed up.",
    fails={"max_response_time", "rule-answers-are-whole"},
)
class SlowStart:
    """`seconds` may be set, on the class or on one server's."""

    seconds = 6.0
    at = 20

    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        if call.is_billing:
            self._count += 1
            if self._count == self.at:
                await asyncio.sleep(self.seconds)
        return await server.answer(call)


@TRANSPORT.defect("cut-off-answers", "Each ninth answer ends half-way.", fails=UNREADABLE)
class CutOffAnswers:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if call.is_billing and answer.is_success:
            self._count += 1
            if self._count % _EVERY == 0:
                return answer.with_body(answer.body[: len(answer.body) // 2])
        return answer


@TRANSPORT.defect("byte-order-mark", "JSON begins with a byte order mark.", fails=UNREADABLE)
async def byte_order_mark(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_body(b"\xef\xbb\xbf" + answer.body) if call.is_billing and answer.body else answer


@TRANSPORT.defect(
    "heavy-answers",
    "The answer to each fortieth new session weighs five megabytes.",
    fails={"rule-answers-are-whole", "every_request_is_answered"},
)
class HeavyAnswers:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if call.creates and answer.is_success:
            self._count += 1
            if self._count % _HEAVY_EVERY == 0:
                return answer.with_body(answer.body + b" " * _HEAVY_BYTES)
        return answer


@TRANSPORT.defect(
    "tires",
    f"From the {_TIRED_AFTER}th call on, no session is made any more: 500.",
    fails={"near_miss_accepted", *CRASH},
)
class Tires:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if call.is_billing:
            self._count += 1
            if self._count >= _TIRED_AFTER and call.creates and answer.is_success:
                return CRASHED
        return answer


@TRANSPORT.defect("wrong-requests-crash", "What should be refused is an error of the server.", fails=CRASH)
async def wrong_requests_crash(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return CRASHED if call.creates and answer.status == 400 else answer


@TRANSPORT.defect("deep-bodies-crash", "A body nested deeply is an error of the server.", fails=CRASH)
async def deep_bodies_crash(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return CRASHED if call.creates and answer.status != 401 and _depth(call.body) > _DEEP else answer


@TRANSPORT.defect(
    "long-texts-crash",
    "A text over 255 characters is an error of the server.",
    fails={"near_miss_accepted", *CRASH},
)
async def long_texts_crash(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    is_long = call.creates and any(len(text) > _LONG for text in _texts(call.json))
    return CRASHED if is_long and answer.status != 401 else answer


@TRANSPORT.defect(
    "foreign-texts-crash",
    "A text that is not ASCII is an error of the server.",
    fails={"near_miss_accepted", *CRASH},
)
async def foreign_texts_crash(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    is_foreign = call.creates and any(not text.isascii() for text in _texts(call.json))
    return CRASHED if is_foreign and answer.status != 401 else answer


@TRANSPORT.defect("odd-json-crashes", "A body that is JSON and no object is an error of the server.", fails=CRASH)
async def odd_json_crashes(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    found = call.json
    is_odd = call.creates and found is not None and not isinstance(found, dict)
    return CRASHED if is_odd and answer.status != 401 else answer


@TRANSPORT.defect(
    "post-is-redirected",
    "A POST is redirected to the same path with a slash.",
    fails={
        "checkout-is-a-post",
        "python-sample-sends-json",
        "javascript-sample-sends-json",
        "status_code_conformance",
        "positive_data_acceptance",
    },
)
async def post_is_redirected(call: Call, server: Server) -> Answer:
    if not call.creates:
        return await server.answer(call)
    return replace(Answer.of(307, b"", HTML), headers=((b"location", f"{CHECKOUT}/".encode()),))


@TRANSPORT.defect(
    "get-creates",
    "A GET of the checkout creates a session, too.",
    fails={"checkout-is-a-post", "unsupported_method", "near_miss_refused"},
)
async def get_creates(call: Call, server: Server) -> Answer:
    if (call.method, call.path) == ("GET", CHECKOUT):
        return await server.answer(replace(call, method="POST").with_json({"amount": 10}))
    return await server.answer(call)


@TRANSPORT.defect(
    "no-allow",
    "A method that is not allowed is refused without saying which are.",
    fails={"unsupported_method", "allow_header_conformance", "rule-unknown-is-refused", "checkout-is-a-post"},
)
async def no_allow(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_header(b"allow", None) if answer.status == 405 else answer


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for byte in body:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
