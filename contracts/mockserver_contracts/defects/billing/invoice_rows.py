"""Defects of the rows of invoices: too few, of another time, and with links that lead nowhere."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urljoin, urlsplit

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.document.operations import INVOICES

INVOICE_ROWS: Final = DefectFamily("billing")
_EVERY: Final = {"rule-every-purchase-is-invoiced"}
_MOST: Final = 5
_LARGE: Final = 200
Rows = list[dict[str, Any]]


async def _change(
    request: InterceptedRequest, upstream: Upstream, change: Callable[[Rows], Rows]
) -> InterceptedResponse:
    response = await upstream.send(request)
    is_list = (request.method, request.path) == ("GET", INVOICES) and response.is_success
    return response.with_rows(change(response.rows)) if is_list else response


@INVOICE_ROWS.defect(
    "invoices-end-after-five",
    "A page of the invoices has five at most.",
    fails={"rule-invoices-in-pages"},
)
async def invoices_end_after_five(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change(request, upstream, lambda rows: rows[:_MOST])


@INVOICE_ROWS.defect("invoices-of-1970", "Invoices are dated 1970.", fails=_EVERY)
async def invoices_of_1970(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    beginning = "1970-01-01T00:00:00.000Z"
    return await _change(request, upstream, lambda rows: [{**row, "created_at": beginning} for row in rows])


@INVOICE_ROWS.defect("invoice-links-without-a-host", "The link of an invoice is a path.", fails=_EVERY)
async def invoice_links_without_a_host(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change(
        request, upstream, lambda rows: [{**row, "pdf_url": urlsplit(row["pdf_url"]).path} for row in rows]
    )


@INVOICE_ROWS.defect("plans-are-invoiced-at-nothing", "The invoice of a plan has the amount 0.", fails=_EVERY)
class PlansAreInvoicedAtNothing:
    def __init__(self) -> None:
        self._plans: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await _change(request, upstream, lambda rows: [self._row(row) for row in rows])
        action = request.buyer_action
        if action is not None and action.kind == "pay" and response.status in (200, 303):
            session = await upstream.session(action.session)
            if session.get("plan_id") is not None:
                self._plans.add(str(session["completed_at"]))
        return response

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "amount": 0} if row["created_at"] in self._plans else row


@INVOICE_ROWS.defect(
    "invoices-dated-by-the-order", "An invoice has the date of the order, whenever it is paid.", fails=_EVERY
)
class InvoicesDatedByTheOrder:
    def __init__(self) -> None:
        self._ordered: dict[str, str] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await _change(request, upstream, lambda rows: [self._row(row) for row in rows])
        action = request.buyer_action
        if action is not None and action.kind == "pay" and response.status in (200, 303):
            session = await upstream.session(action.session)
            self._ordered[str(session["completed_at"])] = str(session["created_at"])
        return response

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "created_at": self._ordered.get(row["created_at"], row["created_at"])}


@INVOICE_ROWS.defect(
    "one-link-for-every-invoice", "Every invoice links to one PDF.", fails={"rule-invoice-for-each-payment"}
)
async def one_link_for_every_invoice(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change(request, upstream, lambda rows: [{**row, "pdf_url": rows[-1]["pdf_url"]} for row in rows])


@INVOICE_ROWS.defect("invoices-of-the-last-day", "Invoices are shown for a day.", fails=_EVERY)
async def invoices_of_the_last_day(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    now = (await upstream.account(request.key)).get("now")
    if not isinstance(now, str):
        return await upstream.send(request)
    begin = (datetime.fromisoformat(now) - timedelta(days=1)).isoformat()
    return await _change(request, upstream, lambda rows: [row for row in rows if row["created_at"] >= begin])


@INVOICE_ROWS.defect(
    "large-payments-are-invoiced-twice",
    "A payment of 200 dollars or more has two invoices.",
    fails={"rule-invoice-for-each-payment"},
)
async def large_payments_are_invoiced_twice(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def twice(row: dict[str, Any]) -> Rows:
        again = {**row, "id": f"{row['id']}2", "pdf_url": f"{row['pdf_url']}?copy"}
        return [row, again] if row["amount"] >= _LARGE else [row]

    return await _change(request, upstream, lambda rows: [each for row in rows for each in twice(row)])


class _WithoutInvoices:
    """Hides the invoice of some paid sessions."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await _change(request, upstream, lambda rows: [row for row in rows if row["id"] not in self._hidden])
        action = request.buyer_action
        if action is not None and action.kind == "pay" and response.status in (200, 303):
            session = await upstream.session(action.session)
            if self.hides(session):
                invoices = (await upstream.call_control(f"invoices?key={session['account']}"))["invoices"]
                self._hidden |= {each["id"] for each in invoices if each["session"] == session["id"]}
        return response

    def hides(self, session: Mapping[str, Any]) -> bool:
        """The paid session has no invoice."""
        raise NotImplementedError


