"""Defects of authentication: who is let in, who is taken for whom, and how the others are told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from mockserver_contracts.defects.acceptance import refused
from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import KEY_HEADER, Answer, Call
from mockserver_contracts.defects.upstream import Server

AUTHENTICATION: Final = Family("authentication")
_KEY: Final = re.compile(r"sk-[A-Za-z0-9_-]{1,200}")
_WHOLE_KEY: Final = {"rule-key-is-compared-whole", "rule-accounts-are-apart"}


def has_key(call: Call) -> bool:
    """Whether the call has what has the form of an API key."""
    return call.key is not None and _KEY.fullmatch(call.key) is not None


def with_keys(call: Call, change: Callable[[str], str]) -> Call:
    """The call with every API key in it changed, where the control API takes one too."""
    if call.key is not None and has_key(call):
        call = call.with_key(change(call.key))
    if call.is_control:
        if _KEY.fullmatch(named := call.parameter("key") or ""):
            call = call.with_parameter("key", change(named))
        if isinstance(given := call.fields.get("key"), str) and _KEY.fullmatch(given):
            call = call.with_json({**call.fields, "key": change(given)})
    return call


@AUTHENTICATION.defect(
    "no-key-is-needed",
    "Without an API key a guest's account is used.",
    fails={"key-is-required", "ignored_auth"},
)
async def no_key_is_needed(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_key("sk-guest") if call.is_billing and call.key is None else call)


@AUTHENTICATION.defect(
    "any-key-is-accepted",
    "A key of any form opens an account.",
    fails={"key-begins-with-sk", "ignored_auth"},
)
async def any_key_is_accepted(call: Call, server: Server) -> Answer:
    if call.is_billing and call.key is not None and not has_key(call):
        call = call.with_key("sk-" + hashlib.sha256(call.key.encode()).hexdigest())
    return await server.answer(call)


@AUTHENTICATION.defect(
    "lists-need-no-key",
    "Without an API key the lists show the account that was there last.",
    fails={"key-is-required", "rule-accounts-are-apart", "ignored_auth"},
)
class ListsNeedNoKey:
    def __init__(self) -> None:
        self._last: str | None = None

    async def __call__(self, call: Call, server: Server) -> Answer:
        if has_key(call):
            self._last = call.key
        elif call.is_billing and call.method == "GET" and call.key is None and self._last is not None:
            call = call.with_key(self._last)
        return await server.answer(call)


@AUTHENTICATION.defect(
    "key-in-the-query",
    "The API key is read from ?x-access-token= too.",
    fails={"key-in-x-access-token", "ignored_auth"},
)
async def key_in_the_query(call: Call, server: Server) -> Answer:
    if call.is_billing and call.key is None:
        for name in ("x-access-token", "api_key", "key", "token"):
            if (given := call.parameter(name)) is not None:
                return await server.answer(call.with_parameter(name, None).with_key(given))
    return await server.answer(call)


@AUTHENTICATION.defect(
    "key-as-bearer",
    "The API key is read from Authorization: Bearer too.",
    fails={"key-in-x-access-token", "ignored_auth"},
)
async def key_as_bearer(call: Call, server: Server) -> Answer:
    if call.is_billing and call.key is None:
        for name, value in call.headers:
            if name == b"authorization" and value.lower().startswith(b"bearer "):
                return await server.answer(call.with_header(KEY_HEADER, value[7:].strip()))
    return await server.answer(call)


@AUTHENTICATION.defect("key-in-any-case", "Keys that differ in case only open one account.", fails=_WHOLE_KEY)
async def key_in_any_case(call: Call, server: Server) -> Answer:
    return await server.answer(with_keys(call, str.lower))


@AUTHENTICATION.defect(
    "key-is-cut", "Of a key only the first 12 characters are compared.", fails={"rule-clocks-are-apart", *_WHOLE_KEY}
)
async def key_is_cut(call: Call, server: Server) -> Answer:
    return await server.answer(with_keys(call, lambda key: key[:12]))


@AUTHENTICATION.defect(
    "another-header-is-needed",
    "An order without the header idempotency-key is refused.",
    fails={
        "python-sample-key-in-x-access-token",
        "javascript-sample-key-in-x-access-token",
        "positive_data_acceptance",
    },
)
async def another_header_is_needed(call: Call, server: Server) -> Answer:
    if call.creates and not any(name == b"idempotency-key" for name, _ in call.headers):
        return await refused(call, server, "", "the header idempotency-key is needed")
    return await server.answer(call)


@AUTHENTICATION.defect(
    "body-before-key",
    "A wrong body is told about before the key is asked for.",
    fails={"rule-authentication-comes-first"},
)
async def body_before_key(call: Call, server: Server) -> Answer:
    if call.creates and not has_key(call):
        answer = await server.answer(call.with_key("sk-nobody"))
        if answer.status >= 400:
            return answer
    return await server.answer(call)


@AUTHENTICATION.defect(
    "no-key-is-200",
    "A missing key is answered with status 200 and success: false.",
    fails={"key-is-required", "ignored_auth", "response_schema_conformance", "refusal_body"},
)
async def no_key_is_200(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_status(200) if call.is_billing and answer.status == 401 else answer


@AUTHENTICATION.defect(
    "no-key-crashes",
    "A missing key is an error of the server.",
    fails={"key-is-required", "refusal_body", "ignored_auth", "not_a_server_error"},
)
async def no_key_crashes(call: Call, server: Server) -> Answer:
    if call.is_billing and call.key is None:
        answer = await server.answer(call)
        return answer.with_status(500) if answer.status == 401 else answer
    return await server.answer(call)


@AUTHENTICATION.defect(
    "key-that-begins-well-is-enough",
    "Of a malformed key what is well-formed at its beginning counts.",
    fails={"rule-malformed-keys-are-refused"},
)
async def key_that_begins_well_is_enough(call: Call, server: Server) -> Answer:
    if call.is_billing and call.key is not None and not has_key(call) and (begun := _KEY.match(call.key)):
        call = call.with_key(begun[0])
    return await server.answer(call)


@AUTHENTICATION.defect(
    "long-keys-are-cut",
    "Of a key the first 64 signs count.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def long_keys_are_cut(call: Call, server: Server) -> Answer:
    return await server.answer(with_keys(call, lambda key: key[:64]))


@AUTHENTICATION.defect(
    "underscores-are-no-part-of-a-key",
    "A key with an underscore is refused.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def underscores_are_no_part_of_a_key(call: Call, server: Server) -> Answer:
    is_refused = call.is_billing and call.key is not None and "_" in call.key
    return await server.answer(call.with_key("no key") if is_refused else call)
