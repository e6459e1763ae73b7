"""Defects of acceptance: requests taken that should be refused, refused that should be taken, or read wrongly."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, TypeGuard

from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import JSON, Answer, Call
from mockserver_contracts.defects.upstream import Server

ACCEPTANCE: Final = Family("request acceptance")
NOT_AN_AMOUNT: Final = {"amount-whole-dollars", "near_miss_refused", "negative_data_rejection"}
NOT_A_NUMBER: Final = {"amount-nothing-but-a-number", "near_miss_refused", "negative_data_rejection"}
SAMPLES: Final = {"python-sample-is-accepted", "javascript-sample-is-accepted", "positive_data_acceptance"}
_WHOLE_WITH_POINT: Final = re.compile(rb'"amount"\s*:\s*[0-9]+\.0+\s*[,}]')


def refusal(pointer: str, message: str) -> Answer:
    """A well-formed refusal of a good request."""
    fault = {"pointer": pointer, "message": message, "code": "invalid"}
    body = {"success": False, "message": message, "error_code": "invalid_request", "errors": [fault]}
    return Answer.json_of(400, body)


async def refused(call: Call, server: Server, pointer: str, message: str) -> Answer:
    """A refusal of a good request; without a key the refusal is the server's own."""
    return refusal(pointer, message) if await server.account(call.key) else await server.answer(call)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a JSON value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def with_amount(call: Call, amount: int) -> Call:
    """The call for another amount."""
    return call.with_json({**call.fields, "amount": amount})


