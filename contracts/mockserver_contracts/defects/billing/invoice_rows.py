"""Defects of the rows of invoices: too few, of another time, and with links that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import INVOICES

INVOICE_ROWS: Final = DefectFamily("billing")
_EVERY: Final = {"rule-every-purchase-is-invoiced"}
_MOST: Final = 5
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
