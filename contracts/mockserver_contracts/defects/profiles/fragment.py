"""Defects against the OpenAPI fragment alone: the server asks for more than it does. They show in profile openapi."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.defects.amounts import is_number
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

FRAGMENT: Final = DefectFamily("fragment", profile="openapi")


@FRAGMENT.defect(
    "an-amount-is-required",
    "An order without an amount is refused, though the fragment requires no field.",
    fails={"no-field-is-required"},
)
async def an_amount_is_required(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and isinstance(request.json, dict) and "amount" not in request.fields:
        return await upstream.refuse(request, "/amount", "amount is required")
    return await upstream.send(request)


@FRAGMENT.defect(
    "amounts-must-be-whole",
    "An amount with a fraction is refused, though the fragment asks for a number.",
    fails={"amount-any-number"},
)
async def amounts_must_be_whole(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if request.is_creation and is_number(amount) and amount != int(amount):
        return await upstream.refuse(request, "/amount", "amount is not whole")
    return await upstream.send(request)
