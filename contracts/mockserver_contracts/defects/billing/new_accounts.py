"""Defects of accounts in which nothing has happened: what is not there yet is an error or null."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import AUTO_RECHARGE, INVOICES, USAGE

NEW_ACCOUNTS: Final = DefectFamily("billing")
_MISSING: Final = {"success": False, "message": "nothing here yet", "error_code": "not_found"}


@NEW_ACCOUNTS.defect(
    "no-usage-before-the-first-credit",
    "The usage of an account without credits and sessions is not found.",
    fails={"rule-consumption-is-exact"},
)
async def no_usage_before_the_first_credit(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if (request.method, request.path) != ("GET", USAGE) or not response.is_success:
        return response
    account = await upstream.account(request.key)
    is_new = account.get("sessions") == account.get("credit_balance") == 0
    return InterceptedResponse.of_json(404, _MISSING) if is_new else response


@NEW_ACCOUNTS.defect(
    "no-settings-before-they-are-set",
    "The settings of auto recharge are not found until somebody sets them.",
    fails={"rule-settings-are-apart"},
)
class NoSettingsBeforeTheyAreSet:
    def __init__(self) -> None:
        self._set: set[str | None] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.path != AUTO_RECHARGE or not response.is_success:
            return response
        if request.method == "POST":
            self._set.add(request.key)
        return response if request.key in self._set else InterceptedResponse.of_json(404, _MISSING)


@NEW_ACCOUNTS.defect(
    "no-invoices-are-null",
    "The list of invoices is null while there is none.",
    fails={"rule-invoice-for-each-payment"},
)
async def no_invoices_are_null(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_list = (request.method, request.path) == ("GET", INVOICES) and response.is_success
    return response.with_json({**response.json, "data": None}) if is_list and response.json["data"] == [] else response