@INVOICE_ROWS.defect(
    "no-invoice-after-a-decline",
    "A session that was paid after a declined card has no invoice.",
    fails={"rule-invoice-for-each-payment"},
)
class NoInvoiceAfterADecline(_WithoutInvoices):
    def hides(self, session: Mapping[str, Any]) -> bool:
        return len(session["attempts"]) > 1


@INVOICE_ROWS.defect(
    "no-invoice-with-a-success-url",
    "A payment that leads the buyer on has no invoice.",
    fails={"rule-whole-lives"},
)
class NoInvoiceWithASuccessUrl(_WithoutInvoices):
    def hides(self, session: Mapping[str, Any]) -> bool:
        return session["success_url"] is not None


@INVOICE_ROWS.defect("plans-are-listed-at-nothing", "The list of checkouts shows a plan for 0 dollars.", fails=_EVERY)
class PlansAreListedAtNothing:
    def __init__(self) -> None:
        self._plans: set[str | None] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.is_creation and response.is_success and request.fields.get("mode") == "subscription":
            self._plans.add(find_session_id(response))
        if not request.is_list or not response.is_success:
            return response
        return response.with_rows(
            [{**row, "amount": 0} if row.get("id") in self._plans else row for row in response.rows]
        )


class _PaidAtOnce:
    """Counts the payments of one answer that begin while another is under way, and shows other invoices for them."""

    status: ClassVar[int]

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._met: Counter[str] = Counter()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        action = request.buyer_action
        if action is not None and action.kind == "pay":
            return await self._pay(request, upstream, action.session)
        met = self._met[(await upstream.account(request.key)).get("id", "")]
        return await _change(request, upstream, lambda rows: self.change(rows, met))

    async def _pay(self, request: InterceptedRequest, upstream: Upstream, name: str) -> InterceptedResponse:
        place = self.place(name)
        is_second = self._under_way[place] > 0
        self._under_way[place] += 1
        await asyncio.sleep(0)  # it has read what others read, too
        response = await upstream.send(request)
        self._under_way[place] -= 1
        if is_second and response.status == self.status:
            self._met[(await upstream.session(name))["account"]] += 1
        return response

    def place(self, name: str) -> str:
        """Payments of sessions with the same place meet."""
        raise NotImplementedError

    def change(self, rows: Rows, met: int) -> Rows:
        """The invoices of an account with so many payments that met another one."""
        raise NotImplementedError


@INVOICE_ROWS.defect(
    "invoices-get-lost-at-once",
    "Of payments at the same time one has an invoice.",
    fails={"rule-payments-at-once-add-up"},
)
class InvoicesGetLostAtOnce(_PaidAtOnce):
    status = 200

    def place(self, name: str) -> str:
        return ""

    def change(self, rows: Rows, met: int) -> Rows:
        return rows[met:]


@INVOICE_ROWS.defect(
    "invoices-double-at-once",
    "Two payments of one session at the same time make two invoices.",
    fails={"rule-payments-at-once-add-up"},
)
class InvoicesDoubleAtOnce(_PaidAtOnce):
    status = 409

    def place(self, name: str) -> str:
        return name

    def change(self, rows: Rows, met: int) -> Rows:
        return [*({**row, "id": f"{row['id']}2"} for row in rows[:met]), *rows]


@INVOICE_ROWS.defect(
    "invoice-links-count-by-account",
    "The link of an invoice has its number among those of its account.",
    fails={"rule-balances-at-once"},
)
async def invoice_links_count_by_account(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def numbered(rows: Rows) -> Rows:
        links = [urljoin(row["pdf_url"], f"/invoices/{len(rows) - place}.pdf") for place, row in enumerate(rows)]
        return [{**row, "pdf_url": link} for row, link in zip(rows, links, strict=True)]

    return await _change(request, upstream, numbered)


@INVOICE_ROWS.defect("plans-have-no-pdf", "The PDF of the invoice for a plan is not found.", fails=_EVERY)
class PlansHaveNoPdf:
    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._is_plan = False

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        action = request.buyer_action
        if action is not None and action.kind == "pay" and response.is_success:
            session = await upstream.session(action.session)
            self._is_plan = session.get("mode") == "subscription"
        if (request.method, request.path) == ("GET", INVOICES) and response.rows and self._is_plan:
            self._paths.add(urlsplit(response.rows[0]["pdf_url"]).path)
        return response.with_status(404) if request.path in self._paths else response
