"""Defects of amounts: a wrong amount is accepted or read as another, or a right one is refused."""

from __future__ import annotations

import asyncio
import math
import re
from dataclasses import replace
from typing import Any, Final, TypeGuard

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

AMOUNTS: Final = DefectFamily("request acceptance")
NOT_AN_AMOUNT: Final = {"amount-whole-dollars", "negative_data_rejection"}
NOT_A_NUMBER: Final = {"amount-nothing-but-a-number", "negative_data_rejection"}
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})")
_POINT_ALONE: Final = re.compile(rb'("amount"\s*:\s*[0-9]+)\.(?=\s*[,}])')
_TOLERANCE: Final = 1e-6
_WHOLE_WITH_POINT: Final = re.compile(rb'"amount"\s*:\s*[0-9]+\.0+\s*[,}]')


def is_number(value: Any) -> TypeGuard[int | float]:
    """The JSON value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def with_amount(request: InterceptedRequest, amount: int) -> InterceptedRequest:
    """The request with another amount."""
    return request.with_fields(amount=amount)


@AMOUNTS.defect("fractions-are-rounded", "An amount of 10.5 dollars buys 11.", fails=NOT_AN_AMOUNT)
async def fractions_are_rounded(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and isinstance(amount, float) and math.isfinite(amount) and amount > 0:
        request = with_amount(request, math.ceil(amount))
    return await upstream.send(request)


@AMOUNTS.defect("zero-and-less-are-accepted", "An amount of zero or less creates a session.", fails=NOT_AN_AMOUNT)
async def zero_and_less_are_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    return await upstream.send(
        with_amount(request, 1) if request.is_creation and is_number(amount) and amount <= 0 else request
    )


@AMOUNTS.defect(
    "nothing-to-buy-is-accepted",
    "A payment without an amount creates a session.",
    fails={"checkout-buys-credits", "negative_data_rejection"},
)
async def nothing_to_buy_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    fields = request.json
    needs_one = request.is_creation and isinstance(fields, dict) and "amount" not in fields
    return await upstream.send(
        with_amount(request, 10) if needs_one and fields.get("mode") != "subscription" else request
    )


@AMOUNTS.defect("quoted-amount-is-accepted", 'An amount of "100" is read as 100.', fails=NOT_A_NUMBER)
async def quoted_amount_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and isinstance(amount, str) and amount.isascii() and amount.isdigit() and len(amount) < 7:
        request = with_amount(request, int(amount) or 1)
    return await upstream.send(request)


@AMOUNTS.defect("true-is-an-amount", "An amount of true is read as 1.", fails=NOT_A_NUMBER)
async def true_is_an_amount(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    return await upstream.send(with_amount(request, 1) if request.is_creation and isinstance(amount, bool) else request)


@AMOUNTS.defect(
    "nan-is-an-amount",
    "NaN and Infinity, which JSON does not have, are read as amounts.",
    fails={"negative_data_rejection"},
)
async def nan_is_an_amount(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    is_no_number = request.is_creation and isinstance(amount, float) and not math.isfinite(amount)
    return await upstream.send(with_amount(request, 1) if is_no_number else request)


@AMOUNTS.defect(
    "whole-with-a-point-is-refused",
    "An amount of 50.0 is refused, though it is a whole number.",
    fails={"near_miss_accepted"},
)
async def whole_with_a_point_is_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and _WHOLE_WITH_POINT.search(request.body):
        return await upstream.refuse(request, "/amount", "amount is not an integer")
    return await upstream.send(request)


@AMOUNTS.defect(
    "large-amounts-are-refused",
    "An amount over 10,000 dollars is refused.",
    fails={"near_miss_accepted", "positive_data_acceptance"},
)
async def large_amounts_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and is_number(amount) and 10_000 < amount <= 999_999:
        return await upstream.refuse(request, "/amount", "amount is over 10000")
    return await upstream.send(request)


@AMOUNTS.defect("nearly-whole-is-whole", "An amount of 1.0000001 is read as 1.", fails={"negative_data_rejection"})
async def nearly_whole_is_whole(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and is_number(amount) and amount >= 1 and 0 < abs(amount - round(amount)) < _TOLERANCE:
        request = with_amount(request, round(amount))
    return await upstream.send(request)


@AMOUNTS.defect("minus-zero-is-accepted", "An amount of -0.0 creates a session.", fails={"negative_data_rejection"})
async def minus_zero_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    is_one = request.is_creation and isinstance(amount, float) and amount == 0 and math.copysign(1, amount) < 0
    return await upstream.send(with_amount(request, 1) if is_one else request)


@AMOUNTS.defect(
    "grouped-digits-are-an-amount", 'An amount of "1,000" is read as 1000.', fails={"negative_data_rejection"}
)
async def grouped_digits_are_an_amount(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and isinstance(amount, str) and _GROUPED.fullmatch(amount):
        request = with_amount(request, int(amount.replace(",", "")))
    return await upstream.send(request)


@AMOUNTS.defect(
    "amount-in-a-global",
    "The amount of an order is kept in a variable of the whole server while it is stored.",
    fails={"rule-accounts-at-once"},
)
class AmountInAGlobal:
    def __init__(self) -> None:
        self._amount = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        amount = request.fields.get("amount")
        if not request.is_creation or isinstance(amount, bool) or not isinstance(amount, int):
            return await upstream.send(request)
        self._amount = amount
        await asyncio.sleep(0)  # it writes to its database, and others come in between
        return await upstream.send(request if self._amount == amount else with_amount(request, self._amount))


@AMOUNTS.defect(
    "amounts-of-32-bits",
    "An amount is read as a number of 32 bits, so that a very large one wraps.",
    fails={"accepted_orders_are_listed"},
)
async def amounts_of_32_bits(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and isinstance(amount, int) and not isinstance(amount, bool) and amount >= 1 << 32:
        request = with_amount(request, amount % (1 << 32))
    return await upstream.send(request)


@AMOUNTS.defect(
    "points-need-no-digits", "A number may end with its point, as in JavaScript.", fails={"near_miss_refused"}
)
async def points_need_no_digits(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and _POINT_ALONE.search(request.body):
        request = replace(request, body=_POINT_ALONE.sub(rb"\1", request.body))
    return await upstream.send(request)


@AMOUNTS.defect(
    "fractions-with-an-exponent", "An amount of 1.5e0 or 10.999 dollars is cut.", fails={"amount-whole-dollars"}
)
async def fractions_with_an_exponent(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount") if request.is_creation else None
    is_written_so = re.search(rb'"amount"\s*:\s*[0-9.]+([eE]|99[,}\s])', request.body) is not None
    if not is_number(amount) or not is_written_so:
        return await upstream.send(request)
    return await upstream.send(with_amount(request, max(int(amount), 1)))