@ACCEPTANCE.defect("fractions-are-rounded", "An amount of 10.5 dollars buys 11.", fails=NOT_AN_AMOUNT)
async def fractions_are_rounded(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    if call.creates and isinstance(amount, float) and math.isfinite(amount) and amount > 0:
        call = with_amount(call, math.ceil(amount))
    return await server.answer(call)


@ACCEPTANCE.defect("zero-and-less-are-accepted", "An amount of zero or less creates a session.", fails=NOT_AN_AMOUNT)
async def zero_and_less_are_accepted(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    return await server.answer(with_amount(call, 1) if call.creates and is_number(amount) and amount <= 0 else call)


@ACCEPTANCE.defect(
    "nothing-to-buy-is-accepted",
    "A payment without an amount creates a session.",
    fails={
        "checkout-buys-credits",
        "near_miss_refused",
        "negative_data_rejection",
        "missing_required_header",
    },
)
async def nothing_to_buy_is_accepted(call: Call, server: Server) -> Answer:
    fields = call.json
    needs_one = call.creates and isinstance(fields, dict) and "amount" not in fields
    return await server.answer(with_amount(call, 10) if needs_one and fields.get("mode") != "subscription" else call)


@ACCEPTANCE.defect("quoted-amount-is-accepted", 'An amount of "100" is read as 100.', fails=NOT_A_NUMBER)
async def quoted_amount_is_accepted(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    if call.creates and isinstance(amount, str) and amount.isascii() and amount.isdigit() and len(amount) < 7:
        call = with_amount(call, int(amount) or 1)
    return await server.answer(call)


@ACCEPTANCE.defect("true-is-an-amount", "An amount of true is read as 1.", fails=NOT_A_NUMBER)
async def true_is_an_amount(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    return await server.answer(with_amount(call, 1) if call.creates and isinstance(amount, bool) else call)


@ACCEPTANCE.defect(
    "nan-is-an-amount",
    "NaN and Infinity, which are no JSON, are read as amounts.",
    fails={"near_miss_refused", "negative_data_rejection", "amount-whole-dollars", "amount-nothing-but-a-number"},
)
async def nan_is_an_amount(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    is_no_number = call.creates and isinstance(amount, float) and not math.isfinite(amount)
    return await server.answer(with_amount(call, 1) if is_no_number else call)


@ACCEPTANCE.defect(
    "whole-with-a-point-is-refused",
    "An amount of 50.0, which is whole, is refused.",
    fails={"near_miss_accepted", "amount-whole-dollars", "positive_data_acceptance"},
)
async def whole_with_a_point_is_refused(call: Call, server: Server) -> Answer:
    if call.creates and _WHOLE_WITH_POINT.search(call.body):
        return await refused(call, server, "/amount", "amount is not an integer")
    return await server.answer(call)


@ACCEPTANCE.defect(
    "large-amounts-are-refused",
    "An amount over 10,000 dollars is refused.",
    fails={"near_miss_accepted", "amount-whole-dollars", "positive_data_acceptance"},
)
async def large_amounts_are_refused(call: Call, server: Server) -> Answer:
    amount = call.fields.get("amount")
    if call.creates and is_number(amount) and 10_000 < amount <= 999_999:
        return await refused(call, server, "/amount", "amount is over 10000")
    return await server.answer(call)


@ACCEPTANCE.defect(
    "any-mode-is-accepted",
    "A mode that is none is read as payment.",
    fails={"mode-is-payment-or-subscription", "near_miss_refused", "negative_data_rejection"},
)
async def any_mode_is_accepted(call: Call, server: Server) -> Answer:
    if call.creates and call.fields.get("mode", "payment") not in ("payment", "subscription"):
        call = call.with_json({**call.fields, "mode": "payment"})
    return await server.answer(call)


@ACCEPTANCE.defect(
    "mode-in-any-case",
    "PAYMENT and Subscription are accepted as modes.",
    fails={"mode-is-payment-or-subscription", "near_miss_refused"},
)
async def mode_in_any_case(call: Call, server: Server) -> Answer:
    mode = call.fields.get("mode")
    if call.creates and isinstance(mode, str) and mode.lower() in ("payment", "subscription"):
        call = call.with_json({**call.fields, "mode": mode.lower()})
    return await server.answer(call)


@ACCEPTANCE.defect(
    "subscriptions-are-refused",
    "The mode subscription is refused.",
    fails={"mode-is-payment-or-subscription", "positive_data_acceptance"},
)
async def subscriptions_are_refused(call: Call, server: Server) -> Answer:
    if call.creates and call.fields.get("mode") == "subscription":
        return await refused(call, server, "/mode", "mode subscription is not supported")
    return await server.answer(call)


@ACCEPTANCE.defect("mode-is-required", "A request without a mode is refused.", fails=SAMPLES)
async def mode_is_required(call: Call, server: Server) -> Answer:
    if call.creates and isinstance(call.json, dict) and "mode" not in call.json:
        return await refused(call, server, "/mode", "mode is required")
    return await server.answer(call)


@ACCEPTANCE.defect(
    "plan-as-a-number-is-accepted",
    "A plan_id of 7 is read as text.",
    fails={"plan-id-is-text", "near_miss_refused", "negative_data_rejection"},
)
async def plan_as_a_number_is_accepted(call: Call, server: Server) -> Answer:
    if call.creates and is_number(plan := call.fields.get("plan_id")):
        call = call.with_json({**call.fields, "plan_id": str(plan)})
    return await server.answer(call)


@ACCEPTANCE.defect(
    "unknown-fields-are-refused",
    "A field that the document does not name is refused.",
    fails={"unknown-fields-are-accepted", "positive_data_acceptance"},
)
async def unknown_fields_are_refused(call: Call, server: Server) -> Answer:
    known = {"mode", "plan_id", "amount", "success_url", "cancel_url", "successUrl", "cancelUrl"}
    strange = sorted(call.fields.keys() - known)
    if call.creates and strange:
        return await refused(call, server, f"/{strange[0]}", f"{strange[0]!r} is not allowed")
    return await server.answer(call)


@ACCEPTANCE.defect(
    "snake-case-redirects-are-ignored",
    "success_url and cancel_url are not read.",
    fails={
        "redirects-in-snake-case",
        "success-url-after-payment",
        "cancel-url-after-cancellation",
        "negative_data_rejection",
    },
)
async def snake_case_redirects_are_ignored(call: Call, server: Server) -> Answer:
    return await server.answer(_leaving_out(call, "success_url", "cancel_url"))


@ACCEPTANCE.defect(
    "camel-case-redirects-are-ignored",
    "successUrl and cancelUrl are not read.",
    fails={"redirects-in-camel-case", "negative_data_rejection"},
)
async def camel_case_redirects_are_ignored(call: Call, server: Server) -> Answer:
    return await server.answer(_leaving_out(call, "successUrl", "cancelUrl"))


@ACCEPTANCE.defect(
    "empty-body-is-accepted",
    "A request without a body creates a session of 10 dollars.",
    fails={"body-is-required", "near_miss_refused", "negative_data_rejection"},
)
async def empty_body_is_accepted(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_json({"amount": 10}) if call.creates and not call.body else call)


@ACCEPTANCE.defect(
    "any-media-type-is-accepted",
    "JSON is read whatever Content-Type it comes with.",
    fails={"body-is-json", "near_miss_refused"},
)
async def any_media_type_is_accepted(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_header(b"content-type", JSON) if call.creates else call)


@ACCEPTANCE.defect(
    "list-is-accepted",
    "Of a list of orders the first is taken.",
    fails={"body-is-an-object", "near_miss_refused", "negative_data_rejection"},
)
async def list_is_accepted(call: Call, server: Server) -> Answer:
    if call.creates and isinstance(body := call.json, list):
        call = call.with_json(body[0] if body and isinstance(body[0], dict) else {"amount": 1})
    return await server.answer(call)


@ACCEPTANCE.defect(
    "script-redirects-are-accepted",
    "A success URL of javascript: is accepted.",
    fails={"success-url-after-payment", "near_miss_refused", "negative_data_rejection"},
)
async def script_redirects_are_accepted(call: Call, server: Server) -> Answer:
    names = ("success_url", "cancel_url", "successUrl", "cancelUrl")
    wrong = [name for name in names if str(call.fields.get(name, "")).lower().startswith("javascript:")]
    return await server.answer(_leaving_out(call, *wrong) if wrong else call)


@ACCEPTANCE.defect(
    "last-duplicate-counts",
    "Of a field that comes twice the last one counts.",
    fails={"near_miss_refused"},
)
async def last_duplicate_counts(call: Call, server: Server) -> Answer:
    if call.creates and isinstance(body := call.json, dict) and len(body) < _fields_written(call.body):
        call = call.with_json(body)
    return await server.answer(call)


def _leaving_out(call: Call, *names: str) -> Call:
    fields = call.fields
    if not call.creates or not fields.keys() & set(names):
        return call
    return call.with_json({name: value for name, value in fields.items() if name not in names})


def _fields_written(body: bytes) -> int:
    pairs: list[int] = [0]

    def counted(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        pairs[0] = len(fields)
        return dict(fields)

    json.loads(body, object_pairs_hook=counted)
    return pairs[0]
