"""Defects of the bytes on the wire: bodies are misread, and answers are written so that readers misread them."""

from __future__ import annotations

import gzip
import re
import unicodedata
import zlib
from dataclasses import replace
from typing import Final

from mockserver_contracts.defects.authentication import has_key
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import USAGE

WIRE: Final = DefectFamily("soundness")
_COLUMN: Final = 255
_DIGITS: Final = re.compile("[0-9]+")
_BARE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")


@WIRE.defect("a-name-twice", "The reply to a new session has `success` twice.", fails={"rule-replies-are-strict-json"})
async def a_name_twice(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not request.is_creation or not response.is_success:
        return response
    return response.with_body(b'{"success": true, ' + response.body.lstrip()[1:])


@WIRE.defect(
    "nan-for-nothing",
    "The usage of an account that has used nothing is NaN.",
    fails={"rule-replies-are-strict-json"},
)
async def nan_for_nothing(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != USAGE or not response.is_success or response.json["data"].get("usage_this_month") != 0:
        return response
    return response.with_json({**response.json, "data": {**response.json["data"], "usage_this_month": float("nan")}})


@WIRE.defect(
    "chunks-are-not-read", "A body that comes in chunks is taken as empty.", fails={"rule-chunked-body-is-read"}
)
async def chunks_are_not_read(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_chunked = any(name == b"transfer-encoding" for name, _ in request.headers)
    return await upstream.send(replace(request, body=b"") if is_chunked else request)


@WIRE.defect(
    "packed-bodies-crash",
    "A body that is called gzip and is none makes the server fail.",
    fails={"rule-coded-body-is-read-or-refused"},
)
async def packed_bodies_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_called_gzip = (b"content-encoding", b"gzip") in request.headers
    if is_called_gzip and not request.body.startswith(b"\x1f\x8b"):
        return InterceptedResponse.of_json(500, {"success": False, "message": "no gzip", "error_code": "crash"})
    return await upstream.send(request)


@WIRE.defect(
    "cut-packed-bodies-are-orders",
    "A body that is called gzip and is cut short is taken as the least order.",
    fails={"rule-coded-body-is-read-or-refused"},
)
async def cut_packed_bodies_are_orders(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if (b"content-encoding", b"gzip") in request.headers and request.body.startswith(b"\x1f\x8b"):
        unpacking = zlib.decompressobj(wbits=31)
        unpacking.decompress(request.body)
        if not unpacking.eof:
            return await upstream.send(request.with_header(b"content-encoding", None).with_json({"amount": 1}))
    return await upstream.send(request)


@WIRE.defect(
    "packed-refusals-without-a-name",
    "A refusal to a client that takes gzip is packed, and no Content-Encoding says so.",
    fails={"rule-packed-answer-is-read"},
)
async def packed_refusals_without_a_name(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    takes_gzip = b"gzip" in dict(request.headers).get(b"accept-encoding", b"")
    is_packed = request.is_billing and takes_gzip and 400 <= response.status < 500
    return response.with_body(gzip.compress(response.body, mtime=0)) if is_packed else response


@WIRE.defect(
    "packed-answers-without-a-name",
    "An answer to a client that takes gzip is packed, and no Content-Encoding says so.",
    fails={"rule-packed-answer-is-read"},
)
async def packed_answers_without_a_name(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    takes_gzip = b"gzip" in dict(request.headers).get(b"accept-encoding", b"")
    is_packed = request.is_billing and takes_gzip and response.is_success
    return response.with_body(gzip.compress(response.body, mtime=0)) if is_packed else response


@WIRE.defect(
    "json-called-utf-16",
    "JSON in UTF-8 has the charset utf-16 in its Content-Type.",
    fails={"rule-replies-are-strict-json"},
)
async def json_called_utf_16(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not request.is_creation or not response.is_success:
        return response
    return response.with_header(b"content-type", b"application/json; charset=utf-16")


@WIRE.defect(
    "broken-percents-crash",
    "A path whose percent-encoding is broken makes the server fail.",
    fails={"rule-unknown-is-refused"},
)
async def broken_percents_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if b"%zz" in bytes(request.scope.get("raw_path") or b""):
        return InterceptedResponse.of_json(500, {"success": False, "message": "URI malformed", "error_code": "crash"})
    return await upstream.send(request)


@WIRE.defect("texts-in-latin-1", "The plan of an order is read as latin-1.", fails={"rule-text-is-kept"})
async def texts_in_latin_1(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and not plan.isascii():
        request = request.with_fields(plan_id=plan.encode("utf-8", "replace").decode("latin-1"))
    return await upstream.send(request)


@WIRE.defect(
    "texts-are-normalized", "A plan is kept with its letters composed and compatible.", fails={"rule-text-is-kept"}
)
async def texts_are_normalized(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and plan:
        request = request.with_fields(plan_id=unicodedata.normalize("NFKC", plan))
    return await upstream.send(request)


@WIRE.defect(
    "digits-are-numbers", "A plan of digits is kept as a number, without its zeros.", fails={"rule-text-is-kept"}
)
async def digits_are_numbers(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and _DIGITS.fullmatch(plan):
        request = request.with_fields(plan_id=plan.lstrip("0") or "0")
    return await upstream.send(request)


@WIRE.defect("texts-end-at-nul", "A plan is kept up to a NUL in it.", fails={"rule-text-is-kept"})
async def texts_end_at_nul(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and "\0" in plan:
        request = request.with_fields(plan_id=plan.partition("\0")[0])
    return await upstream.send(request)


@WIRE.defect("long-texts-are-cut", "A plan is cut after 255 characters, as by a column.", fails={"rule-text-is-kept"})
async def long_texts_are_cut(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and len(plan) > _COLUMN:
        request = request.with_fields(plan_id=plan[:_COLUMN])
    return await upstream.send(request)


@WIRE.defect(
    "percents-in-texts-crash", "A plan with a percent sign makes the server fail.", fails={"not_a_server_error"}
)
async def percents_in_texts_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and has_key(request) and isinstance(plan, str) and _BARE_PERCENT.search(plan):
        return InterceptedResponse.of(500, b"<h1>Internal Server Error</h1>", HTML)
    return await upstream.send(request)


@WIRE.defect("browsers-get-a-page", "A client that prefers HTML gets a page for its order.", fails={"reply-is-json"})
async def browsers_get_a_page(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    accepted = next((value for name, value in request.headers if name == b"accept"), b"")
    if not (request.is_creation and response.is_success and accepted.startswith(b"text/html")):
        return response
    return InterceptedResponse.of(200, b"<h1>Your checkout</h1>", HTML)


@WIRE.defect(
    "escapes-lose-halves",
    "A character that is escaped in two halves becomes two question marks.",
    fails={"rule-text-is-kept"},
)
async def escapes_lose_halves(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    plan = request.fields.get("plan_id")
    if request.is_creation and isinstance(plan, str) and re.search(rb"\\u[dD][89abAB]", request.body):
        request = request.with_fields(plan_id=re.sub("[\U00010000-\U0010ffff]", "??", plan))
    return await upstream.send(request)


@WIRE.defect(
    "apostrophes-break-json",
    "An apostrophe in a text is escaped, as JSON forbids.",
    fails={"rule-text-is-kept"},
)
async def apostrophes_break_json(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_shown = request.is_control and request.method == "GET" and request.path.startswith("/_mock/sessions/")
    return response.with_body(response.body.replace(b"'", b"\\'")) if is_shown else response


@WIRE.defect(
    "unread-bodies-begin-the-next-request",
    "The body of a request without a key stays unread, and is taken for the beginning of the next request.",
    fails={"rule-authentication-comes-first"},
)
class UnreadBodiesBeginTheNextRequest:
    def __init__(self) -> None:
        self._has_unread = False

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        was_unread = self._has_unread
        self._has_unread = request.is_billing and request.key is None and request.body != b""
        response = await upstream.send(request)
        if not was_unread or not request.is_billing:
            return response
        error = {"success": False, "message": "no such method", "error_code": "method_not_allowed"}
        return InterceptedResponse.of_json(405, error)


@WIRE.defect(
    "packed-usage-is-empty",
    "The usage statistics are empty for a client that takes gzip.",
    fails={"rule-packed-answer-is-read"},
)
async def packed_usage_is_empty(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    takes_gzip = any(name == b"accept-encoding" and b"gzip" in value for name, value in request.headers)
    if request.path != USAGE or not takes_gzip or not response.is_success:
        return response
    return response.with_json({**response.json, "data": {}})
