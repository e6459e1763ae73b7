"""Defects of consumption: when it counts, and what it recharges."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect, BalanceOffsets
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


@CONSUMPTION.defect(
    "use-in-binary-fractions",
    "credit_used is summed in binary fractions, and the balance is not.",
    fails={"rule-consumption-is-exact"},
)
class UseInBinaryFractions:
    def __init__(self) -> None:
        self._used: dict[str, float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if (request.method, request.path) == ("POST", _CONSUME) and response.is_success:
            key = str(request.fields.get("key"))
            self._used[key] = self._used.get(key, 0.0) + float(request.fields.get("credits", 0))
        elif (request.method, request.path) == ("GET", USAGE) and response.is_success and request.key in self._used:
            return response.with_json(replace_in_data(response.json, credit_used=self._used[request.key]))
        return response


@CONSUMPTION.defect(
    "refused-settings-are-half-stored",
    "Of settings that are refused, the switch is stored.",
    fails={"rule-auto-recharge-charges-once"},
)
async def refused_settings_are_half_stored(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_refused = (request.method, request.path, response.status) == ("POST", AUTO_RECHARGE, 400)
    if is_refused and isinstance(switch := request.fields.get("enabled"), bool):
        await upstream.send(request.with_json({"enabled": switch}))
    return response


class _PeriodDefect:
    """Consumption counts for a period of its own in place of the month."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        is_use = (request.method, request.path) == ("POST", _CONSUME)
        is_look = (request.method, request.path) == ("GET", USAGE)
        if not (is_use or is_look) or not response.is_success:
            return response
        account = await upstream.account(str(request.fields.get("key")) if is_use else request.key)
        if not account:
            return response
        period = account["id"], self.period_of(account["now"])
        if is_use:
            self._used[period] = round(self._used.get(period, 0) + request.fields.get("credits", 0), 6)
            return response
        return response.with_json(replace_in_data(response.json, usage_this_month=self._used.get(period, 0)))

    def period_of(self, now: str) -> str:
        """The period of a time in ISO 8601."""
        raise NotImplementedError


@CONSUMPTION.defect(
    "months-of-any-year",
    "Consumption counts for its month of every year.",
    fails={"rule-consumption-is-counted"},
)
class MonthsOfAnyYear(_PeriodDefect):
    def period_of(self, now: str) -> str:
        return now[5:7]


@CONSUMPTION.defect(
    "long-categories-are-cut",
    "The name of a category is cut after 20 characters.",
    fails={"rule-consumption-is-counted"},
)
async def long_categories_are_cut(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    category = request.fields.get("category")
    if (request.method, request.path) == ("POST", _CONSUME) and isinstance(category, str):
        request = request.with_fields(category=category[:20])
    return await upstream.send(request)


@CONSUMPTION.defect(
    "months-are-days",
    "Consumption counts for the month on its own day alone.",
    fails={"rule-month-ends-at-midnight"},
)
class MonthsAreDays(_PeriodDefect):
    def period_of(self, now: str) -> str:
        return now[:10]


@CONSUMPTION.defect(
    "categories-in-whole-cents",
    "The credits of a category are rounded to hundredths, and those of the month are not.",
    fails={"rule-consumption-is-counted", "rule-consumption-is-exact"},
)
async def categories_in_whole_cents(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return _with_categories(request, response, {name: round(one, 2) for name, one in _categories(response).items()})


@CONSUMPTION.defect(
    "two-categories-at-most", "The breakdown ends after two categories.", fails={"rule-consumption-is-counted"}
)
async def two_categories_at_most(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return _with_categories(request, response, dict(list(_categories(response).items())[:2]))


@CONSUMPTION.defect(
    "categories-end-at-a-dot", "The name of a category ends at its first dot.", fails={"rule-consumption-is-counted"}
)
async def categories_end_at_a_dot(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    category = request.fields.get("category")
    if (request.method, request.path) == ("POST", _CONSUME) and isinstance(category, str) and category[:1] != ".":
        request = request.with_fields(category=category.partition(".")[0])
    return await upstream.send(request)


@CONSUMPTION.defect(
    "thresholds-in-whole-credits",
    "A recharge compares the balance with the whole credits of its threshold, which shows the fraction, too.",
    fails={"rule-auto-recharge-charges-once"},
)
class ThresholdsInWholeCredits:
    def __init__(self) -> None:
        self._told: dict[str | None, float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        threshold = request.fields.get("threshold")
        if (request.method, request.path) == ("POST", AUTO_RECHARGE) and isinstance(threshold, float) and threshold > 0:
            self._told[request.key] = threshold
            return await upstream.send(request.with_fields(threshold=int(threshold)))
        response = await upstream.send(request)
        is_look = (request.method, request.path) == ("GET", AUTO_RECHARGE) and response.is_success
        told = self._told.get(request.key)
        if not is_look or told is None or response.json["data"]["threshold"] != int(told):
            return response
        return response.with_json(replace_in_data(response.json, threshold=told))


@CONSUMPTION.defect(
    "uses-at-once-overwrite-each-other",
    "Of two uses of one balance at the same time, the balance shows one.",
    fails={"rule-consumption-is-counted"},
)
class UsesAtOnceOverwriteEachOther:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()
        self._under_way: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if (request.method, request.path) != ("POST", _CONSUME):
            return await self._balances.apply(request, upstream)
        key = str(request.fields.get("key"))
        is_second = key in self._under_way
        self._under_way.add(key)
        await asyncio.sleep(0)  # it has read the balance, and others read it too
        response = await self._balances.apply(request, upstream)
        self._under_way.discard(key)
        if is_second and response.is_success:
            self._balances.add((await upstream.account(key))["id"], request.fields["credits"])
        return response


@CONSUMPTION.defect(
    "months-of-everyone", "Consumption of every account counts for the month.", fails={"rule-accounts-are-apart"}
)
class MonthsOfEveryone:
    def __init__(self) -> None:
        self._used = 0.0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if (request.method, request.path) == ("POST", _CONSUME) and response.is_success:
            self._used += request.fields.get("credits", 0)
        if (request.method, request.path) != ("GET", USAGE) or not response.is_success:
            return response
        return response.with_json(replace_in_data(response.json, usage_this_month=self._used))


@CONSUMPTION.defect(
    "plan-of-the-last-subscriber",
    "Usage shows the plan that any account bought last.",
    fails={"rule-accounts-are-apart"},
)
class PlanOfTheLastSubscriber(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._plan: str | None = None

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if (request.method, request.path) != ("GET", USAGE) or not response.is_success or self._plan is None:
            return response
        return response.with_json(replace_in_data(response.json, plan_id=self._plan))

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self._plan = session["plan_id"] or self._plan


def _categories(response: InterceptedResponse) -> dict[str, float]:
    data = response.json.get("data") if response.is_success and isinstance(response.json, dict) else None
    return dict(data.get("breakdown", {})) if isinstance(data, dict) else {}


def _with_categories(
    request: InterceptedRequest, response: InterceptedResponse, categories: dict[str, Any]
) -> InterceptedResponse:
    if (request.method, request.path) != ("GET", USAGE) or not response.is_success:
        return response
    return response.with_json(replace_in_data(response.json, breakdown=categories))


@CONSUMPTION.defect(
    "overdrafts-are-400", "Too large a consumption is refused with 400.", fails={"rule-consumption-is-counted"}
)
async def overdrafts_are_400(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(400) if request.path == "/_mock/usage" and response.status == 402 else response
