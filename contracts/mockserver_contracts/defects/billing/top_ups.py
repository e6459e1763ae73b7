"""Defects of top-ups: their amounts are not checked, and their answers say too little."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.defects.amounts import is_number, with_amount
from mockserver_contracts.defects.balances import BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import replace_in_data
from mockserver_contracts.document.operations import TOPUP

TOP_UPS: Final = DefectFamily("billing")
TOPPED_UP: Final = {"rule-top-up-is-a-checkout"}


@TOP_UPS.defect(
    "any-amount-tops-up",
    "A top-up may be of a fraction, of zero or less, or of a text of digits.",
    fails=TOPPED_UP,
)
async def any_amount_tops_up(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    amount = request.fields.get("amount")
    if isinstance(amount, str) and amount.isascii() and amount.isdigit() and len(amount) < 7:
        amount = int(amount)
    if request.path == TOPUP and is_number(amount) and amount < 1_000_000:
        return await upstream.send(with_amount(request, max(math.ceil(amount), 1)))
    return await upstream.send(request)


@TOP_UPS.defect("top-ups-without-an-amount", "A top-up without an amount is of 10 dollars.", fails=TOPPED_UP)
async def top_ups_without_an_amount(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_bare = request.path == TOPUP and request.json == {}
    return await upstream.send(request.with_json({"amount": 10}) if is_bare else request)


@TOP_UPS.defect("top-ups-never-expire", "The list shows a top-up as pending for ever.", fails=TOPPED_UP)
class TopUpsNeverExpire:
    stale = "expired"

    def __init__(self) -> None:
        self._ids: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.path == TOPUP and response.is_success and (name := find_session_id(response)) is not None:
            self._ids.add(name)
        return response.with_rows([self._shown(row) for row in response.rows]) if request.is_list else response

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        is_stale = row.get("id") in self._ids and row.get("status") == self.stale
        return {**row, "status": "pending"} if is_stale else row


@TOP_UPS.defect("paid-top-ups-stay-pending", "The list shows a paid top-up as pending.", fails=TOPPED_UP)
class PaidTopUpsStayPending(TopUpsNeverExpire):
    stale = "completed"


@TOP_UPS.defect(
    "top-ups-without-a-url", "The answer to a top-up names neither a URL to pay at nor an id.", fails=TOPPED_UP
)
async def top_ups_without_a_url(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_created = request.path == TOPUP and response.is_success
    return response.with_json({"success": True, "data": {}}) if is_created else response


@TOP_UPS.defect("top-ups-credit-before-they-are-paid", "The order of a top-up adds its credits.", fails=TOPPED_UP)
class TopUpsCreditBeforeTheyArePaid:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if request.path == TOPUP and response.is_success:
            self._balances.add((await upstream.account(request.key))["id"], request.fields["amount"])
        return response


@TOP_UPS.defect("top-ups-with-a-point-are-refused", "A top-up of 20.0 dollars is refused.", fails=TOPPED_UP)
async def top_ups_with_a_point_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.path == TOPUP and isinstance(request.fields.get("amount"), float):
        return await upstream.refuse(request, "/amount", "amount is no integer")
    return await upstream.send(request)


@TOP_UPS.defect("top-ups-of-the-first-account", "Every top-up is the first account's that made one.", fails=TOPPED_UP)
class TopUpsOfTheFirstAccount:
    def __init__(self) -> None:
        self._first: str | None = None

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.path != TOPUP or request.key is None:
            return await upstream.send(request)
        if self._first is None:
            response = await upstream.send(request)
            self._first = request.key if response.is_success else None
            return response
        return await upstream.send(request.with_key(self._first))


@TOP_UPS.defect("paid-top-ups-expire", "The list shows a paid top-up as expired a day later.", fails=TOPPED_UP)
class PaidTopUpsExpire(TopUpsNeverExpire):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        now = (await upstream.account(request.key)).get("now") if request.is_list else None
        if now is None:
            return response
        return response.with_rows([self._aged(row, datetime.fromisoformat(now)) for row in response.rows])

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return row

    def _aged(self, row: dict[str, Any], now: datetime) -> dict[str, Any]:
        is_paid = row.get("id") in self._ids and row.get("status") == "completed"
        is_old = is_paid and now - datetime.fromisoformat(row["created_at"]) > timedelta(days=1)
        return {**row, "status": "expired"} if is_old else row


@TOP_UPS.defect("top-ups-with-a-path-alone", "The URL of a top-up has no host.", fails=TOPPED_UP)
async def top_ups_with_a_path_alone(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != TOPUP or not response.is_success:
        return response
    return response.with_json(replace_in_data(response.json, url=urlsplit(response.json["data"]["url"]).path))


@TOP_UPS.defect("other-currencies-are-forbidden", "A top-up in euros is refused with 403.", fails=TOPPED_UP)
async def other_currencies_are_forbidden(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_refused = request.path == TOPUP and response.status == 400 and request.fields.get("currency") == "eur"
    return response.with_status(403) if is_refused else response


@TOP_UPS.defect("pages-of-top-ups-are-gone", "The page of a top-up is not found.", fails=TOPPED_UP)
class PagesOfTopUpsAreGone(TopUpsNeverExpire):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        is_page = request.method == "GET" and any(request.path.endswith(f"/{name}") for name in self._ids)
        return response.with_status(404) if is_page and not request.is_control else response

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return row
