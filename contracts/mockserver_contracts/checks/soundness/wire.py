"""Bytes on the wire: JSON that every reader reads alike, and bodies in every framing of HTTP."""

from __future__ import annotations

import gzip
import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from email.message import Message
from typing import Any, Final, NoReturn

from mockserver_contracts.checks.context import CheckContext, operation_of
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.client import JSON

_OF_THE_LENGTH: Final = re.compile(
    rb"content[-_ ]?length|length[-_ ]required|transfer[-_ ]?encoding|chunked", re.IGNORECASE
)


@rule("replies-are-strict-json", needs=())
def replies_are_strict_json(context: CheckContext) -> Iterator[Finding]:
    """Every reply is UTF-8 JSON without NaN, repeated names or a byte order mark, because readers differ (RFC 8259)."""
    seen: set[str] = set()
    for answer in context.target.client.exchanges:
        media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
        cause = _fault_of(answer) if media_type == JSON else None
        if cause is None or cause in seen:
            continue
        seen.add(cause)
        operation = operation_of(answer.request, context.target.client.url)
        yield context.violation(
            answer, cause, operation=operation, expected="JSON that every reader reads alike", actual=cause
        )


@rule("chunked-body-is-read")
def chunked_body_is_read(context: CheckContext) -> Iterator[Finding]:
    """An order in chunks is taken like one with its length, because proxies send bodies so (RFC 9112)."""
    account = context.account()
    headers = {**account.auth, "content-type": JSON, "transfer-encoding": "chunked"}
    answer = context.target.client.send("POST", CHECKOUT, headers, account.order())
    if not _asks_for_length(answer):
        yield from context.expect_acceptance(answer, "a body in chunks")


@rule("packed-answer-is-read", once=True)
def packed_answer_is_read(context: CheckContext) -> Iterator[Finding]:
    """An answer to a client that takes gzip is the same JSON, because every browser and SDK asks so (RFC 9110)."""
    account, client = context.account(), context.target.client
    headers = {**account.auth, "accept-encoding": "gzip, deflate"}
    answers = [client.send("POST", CHECKOUT, {**headers, "content-type": JSON}, account.order())]
    if Ability.LIST in context.target.abilities:
        answers.append(client.send("GET", CHECKOUTS, headers))
    if Ability.USAGE in context.target.abilities:
        packed, plain = client.send("GET", USAGE, headers), account.usage()
        answers.append(packed)
        if isinstance(packed.json, dict) and _names_in(packed) != _names_in(plain):
            yield context.violation(
                packed,
                "other members for a client that takes gzip",
                pointer="/data",
                expected=", ".join(_names_in(plain)),
                actual=", ".join(_names_in(packed)) or "none",
            )
    # A filter for successes may leave a refusal as it is, and its header not.
    answers.append(client.send("POST", CHECKOUT, {**headers, "content-type": JSON}, b"{"))
    for answer in answers:
        if (answer.is_accepted or answer.is_refused) and answer.json is None:
            coding = answer.header("content-encoding") or "no Content-Encoding"
            yield context.violation(answer, "an answer to who takes gzip", expected="JSON", actual=f"no JSON, {coding}")


@rule("coded-body-is-read-or-refused", once=True)
def coded_body_is_read_or_refused(context: CheckContext) -> Iterator[Finding]:
    """An order with a Content-Encoding is read or refused, because proxies pack bodies and unpacking may fail."""
    account = context.account()
    headers = {**account.auth, "content-type": JSON}
    order = account.order()
    packed = gzip.compress(order, mtime=0)
    for coding, body in (("gzip", packed), ("gzip", order), ("deflate", order), ("x-unknown", order)):
        answer = context.target.client.send("POST", CHECKOUT, {**headers, "content-encoding": coding}, body)
        if not answer.is_accepted:  # a server may ignore the header
            yield from context.expect_refusal(answer, f"a body that is called {coding}")
    cut = context.target.client.send("POST", CHECKOUT, {**headers, "content-encoding": "gzip"}, packed[:-12])
    yield from context.expect_refusal(cut, "a packed body that is cut short")


def _names_in(usage: Exchange) -> list[str]:
    data = usage.at("data")
    return sorted(data) if isinstance(data, dict) else []


def _asks_for_length(answer: Exchange) -> bool:
    """The server, or a proxy before it, wants the length of a body: 411, or another refusal that says so."""
    return answer.status == 411 or (answer.is_refused and _OF_THE_LENGTH.search(answer.response.body) is not None)


class _NotStrict(Exception):
    """The JSON text has a fault; the message names it."""


def _fault_of(answer: Exchange) -> str | None:
    if answer.response.body.startswith(BOM_UTF8):
        return "a byte order mark"
    if (charset := _misleading_charset(answer)) is not None:
        return f"UTF-8 that is called {charset}"
    try:
        json.loads(
            answer.response.body, object_pairs_hook=_without_repeats, parse_constant=_refuse, parse_float=_finite
        )
    except _NotStrict as fault:
        return str(fault)
    except (ValueError, RecursionError):
        return None  # that a reply is JSON is decided by the claims
    return None


def _misleading_charset(answer: Exchange) -> str | None:
    """The charset by which a client would misread the body: JSON is UTF-8, whatever it is called (RFC 8259, 8.1)."""
    message = Message()
    message["content-type"] = answer.header("content-type") or ""
    charset = message.get_content_charset()
    body = answer.response.body
    if charset is None or charset in ("utf-8", "utf8"):
        return None
    try:
        is_same = body.decode(charset) == body.decode()
    except LookupError:
        return None  # a client that does not know the name takes UTF-8
    except UnicodeDecodeError:
        is_same = False
    return None if is_same else charset


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NotStrict("a name twice in one object")
    return members


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise _NotStrict("a number too large for binary64")
    return number


def _refuse(constant: str) -> NoReturn:
    raise _NotStrict(f"{constant} for a number")
