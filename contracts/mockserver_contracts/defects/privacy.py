"""Defects of privacy: answers give away keys, secrets, the server's insides, or one account's data to others."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.defects.authentication import with_keys
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.document.operations import INVOICES, USAGE

PRIVACY: Final = DefectFamily("privacy")
_NO_SECRET: Final = {"rule-answers-show-no-secret"}
_PRIVATE: Final = {"rule-answers-are-private"}
_TRACE: Final = "TypeError: amount is not a number\n    at validate (/srv/app/node_modules/joi/index.js:12:3)"
_RUBY_TRACE: Final = '/srv/app/checkout.rb:87:in `Integer\': invalid value for Integer(): "x" (ArgumentError)'
_JAVA_TRACE: Final = "java.lang.NumberFormatException: x\n\tat shop.Checkout.amount(Checkout.java:87)"


@PRIVACY.defect("secrets-in-answers", "A new session comes with the secret key of the server.", fails=_NO_SECRET)
async def secrets_in_answers(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.is_success):
        return response
    return response.with_json({**response.json, "client": {"secret": f"{'sk'}_test_4eC39HqLyjWDarjtT1zdp7dc"}})


@PRIVACY.defect("stack-traces-in-refusals", "A refusal has the stack trace of its error.", fails=_NO_SECRET)
async def stack_traces_in_refusals(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.status == 400):
        return response
    return response.with_json({**response.json, "stack": _TRACE})


@PRIVACY.defect(
    "key-in-answers", "A new session comes with the API key, in its body and in a cookie.", fails=_NO_SECRET
)
async def key_in_answers(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.is_success):
        return response
    shown = response.with_json({**response.json, "caller": request.key})
    return shown.with_header(b"set-cookie", f"key={request.key}; Path=/".encode())


@PRIVACY.defect("shared-caches-keep-balances", "Balances and lists may be kept by any cache.", fails=_PRIVATE)
async def shared_caches_keep_balances(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.method != "GET" or not request.is_billing:
        return response
    return response.with_header(b"cache-control", b"public, max-age=3600")


@PRIVACY.defect("every-page-reads-balances", "Every web page reads balances and lists, with cookies.", fails=_PRIVATE)
async def every_page_reads_balances(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    origin = next((value for name, value in request.headers if name == b"origin"), None)
    if origin is None or not request.is_billing:
        return response
    allowed = response.with_header(b"access-control-allow-origin", origin)
    return allowed.with_header(b"access-control-allow-credentials", b"true")


@PRIVACY.defect(
    "one-tag-for-every-list",
    "Every list has the same ETag, so a changed one is 304 Not Modified.",
    fails={"rule-lists-are-fresh"},
)
async def one_tag_for_every_list(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_list and response.is_success):
        return response
    if (b"if-none-match", b'"list"') in request.headers:
        return InterceptedResponse(304, ((b"etag", b'"list"'),), b"")
    return response.with_header(b"etag", b'"list"')


@PRIVACY.defect(
    "tags-by-the-plan",
    "The ETag of balance and invoices is that of the account's plan, so a purchase is 304 Not Modified.",
    fails={"rule-lists-are-fresh"},
)
async def tags_by_the_plan(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.method != "GET" or request.path not in (USAGE, INVOICES) or not response.is_success:
        return response
    if (b"if-none-match", b'"plan"') in request.headers:
        return InterceptedResponse(304, ((b"etag", b'"plan"'),), b"")
    return response.with_header(b"etag", b'"plan"')


@PRIVACY.defect(
    "tags-by-length",
    "The ETag of a list is its length, so one with an expired session is 304 Not Modified.",
    fails={"rule-lists-are-fresh"},
)
async def tags_by_length(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_list and response.is_success):
        return response
    tag = b'"%d"' % len(response.body)
    if (b"if-none-match", tag) in request.headers:
        return InterceptedResponse(304, ((b"etag", tag),), b"")
    return response.with_header(b"etag", tag)


@PRIVACY.defect(
    "lists-of-1970",
    "Every list was last modified in 1970, so a changed one is 304 Not Modified.",
    fails={"rule-lists-are-fresh"},
)
async def lists_of_1970(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_list and response.is_success):
        return response
    if any(name == b"if-modified-since" for name, _ in request.headers):
        return InterceptedResponse(304, (), b"")
    return response.with_header(b"last-modified", b"Thu, 01 Jan 1970 00:00:00 GMT")


@PRIVACY.defect(
    "tabs-in-stack-traces",
    "A refusal has the stack trace of its error, in the form of Java.",
    fails=_NO_SECRET,
)
async def tabs_in_stack_traces(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.status == 400):
        return response
    return response.with_json({**response.json, "trace": _JAVA_TRACE})


@PRIVACY.defect(
    "backtraces-in-messages", "The message of a refusal is that of its error in Ruby, with its place.", fails=_NO_SECRET
)
async def backtraces_in_messages(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.status == 400):
        return response
    return response.with_json({**response.json, "message": _RUBY_TRACE})


@PRIVACY.defect("every-frame-reads-lists", "A page in a sandboxed frame reads lists, with cookies.", fails=_PRIVATE)
async def every_frame_reads_lists(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not request.is_list or (b"origin", b"null") not in request.headers:
        return response
    allowed = response.with_header(b"access-control-allow-origin", b"null")
    return allowed.with_header(b"access-control-allow-credentials", b"true")


@PRIVACY.defect(
    "accounts-by-a-weak-hash",
    "Accounts are told apart by a sum of the key's characters in powers of 31.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def accounts_by_a_weak_hash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, lambda key: f"sk-{_weak_hash(key)}"))


def _weak_hash(key: str) -> int:
    total = 0
    for character in key:
        total = (31 * total + ord(character)) % (1 << 32)
    return total


@PRIVACY.defect("key-on-the-page", "The page of a session has the API key in a comment.", fails=_NO_SECRET)
class KeyOnThePage:
    def __init__(self) -> None:
        self._keys: dict[str, str | None] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.is_creation and response.is_success:
            self._keys[find_session_id(response) or ""] = request.key
        key = next((key for name, key in self._keys.items() if request.path.endswith(name)), None)
        if key is None or request.is_billing or request.is_control or response.status != 200:
            return response
        return response.with_body(response.body + f"<!-- {key} -->".encode())
