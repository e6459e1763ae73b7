"""Defects of what lies beside the checkout: invoices, top-ups, consumption and auto recharge."""

from __future__ import annotations

from typing import Any, Final

from mockserver_contracts.defects.crediting import Bookkeeping, Books
from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import HTML, Answer, Call
from mockserver_contracts.defects.upstream import Server, session_in

SIBLINGS: Final = Family("siblings")
INVOICES: Final = "/billing/invoices"
TOPUP: Final = "/billing/topup"
AUTO_RECHARGE: Final = "/billing/auto_recharge"
CONSUME: Final = "/_mock/usage"
USAGE: Final = "/billing/usage"
INVOICED: Final = {"rule-invoice-for-each-payment"}
TOPPED_UP: Final = {"rule-top-up-is-a-checkout"}
COUNTED: Final = {"rule-consumption-is-counted"}
RECHARGED: Final = {"rule-auto-recharge-charges-once"}


def _is_invoices(call: Call) -> bool:
    return (call.method, call.path) == ("GET", INVOICES)


def _is_consumption(call: Call) -> bool:
    return (call.method, call.path) == ("POST", CONSUME)


@SIBLINGS.defect("payments-without-an-invoice", "Nothing that is paid has an invoice.", fails=INVOICED)
async def payments_without_an_invoice(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_rows([]) if _is_invoices(call) and answer.is_success else answer


@SIBLINGS.defect("invoices-oldest-first", "The oldest invoice comes first.", fails=INVOICED)
async def invoices_oldest_first(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_rows(answer.rows[::-1]) if _is_invoices(call) and answer.is_success else answer


@SIBLINGS.defect("invoices-ignore-offset", "The list of invoices begins at its beginning.", fails=INVOICED)
async def invoices_ignore_offset(call: Call, server: Server) -> Answer:
    is_offset = _is_invoices(call) and call.number("offset", -1) >= 0
    return await server.answer(call.with_parameter("offset", "0") if is_offset else call)


@SIBLINGS.defect("declined-cards-are-invoiced", "A declined card has an invoice.", fails=INVOICED)
class DeclinedCardsAreInvoiced(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, list[dict[str, Any]]] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await super().__call__(call, server)
        if not _is_invoices(call) or not answer.is_success or call.number("offset", 0):
            return answer
        more = self._rows.get((await server.account(call.key)).get("id", ""), [])
        return answer.with_rows([*more, *answer.rows][: call.number("limit", 10)])

    async def declined(self, session: dict[str, Any]) -> None:
        row = {
            "id": f"in_{session['id'][8:32]}",
            "amount": session["amount"],
            "currency": "usd",
            "status": "paid",
            "pdf_url": session["url"],
            "created_at": session["created_at"],
        }
        self._rows.setdefault(session["account"], []).insert(0, row)


@SIBLINGS.defect("invoices-are-pages", "What opens at an invoice's pdf_url is a page.", fails=INVOICED)
async def invoices_are_pages(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    is_pdf = call.path.startswith("/c/invoice/") and answer.is_success
    return Answer.of(200, b"<!doctype html><title>Invoice</title>", HTML) if is_pdf else answer


@SIBLINGS.defect("top-ups-credit-nothing", "A top-up that is paid credits nothing.", fails=TOPPED_UP)
class TopUpsCreditNothing(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._topped: set[str] = set()

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await super().__call__(call, server)
        if call.path == TOPUP and answer.is_success:
            self._topped.add(session_in(answer) or "")
        return answer

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        if session["id"] in self._topped:
            self.books.add(session["account"], -session["credits"])


@SIBLINGS.defect("top-ups-are-not-listed", "A top-up is no session on the list.", fails=TOPPED_UP)
class TopUpsAreNotListed:
    def __init__(self) -> None:
        self._topped: set[str] = set()

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if call.path == TOPUP and answer.is_success:
            self._topped.add(session_in(answer) or "")
        if call.lists and answer.is_success:
            return answer.with_rows([row for row in answer.rows if row.get("id") not in self._topped])
        return answer


@SIBLINGS.defect("top-ups-in-any-currency", "A top-up takes any currency.", fails={*TOPPED_UP, "near_miss_refused"})
async def top_ups_in_any_currency(call: Call, server: Server) -> Answer:
    if call.path == TOPUP and "currency" in call.fields:
        return await server.answer(call.with_json({**call.fields, "currency": "usd"}))
    return await server.answer(call)


@SIBLINGS.defect("balances-below-zero", "More can be consumed than there is.", fails=COUNTED | RECHARGED)
class BalancesBelowZero:
    def __init__(self) -> None:
        self._books = Books()

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await self._books.told(call, server)
        if not _is_consumption(call) or answer.status != 402:
            return answer
        account = await server.account(call.fields["key"])
        self._books.add(account["id"], -call.fields["credits"])
        return Answer.json_of(200, {"usage": {"credit_balance": account["credit_balance"] - call.fields["credits"]}})


def _usage_with(answer: Answer, **fields: Any) -> Answer:
    found = answer.json
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        return answer
    return answer.with_json({**found, "data": {**found["data"], **fields}})


@SIBLINGS.defect("use-is-not-counted", "What is consumed this month is told as nothing.", fails=COUNTED)
async def use_is_not_counted(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return _usage_with(answer, usage_this_month=0) if call.path == USAGE and answer.is_success else answer


@SIBLINGS.defect("months-never-end", "What was consumed counts as this month's for ever.", fails=COUNTED)
async def months_never_end(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if (call.method, call.path) != ("GET", USAGE) or not answer.is_success:
        return answer
    return _usage_with(answer, usage_this_month=answer.json["data"]["credit_used"])


@SIBLINGS.defect("use-in-one-category", "Everything that is consumed is of one category.", fails=COUNTED)
async def use_in_one_category(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_json({**call.fields, "category": "all"}) if _is_consumption(call) else call)


@SIBLINGS.defect("recharge-settings-are-lost", "What auto recharge is set to is not kept.", fails=RECHARGED)
async def recharge_settings_are_lost(call: Call, server: Server) -> Answer:
    is_set = (call.method, call.path) == ("POST", AUTO_RECHARGE) and isinstance(call.json, dict)
    return await server.answer(call.with_json({"enabled": False}) if is_set else call)


@SIBLINGS.defect("recharged-at-the-threshold", "A balance at the threshold is recharged, too.", fails=RECHARGED)
class RechargedAtTheThreshold:
    async def __call__(self, call: Call, server: Server) -> Answer:
        threshold = call.fields.get("threshold") if call.path == AUTO_RECHARGE else None
        if isinstance(threshold, int | float) and not isinstance(threshold, bool) and threshold >= 0:
            return await server.answer(call.with_json({**call.fields, "threshold": threshold + 1e-6}))
        answer = await server.answer(call)
        if (call.method, call.path) == ("GET", AUTO_RECHARGE) and answer.is_success:
            return _usage_with(answer, threshold=int(answer.json["data"]["threshold"]))
        return answer


class _Recharges(Bookkeeping):
    """Knows the invoices that come of consumption."""

    async def __call__(self, call: Call, server: Server) -> Answer:
        before = await server.account(call.fields.get("key")) if _is_consumption(call) else {}
        answer = await super().__call__(call, server)
        if before and answer.is_success:
            bought = answer.json["usage"]["credit_balance"] - before["credit_balance"] + call.fields["credits"]
            if bought > 0:
                await self.recharged(before["id"], bought)
        return answer

    async def recharged(self, account: str, bought: float) -> None:
        """Consumption has recharged the account."""


@SIBLINGS.defect("recharged-twice", "A recharge credits twice.", fails=RECHARGED)
class RechargedTwice(_Recharges):
    async def recharged(self, account: str, bought: float) -> None:
        self.books.add(account, bought)


@SIBLINGS.defect("recharged-without-an-invoice", "What was bought by a recharge has no invoice.", fails=RECHARGED)
class RechargedWithoutAnInvoice(_Recharges):
    def __init__(self) -> None:
        super().__init__()
        self._recharged: dict[str, int] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await super().__call__(call, server)
        if not _is_invoices(call) or not answer.is_success:
            return answer
        return answer.with_rows(answer.rows[self._recharged.get((await server.account(call.key)).get("id", ""), 0) :])

    async def recharged(self, account: str, bought: float) -> None:
        self._recharged[account] = self._recharged.get(account, 0) + 1
