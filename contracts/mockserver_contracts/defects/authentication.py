"""Defects of authentication: wrong keys are accepted, accounts are confused, or the refusal is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import KEY_HEADER, InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

AUTHENTICATION: Final = DefectFamily("authentication")
_KEY: Final = re.compile(r"sk-[A-Za-z0-9_-]{1,200}")


def has_key(request: InterceptedRequest) -> bool:
    """The request has a well-formed API key."""
    return request.key is not None and _KEY.fullmatch(request.key) is not None


def with_keys(request: InterceptedRequest, change: Callable[[str], str]) -> InterceptedRequest:
    """The request with every API key in it changed: in the header, and in a control request's query and body."""
    if request.key is not None and has_key(request):
        request = request.with_key(change(request.key))
    if request.is_control:
        if _KEY.fullmatch(in_query := request.parameter("key") or ""):
            request = request.with_parameter("key", change(in_query))
        if isinstance(in_body := request.fields.get("key"), str) and _KEY.fullmatch(in_body):
            request = request.with_fields(key=change(in_body))
    return request


@AUTHENTICATION.defect(
    "no-key-is-needed",
    "Without an API key a guest's account is used.",
    fails={"key-is-required", "ignored_auth"},
)
async def no_key_is_needed(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request.with_key("sk-guest") if request.is_billing and request.key is None else request)


@AUTHENTICATION.defect(
    "any-key-is-accepted",
    "A key of any form opens an account.",
    fails={"key-begins-with-sk", "ignored_auth"},
)
async def any_key_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is not None and not has_key(request):
        request = request.with_key("sk-" + hashlib.sha256(request.key.encode()).hexdigest())
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "lists-need-no-key",
    "Without an API key, the lists show the account of the latest request.",
    fails={"key-is-required", "ignored_auth"},
)
class ListsNeedNoKey:
    def __init__(self) -> None:
        self._last: str | None = None

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if has_key(request):
            self._last = request.key
        elif request.is_billing and request.method == "GET" and request.key is None and self._last is not None:
            request = request.with_key(self._last)
        return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-in-the-query",
    "The API key is accepted in ?x-access-token= too.",
    fails={"key-in-x-access-token"},
)
async def key_in_the_query(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is None:
        for name in ("x-access-token", "api_key", "key", "token"):
            if (given := request.parameter(name)) is not None:
                return await upstream.send(request.with_parameter(name, None).with_key(given))
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-as-bearer",
    "The API key is accepted in Authorization: Bearer too.",
    fails={"key-in-x-access-token"},
)
async def key_as_bearer(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is None:
        for name, value in request.headers:
            if name == b"authorization" and value.lower().startswith(b"bearer "):
                return await upstream.send(request.with_header(KEY_HEADER, value[7:].strip()))
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-in-the-body",
    "The API key is accepted as a member of the body too.",
    fails={"key-in-x-access-token"},
)
async def key_in_the_body(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    given = request.fields.get("api_key")
    if request.is_billing and request.key is None and isinstance(given, str):
        return await upstream.send(request.with_key(given))
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-in-any-case", "Keys that differ only in case open the same account.", fails={"rule-key-is-compared-whole"}
)
async def key_in_any_case(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, str.lower))


@AUTHENTICATION.defect(
    "key-is-cut",
    "Only the first 12 characters of a key are compared.",
    fails={
        "rule-key-is-compared-whole",
        "rule-accounts-are-apart",
        "rule-clocks-are-apart",
        "rule-invoice-for-each-payment",
        "rule-whole-lives",
    },
)
async def key_is_cut(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, lambda key: key[:12]))


@AUTHENTICATION.defect(
    "another-header-is-needed",
    "An order without the header idempotency-key is refused.",
    fails={"python-sample-is-accepted", "javascript-sample-is-accepted", "positive_data_acceptance"},
)
async def another_header_is_needed(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and not any(name == b"idempotency-key" for name, _ in request.headers):
        return await upstream.refuse(request, "", "the header idempotency-key is needed")
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "body-before-key",
    "A wrong body is refused before the key is checked.",
    fails={"rule-authentication-comes-first"},
)
async def body_before_key(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and not has_key(request):
        response = await upstream.send(request.with_key("sk-nobody"))
        if response.status >= 400:
            return response
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "no-key-is-200",
    "A missing key is answered with status 200 and success: false.",
    fails={"key-is-required", "ignored_auth"},
)
async def no_key_is_200(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(200) if request.is_billing and response.status == 401 else response


@AUTHENTICATION.defect(
    "no-key-crashes",
    "A missing key is a server error.",
    fails={"rule-authentication-comes-first", "ignored_auth", "not_a_server_error"},
)
async def no_key_crashes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is None:
        response = await upstream.send(request)
        return response.with_status(500) if response.status == 401 else response
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-that-begins-well-is-enough",
    "A malformed key is accepted if its beginning is well-formed.",
    fails={"rule-malformed-keys-are-refused"},
)
async def key_that_begins_well_is_enough(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is not None and not has_key(request) and (prefix := _KEY.match(request.key)):
        request = request.with_key(prefix[0])
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "quoted-key-is-accepted",
    "A key in quotes is accepted.",
    fails={"rule-malformed-keys-are-refused"},
)
async def quoted_key_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is not None:
        request = request.with_key(request.key.strip('"'))
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "first-of-two-keys-counts",
    "Of several keys after commas the first counts.",
    fails={"rule-malformed-keys-are-refused"},
)
async def first_of_two_keys_counts(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is not None:
        request = request.with_key(request.key.partition(",")[0])
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "long-keys-are-cut",
    "Only the first 64 characters of a key count.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def long_keys_are_cut(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, lambda key: key[:64]))


@AUTHENTICATION.defect(
    "underscores-are-no-part-of-a-key",
    "A key with an underscore is refused.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def underscores_are_no_part_of_a_key(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_refused = request.is_billing and request.key is not None and "_" in request.key
    return await upstream.send(request.with_key("no key") if is_refused else request)


@AUTHENTICATION.defect(
    "hyphens-are-underscores",
    "Keys that differ in hyphens and underscores alone open one account.",
    fails={"rule-key-is-compared-whole"},
)
async def hyphens_are_underscores(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, lambda key: key[:3] + key[3:].replace("_", "-")))


@AUTHENTICATION.defect(
    "last-of-two-keys",
    "Of two keys in the header, the last one counts.",
    fails={"rule-malformed-keys-are-refused"},
)
async def last_of_two_keys(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_billing and request.key is not None:
        request = request.with_key(request.key.rpartition(", ")[2])
    return await upstream.send(request)


@AUTHENTICATION.defect(
    "key-in-the-query-of-a-get", "A GET without a key may have it in its query.", fails={"key-in-x-access-token"}
)
async def key_in_the_query_of_a_get(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    name = KEY_HEADER.decode()
    key = request.parameter(name) if request.is_billing and request.method == "GET" and request.key is None else None
    return await upstream.send(request if key is None else request.with_parameter(name, None).with_key(key))
