"""Defects of sessions: wrong ids, sessions that close or get lost, and wrong redirects."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import change_created, without
from mockserver_contracts.defects.sessions.session_list import Rows, change_list

SESSIONS: Final = DefectFamily("state")
_TEMPLATE: Final = "{CHECKOUT_SESSION_ID}"
_REPEATS_EVERY: Final = 20
_LOSES_EVERY: Final = 7
_OLDER_EVERY: Final = 5
_MOST_DECLINED: Final = 3
_MOST_SESSIONS: Final = 16


@SESSIONS.defect(
    "ids-come-again",
    "Each twentieth session gets the id of an older one.",
    fails={"rule-no-two-sessions-alike", "rule-whole-lives"},
)
class IdsComeAgain:
    def __init__(self) -> None:
        self._first: dict[str | None, InterceptedResponse] = {}
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if not request.is_creation or response.status != 200:
            return response
        self._count += 1
        first = self._first.setdefault(request.key, response)
        return first if self._count % _REPEATS_EVERY == 0 else response


@SESSIONS.defect(
    "same-order-same-session",
    "The same order gets the same session again.",
    fails={"rule-no-two-sessions-alike"},
)
class SameOrderSameSession:
    def __init__(self) -> None:
        self._known: dict[tuple[str | None, bytes], InterceptedResponse] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        order = request.key, request.body
        if request.is_creation and order in self._known:
            return self._known[order]
        response = await upstream.send(request)
        if request.is_creation and response.is_success:
            self._known[order] = response
        return response


@SESSIONS.defect(
    "refused-requests-create",
    "A refused request creates a session all the same.",
    fails={"refusal_creates_nothing"},
)
async def refused_requests_create(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.is_creation and response.status == 400:
        await upstream.send(request.with_json({"amount": 1}))
    return response


@SESSIONS.defect(
    "sessions-get-lost",
    "Each seventh session is answered, but not stored.",
    fails={"rule-list-in-order-and-in-pages", "rule-no-two-sessions-alike"},
)
class SessionsGetLost:
    def __init__(self) -> None:
        self._lost: set[str] = set()
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        lost = next((name for name in self._lost if name in request.path), None)
        if lost is not None:
            request = replace(request, path=request.path.replace(lost, "cs_test_" + "0" * 58))

        def without_lost(rows: Rows) -> Rows:
            return [row for row in rows if row.get("id") not in self._lost]

        response = await change_list(request, upstream, without_lost)
        if request.is_creation and response.is_success and (name := find_session_id(response)) is not None:
            self._count += 1
            if self._count % _LOSES_EVERY == 0:
                self._lost.add(name)
        return response


@SESSIONS.defect(
    "decline-closes-the-session",
    "A declined card expires the session.",
    fails={"rule-declined-changes-nothing", "rule-whole-lives"},
)
async def decline_closes_the_session(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if (buyer_action := request.buyer_action) is not None and buyer_action.kind == "pay" and response.status == 402:
        await upstream.call_control(f"sessions/{buyer_action.session}/expire", {})
    return response


@SESSIONS.defect(
    "cancel-closes-the-session",
    "A cancellation expires the session.",
    fails={"rule-cancelled-changes-nothing"},
)
async def cancel_closes_the_session(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if (buyer_action := request.buyer_action) is not None and buyer_action.kind == "cancel" and response.status < 400:
        await upstream.call_control(f"sessions/{buyer_action.session}/expire", {})
    return response


@SESSIONS.defect(
    "completed-can-be-cancelled", "The cancellation of a completed session is accepted.", fails={"rule-paid-once"}
)
async def completed_can_be_cancelled(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _accept_cancellation(request, upstream, refused_with=409)


@SESSIONS.defect(
    "expired-can-be-cancelled",
    "The cancellation of an expired session is accepted.",
    fails={"rule-expired-stays-expired", "rule-whole-lives"},
)
async def expired_can_be_cancelled(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _accept_cancellation(request, upstream, refused_with=410)


@SESSIONS.defect(
    "three-declines-lock-the-session",
    "A session cannot be paid after three declined cards.",
    fails={"rule-whole-lives"},
)
class ThreeDeclinesLockTheSession:
    def __init__(self) -> None:
        self._declined: Counter[str] = Counter()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        action = request.buyer_action
        if action is None or action.kind != "pay":
            return await upstream.send(request)
        if self._declined[action.session] >= _MOST_DECLINED:
            locked = {"success": False, "message": "Too many cards were declined.", "error_code": "session_locked"}
            return InterceptedResponse.of_json(409, locked)
        response = await upstream.send(request)
        self._declined[action.session] += response.status == 402
        return response


@SESSIONS.defect(
    "sixteen-sessions-are-enough",
    "An account can have sixteen sessions; a further order is refused.",
    fails={"rule-no-two-sessions-alike"},
)
class SixteenSessionsAreEnough:
    def __init__(self) -> None:
        self._created: Counter[str | None] = Counter()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.is_creation and self._created[request.key] >= _MOST_SESSIONS:
            return await upstream.refuse(request, "", "the account has too many sessions")
        response = await upstream.send(request)
        self._created[request.key] += request.is_creation and response.is_success
        return response


@SESSIONS.defect(
    "two-versions-answer",
    "Each fifth order is answered by an older version, which has no checkout_url.",
    fails={"rule-no-two-sessions-alike"},
)
class TwoVersionsAnswer:
    def __init__(self) -> None:
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        self._count += request.is_creation
        if self._count % _OLDER_EVERY:
            return await upstream.send(request)
        return await change_created(request, upstream, lambda body: without(body, "checkout_url"))


@SESSIONS.defect(
    "payment-leads-to-the-cancel-url",
    "After a payment the buyer is sent to the cancel URL.",
    fails={"success-url-after-payment", "rule-whole-lives"},
)
async def payment_leads_to_the_cancel_url(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _redirect_to(request, upstream, "pay", "cancel_url")


@SESSIONS.defect(
    "cancelling-leads-to-the-success-url",
    "After a cancellation the buyer is sent to the success URL.",
    fails={"cancel-url-after-cancellation", "rule-whole-lives"},
)
async def cancelling_leads_to_the_success_url(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _redirect_to(request, upstream, "cancel", "success_url")


@SESSIONS.defect(
    "template-is-not-filled", f"{_TEMPLATE} in the success URL stays as it is.", fails={"success-url-after-payment"}
)
async def template_is_not_filled(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _redirect_to(request, upstream, "pay", "success_url")


@SESSIONS.defect(
    "redirects-lose-their-query",
    "The query of a success or cancel URL is cut off.",
    fails={"success-url-after-payment", "cancel-url-after-cancellation"},
)
async def redirects_lose_their_query(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.buyer_action is None or response.status >= 400:
        return response
    found = response.json
    url = response.location or (found.get("redirect_url") if isinstance(found, dict) else None)
    return response.with_redirect(url.partition("?")[0]) if isinstance(url, str) else response


async def _redirect_to(request: InterceptedRequest, upstream: Upstream, kind: str, name: str) -> InterceptedResponse:
    response = await upstream.send(request)
    if (buyer_action := request.buyer_action) is None or buyer_action.kind != kind or response.status not in (200, 303):
        return response
    url = (await upstream.session(buyer_action.session)).get(name)
    return response.with_redirect(url) if isinstance(url, str) else response


async def _accept_cancellation(
    request: InterceptedRequest, upstream: Upstream, *, refused_with: int
) -> InterceptedResponse:
    response = await upstream.send(request)
    action = request.buyer_action
    if action is None or (action.kind, response.status) != ("cancel", refused_with):
        return response
    session = await upstream.session(action.session)
    if not request.is_control:
        return InterceptedResponse(303, ((b"location", (session["cancel_url"] or request.path).encode()),), b"")
    return InterceptedResponse.of_json(200, {"session": session, "redirect_url": session["cancel_url"]})


@SESSIONS.defect(
    "first-orders-at-once-open-two-accounts",
    "Of the first orders of an account, those that come at the same time are lost but for one.",
    fails={"rule-no-two-sessions-alike"},
)
class FirstOrdersAtOnceOpenTwoAccounts:
    def __init__(self) -> None:
        self._known: set[str | None] = set()
        self._under_way: set[str | None] = set()
        self._lost: set[str | None] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_creation or request.key in self._known:
            return await change_list(request, upstream, self._kept)
        is_second = request.key in self._under_way
        self._under_way.add(request.key)
        await asyncio.sleep(0)  # it has looked for the account, and others look, too
        response = await upstream.send(request)
        self._known.add(request.key)
        if is_second and response.is_success:
            self._lost.add(find_session_id(response))
        return response

    def _kept(self, rows: Rows) -> Rows:
        return [row for row in rows if row.get("id") not in self._lost]
