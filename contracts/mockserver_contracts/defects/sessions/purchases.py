"""Defects of purchases that meet: at the same time, in two tabs, of another kind, or long after each other."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id

PURCHASES: Final = DefectFamily("purchases")
_AT_ONCE: Final = {"rule-payments-at-once-add-up", "rule-accounts-at-once"}
_REDIRECTS: Final = ("success_url", "cancel_url", "successUrl", "cancelUrl")
_RACE_SECONDS: Final = 0.01
_PAGE: Final = re.compile(r"/(?:c/)?pay/([^/]+)")
_COLUMN: Final = 255


@PURCHASES.defect(
    "redirects-in-a-global",
    "The redirects of an order are kept in a variable of the whole server while it is stored.",
    fails=_AT_ONCE,
)
class RedirectsInAGlobal:
    def __init__(self) -> None:
        self._redirects: dict[str, Any] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        own = {name: url for name, url in request.fields.items() if name in _REDIRECTS}
        if not request.is_creation or not own:
            return await upstream.send(request)
        self._redirects = own
        await asyncio.sleep(0)  # it writes to its database, and others come in between
        return await upstream.send(request.with_fields(**self._redirects))


@PURCHASES.defect(
    "way-back-in-a-global",
    "The redirect of a payment or a cancellation is kept in a variable of the whole server.",
    fails=_AT_ONCE,
)
class WayBackInAGlobal:
    def __init__(self) -> None:
        self._redirect = ""

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        found = response.json if request.is_control and request.buyer_action is not None else None
        redirect = found.get("redirect_url") if isinstance(found, dict) else None
        if not isinstance(redirect, str):
            return response
        self._redirect = redirect
        await asyncio.sleep(0)
        return response.with_redirect(self._redirect)


@PURCHASES.defect(
    "two-tabs-credit-twice",
    "Two payments of one session by its form at the same time both credit.",
    fails={"rule-paid-at-its-page"},
)
class TwoTabsCreditTwice(BalanceDefect):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        action = request.buyer_action
        if request.is_control or action is None or action.kind != "pay":
            return await super().__call__(request, upstream)
        before = await upstream.session(action.session)
        await asyncio.sleep(_RACE_SECONDS)
        response = await super().__call__(request, upstream)
        if before.get("status") == "pending" and response.status == 409:
            self.balances.add(before["account"], before["credits"])
        return response


@PURCHASES.defect("plans-have-no-page", "The page of a session for a plan is a 404.", fails={"rule-paid-at-its-page"})
async def plans_have_no_page(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    page = _PAGE.fullmatch(request.path)
    if request.method == "GET" and page is not None and (await upstream.session(page[1])).get("plan_id"):
        return (await upstream.send(request)).with_status(404)
    return await upstream.send(request)


@PURCHASES.defect(
    "paid-again-after-weeks",
    "A session that was paid two weeks ago can be paid again, and credits again.",
    fails={"rule-whole-lives"},
)
class PaidAgainAfterWeeks(BalanceDefect):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        action = request.buyer_action
        if action is None or action.kind != "pay" or response.status != 409:
            return response
        session = await upstream.session(action.session)
        clock = await upstream.call_control(f"clock?key={session['account']}")
        age = datetime.fromisoformat(clock["now"]) - datetime.fromisoformat(session["completed_at"])
        if age > timedelta(days=14):
            self.balances.add(session["account"], session["credits"])
        return response


@PURCHASES.defect(
    "long-redirects-are-cut", "A redirect is cut after 255 characters, as by a column.", fails={"rule-whole-lives"}
)
async def long_redirects_are_cut(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(_with_redirects(request, lambda url: url[:_COLUMN]))


@PURCHASES.defect(
    "pluses-in-redirects-are-spaces",
    "A plus in the path of a redirect becomes a space, as in a form.",
    fails={"rule-whole-lives"},
)
async def pluses_in_redirects_are_spaces(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(_with_redirects(request, lambda url: url.replace("+", "%20")))


@PURCHASES.defect(
    "redirects-through-a-map",
    "The query of a redirect is read into a map, where each name is once, and written anew.",
    fails={"rule-whole-lives"},
)
async def redirects_through_a_map(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(_with_redirects(request, _without_repeated_names))


def _without_repeated_names(url: str) -> str:
    begin, mark, rest = url.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    pairs = {pair.partition("=")[0]: pair for pair in query.split("&")}
    return f"{begin}{mark}{'&'.join(pairs.values())}{hash_mark}{fragment}"


def _with_redirects(request: InterceptedRequest, change: Callable[[str], str]) -> InterceptedRequest:
    """The request with its redirects changed, if it is an order with any."""
    changed = {name: change(url) for name, url in request.fields.items() if name in _REDIRECTS and isinstance(url, str)}
    return request.with_fields(**changed) if request.is_creation and changed else request


@PURCHASES.defect(
    "payments-complete-the-latest",
    "A payment completes the latest session of the whole server, too.",
    fails={"rule-accounts-are-apart"},
)
class PaymentsCompleteTheLatest:
    def __init__(self) -> None:
        self._latest: str | None = None
        self._completed: set[str | None] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        action = request.buyer_action
        if request.is_creation and response.is_success:
            self._latest = find_session_id(response)
        elif action is not None and action.kind == "pay" and response.status in (200, 303):
            self._completed.add(self._latest)
        if not request.is_list:
            return response
        return response.with_rows(
            [{**row, "status": "completed"} if row.get("id") in self._completed else row for row in response.rows]
        )
