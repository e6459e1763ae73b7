"""Bytes on the wire: JSON that every reader reads alike, and bodies in every framing of HTTP."""

from __future__ import annotations

import gzip
import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any, NoReturn

from mockserver_contracts.checks.context import CheckContext, operation_of
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.client import JSON


@rule("replies-are-strict-json", needs=())
def replies_are_strict_json(context: CheckContext) -> Iterator[Finding]:
    """Every reply is JSON without NaN, repeated names or a byte order mark, because readers differ there (RFC 8259)."""
    for answer in context.target.client.exchanges:
        media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
        if media_type == JSON and (cause := _fault_of(answer)) is not None:
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
    if answer.status != 411:  # a server may ask for the length
        yield from context.expect_acceptance(answer, "a body in chunks")


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


class _NotStrict(Exception):
    """The JSON text has a fault; the message names it."""


def _fault_of(answer: Exchange) -> str | None:
    if answer.response.body.startswith(BOM_UTF8):
        return "a byte order mark"
    try:
        json.loads(answer.response.body, object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except _NotStrict as fault:
        return str(fault)
    except (ValueError, RecursionError):
        return None  # that a reply is JSON is decided by the claims
    return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NotStrict("a name twice in one object")
    return members


def _refuse(constant: str) -> NoReturn:
    raise _NotStrict(f"{constant} for a number")
