"""Defects of the other billing operations: invoices, top-ups, consumption and auto recharge."""

from __future__ import annotations

from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect, BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.document.operations import AUTO_RECHARGE, INVOICES, TOPUP, USAGE

BILLING: Final = DefectFamily("billing")
CONSUME: Final = "/_mock/usage"
INVOICED: Final = {"rule-invoice-for-each-payment"}
ALL_INVOICED: Final = {"rule-every-purchase-is-invoiced"}
IN_PAGES: Final = {"rule-invoices-in-pages"}
TOPPED_UP: Final = {"rule-top-up-is-a-checkout"}
COUNTED: Final = {"rule-consumption-is-counted"}
RECHARGED: Final = {"rule-auto-recharge-charges-once"}


def _is_invoices(request: InterceptedRequest) -> bool:
    return (request.method, request.path) == ("GET", INVOICES)


def _is_consumption(request: InterceptedRequest) -> bool:
    return (request.method, request.path) == ("POST", CONSUME)


@BILLING.defect("payments-without-an-invoice", "A payment has no invoice.", fails=INVOICED | ALL_INVOICED)
async def payments_without_an_invoice(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_rows([]) if _is_invoices(request) and response.is_success else response


@BILLING.defect("invoices-oldest-first", "The oldest invoice comes first.", fails=INVOICED)
async def invoices_oldest_first(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_rows(response.rows[::-1]) if _is_invoices(request) and response.is_success else response


@BILLING.defect("invoices-ignore-offset", "Every page of the invoices is the first.", fails=INVOICED | IN_PAGES)
async def invoices_ignore_offset(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_offset = _is_invoices(request) and request.number("offset", -1) >= 0
    return await upstream.send(request.with_parameter("offset", "0") if is_offset else request)


@BILLING.defect("declined-cards-are-invoiced", "A declined card has an invoice.", fails=INVOICED)
class DeclinedCardsAreInvoiced(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, list[dict[str, Any]]] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if not _is_invoices(request) or not response.is_success or request.number("offset", 0):
            return response
        more = self._rows.get((await upstream.account(request.key)).get("id", ""), [])
        return response.with_rows([*more, *response.rows][: request.number("limit", 10)])

    async def on_declined(self, session: dict[str, Any]) -> None:
        row = {
            "id": f"in_{session['id'][8:32]}",
            "amount": session["amount"],
            "currency": "usd",
            "status": "paid",
            "pdf_url": session["url"],
            "created_at": session["created_at"],
        }
        self._rows.setdefault(session["account"], []).insert(0, row)


@BILLING.defect("invoices-are-pages", "An invoice's pdf_url opens an HTML page.", fails=INVOICED)
async def invoices_are_pages(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_pdf = request.path.startswith("/c/invoice/") and response.is_success
    return InterceptedResponse.of(200, b"<!doctype html><title>Invoice</title>", HTML) if is_pdf else response


@BILLING.defect("top-ups-credit-nothing", "A paid top-up credits nothing.", fails=TOPPED_UP)
class TopUpsCreditNothing(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._topped: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if request.path == TOPUP and response.is_success:
            self._topped.add(find_session_id(response) or "")
        return response

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if session["id"] in self._topped:
            self.balances.add(session["account"], -session["credits"])


@BILLING.defect("top-ups-are-not-listed", "The list of sessions has no top-ups.", fails=TOPPED_UP)
class TopUpsAreNotListed:
    def __init__(self) -> None:
        self._topped: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.path == TOPUP and response.is_success:
            self._topped.add(find_session_id(response) or "")
        if request.is_list and response.is_success:
            return response.with_rows([row for row in response.rows if row.get("id") not in self._topped])
        return response


@BILLING.defect(
    "top-ups-in-any-currency", "A top-up is accepted in any currency.", fails={*TOPPED_UP, "near_miss_refused"}
)
async def top_ups_in_any_currency(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.path == TOPUP and "currency" in request.fields:
        return await upstream.send(request.with_fields(currency="usd"))
    return await upstream.send(request)


@BILLING.defect("balances-below-zero", "Consumption can take the balance below zero.", fails=COUNTED | RECHARGED)
class BalancesBelowZero:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if not _is_consumption(request) or response.status != 402:
            return response
        account = await upstream.account(request.fields["key"])
        self._balances.add(account["id"], -request.fields["credits"])
        return InterceptedResponse.of_json(
            200, {"usage": {"credit_balance": account["credit_balance"] - request.fields["credits"]}}
        )


def _shows_usage(request: InterceptedRequest, response: InterceptedResponse) -> bool:
    return (request.method, request.path) == ("GET", USAGE) and response.is_success


def _replace_usage(response: InterceptedResponse, **fields: Any) -> InterceptedResponse:
    found = response.json
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        return response
    return response.with_json({**found, "data": {**found["data"], **fields}})


@BILLING.defect("use-is-not-counted", "usage_this_month is always 0.", fails=COUNTED)
async def use_is_not_counted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return _replace_usage(response, usage_this_month=0) if request.path == USAGE and response.is_success else response


@BILLING.defect("months-never-end", "usage_this_month counts the consumption of all months.", fails=COUNTED)
async def months_never_end(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not _shows_usage(request, response):
        return response
    return _replace_usage(response, usage_this_month=response.json["data"]["credit_used"])


@BILLING.defect("use-in-one-category", "All consumption is counted under one category.", fails=COUNTED)
async def use_in_one_category(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request.with_fields(category="all") if _is_consumption(request) else request)


class _CountedAsUse(BalanceDefect):
    """Credits that were bought count as used."""

    def __init__(self) -> None:
        super().__init__()
        self._bought: dict[str, float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if not _shows_usage(request, response):
            return response
        more = self._bought.get((await upstream.account(request.key)).get("id", ""), 0)
        return _replace_usage(response, credit_used=response.json["data"]["credit_used"] + more)

    def count(self, account: str, credits: float) -> None:
        """Show so many credits more as used."""
        self._bought[account] = self._bought.get(account, 0) + credits


@BILLING.defect(
    "purchases-count-as-use",
    "A payment is counted as consumption, too.",
    fails={"rule-consumption-is-exact"},
)
class PurchasesCountAsUse(_CountedAsUse):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.count(session["account"], session["credits"])


@BILLING.defect("recharge-settings-are-lost", "The settings of auto recharge are not stored.", fails=RECHARGED)
async def recharge_settings_are_lost(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_set = (request.method, request.path) == ("POST", AUTO_RECHARGE) and isinstance(request.json, dict)
    return await upstream.send(request.with_json({"enabled": False}) if is_set else request)


@BILLING.defect("recharged-at-the-threshold", "A balance equal to the threshold is recharged, too.", fails=RECHARGED)
class RechargedAtTheThreshold:
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        threshold = request.fields.get("threshold") if request.path == AUTO_RECHARGE else None
        if isinstance(threshold, int | float) and not isinstance(threshold, bool) and threshold >= 0:
            return await upstream.send(request.with_fields(threshold=threshold + 1e-6))
        response = await upstream.send(request)
        if (request.method, request.path) == ("GET", AUTO_RECHARGE) and response.is_success:
            return _replace_usage(response, threshold=round(response.json["data"]["threshold"], 5))
        return response


class _RechargeDefect(BalanceDefect):
    """A defect of the recharges that consumption causes."""

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        before = await upstream.account(request.fields.get("key")) if _is_consumption(request) else {}
        response = await super().__call__(request, upstream)
        if before and response.is_success:
            bought = response.json["usage"]["credit_balance"] - before["credit_balance"] + request.fields["credits"]
            if bought > 0:
                await self.on_recharged(before["id"], bought)
        return response

    async def on_recharged(self, account: str, bought: float) -> None:
        """Called after consumption recharged the account."""


@BILLING.defect("recharged-twice", "A recharge credits twice.", fails=RECHARGED)
class RechargedTwice(_RechargeDefect):
    async def on_recharged(self, account: str, bought: float) -> None:
        self.balances.add(account, bought)


@BILLING.defect("recharges-count-as-use", "The credits of a recharge count as used.", fails=RECHARGED)
class RechargesCountAsUse(_CountedAsUse, _RechargeDefect):
    async def on_recharged(self, account: str, bought: float) -> None:
        self.count(account, bought)


@BILLING.defect("recharged-without-an-invoice", "A recharge has no invoice.", fails=RECHARGED)
class RechargedWithoutAnInvoice(_RechargeDefect):
    def __init__(self) -> None:
        super().__init__()
        self._recharged: dict[str, int] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if not _is_invoices(request) or not response.is_success:
            return response
        return response.with_rows(
            response.rows[self._recharged.get((await upstream.account(request.key)).get("id", ""), 0) :]
        )

    async def on_recharged(self, account: str, bought: float) -> None:
        self._recharged[account] = self._recharged.get(account, 0) + 1


@BILLING.defect("invoices-share-an-id", "All invoices of an account have one id.", fails=INVOICED)
async def invoices_share_an_id(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not _is_invoices(request) or not response.is_success:
        return response
    return response.with_rows([{**row, "id": f"in_{'0' * 24}"} for row in response.rows])


@BILLING.defect("breakdown-of-all-months", "The breakdown keeps the consumption of earlier months.", fails=COUNTED)
class BreakdownOfAllMonths:
    def __init__(self) -> None:
        self._most: dict[str | None, dict[str, float]] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if not _shows_usage(request, response):
            return response
        most = self._most.setdefault(request.key, {})
        for category, credits in response.json["data"].get("breakdown", {}).items():
            most[category] = max(most.get(category, 0), credits)
        return _replace_usage(response, breakdown=most)


@BILLING.defect("breakdown-of-the-last", "The breakdown has the last consumption of each category.", fails=COUNTED)
class BreakdownOfTheLast:
    def __init__(self) -> None:
        self._last: dict[str, dict[str, float]] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if _is_consumption(request) and response.is_success and "category" in request.fields:
            last = self._last.setdefault(request.fields["key"], {})
            last[request.fields["category"]] = request.fields["credits"]
        if not _shows_usage(request, response):
            return response
        breakdown, last = response.json["data"].get("breakdown", {}), self._last.get(str(request.key), {})
        return _replace_usage(
            response, breakdown={name: last.get(name, credits) for name, credits in breakdown.items()}
        )


@BILLING.defect("zero-is-no-setting", "A threshold of 0 is taken as one that is left out.", fails=RECHARGED)
async def zero_is_no_setting(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_set = (request.method, request.path) == ("POST", AUTO_RECHARGE) and isinstance(request.json, dict)
    if is_set and request.fields.get("threshold") == 0:
        others = {name: value for name, value in request.json.items() if name != "threshold"}
        return await upstream.send(request.with_json(others))
    return await upstream.send(request)


@BILLING.defect("recharge-settings-are-refused", "Auto recharge cannot be enabled.", fails=RECHARGED)
async def recharge_settings_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if (request.method, request.path) == ("POST", AUTO_RECHARGE) and request.fields.get("enabled") is True:
        return await upstream.refuse(request, "/enabled", "auto recharge needs a card")
    return await upstream.send(request)
