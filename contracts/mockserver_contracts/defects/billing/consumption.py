"""Defects of consumption: when it counts, and what it recharges."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from mockserver_contracts.defects.balances import BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.defects.response_shape import replace_in_data
from mockserver_contracts.document.operations import AUTO_RECHARGE, USAGE

CONSUMPTION: Final = DefectFamily("billing")
_CONSUME: Final = "/_mock/usage"


@CONSUMPTION.defect(
    "months-begin-on-the-second",
    "Consumption on the first day of a month does not count for the month.",
    fails={"rule-month-ends-at-midnight"},
)
async def months_begin_on_the_second(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != USAGE or not response.is_success:
        return response
    now = datetime.fromisoformat((await upstream.account(request.key))["now"])
    return response.with_json(replace_in_data(response.json, usage_this_month=0)) if now.day == 1 else response


@CONSUMPTION.defect(
    "recharged-while-it-is-off",
    "A balance below the threshold is recharged though auto recharge is off.",
    fails={"rule-auto-recharge-charges-once"},
)
class RechargedWhileItIsOff:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if (request.method, request.path) == ("POST", _CONSUME) and response.is_success:
            key = str(request.fields.get("key"))
            look = replace(request.with_key(key), method="GET", path=AUTO_RECHARGE, body=b"")
            settings = (await upstream.send(look)).json
            account = await upstream.account(key)
            if not isinstance(settings, dict) or not account:
                return response
            data = settings["data"]
            if not data["enabled"] and account["credit_balance"] < data["threshold"]:
                self._balances.add(account["id"], data["amount"])
        return response
