"""Defects of age: a session is treated in another way after some hours, after a month, or on a day of the year."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import replace_text
from mockserver_contracts.defects.timing import EXPIRY, parse_time

OLD_SESSIONS: Final = DefectFamily("time")
_LIFE: Final = timedelta(hours=24)
_PAGE: Final = re.compile(r"/(?:c/)?pay/(cs_test_[A-Za-z0-9]{58})")


class _Aging:
    """Knows the key of each session, by whose clock it ages."""

    def __init__(self) -> None:
        self._keys: dict[str, str | None] = {}

    async def send(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        """Send the request, and remember the key of the session that it creates."""
        response = await upstream.send(request)
        if request.is_creation and response.is_success:
            self._keys[find_session_id(response) or ""] = request.key
        return response

    async def now_of(self, name: str, upstream: Upstream) -> datetime:
        """The time by the clock of the session's account."""
        return parse_time((await upstream.account(self._keys[name]))["now"])


@OLD_SESSIONS.defect("pages-close-early", "The page of a session closes after 20 hours.", fails={EXPIRY})
class PagesCloseEarly(_Aging):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.send(request, upstream)
        page = _PAGE.fullmatch(request.path)
        if page is None or request.method != "GET" or response.status != 200:
            return response
        created = parse_time((await upstream.session(page[1]))["created_at"])
        is_old = await self.now_of(page[1], upstream) - created > timedelta(hours=20)
        return InterceptedResponse.of(404, b"<h1>Not Found</h1>", HTML) if is_old else response


@OLD_SESSIONS.defect(
    "paid-again-after-a-month", "A session that was paid a month ago can be paid again.", fails={"rule-whole-lives"}
)
class PaidAgainAfterAMonth(_Aging):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.send(request, upstream)
        action = request.buyer_action
        if action is None or action.kind != "pay" or response.status != 409 or not request.is_control:
            return response
        session = await upstream.session(action.session)
        age = await self.now_of(action.session, upstream) - parse_time(session["completed_at"])
        paid = {"session": session, "redirect_url": session["success_url"]}
        return InterceptedResponse.of_json(200, paid) if age > timedelta(days=20) else response


@OLD_SESSIONS.defect(
    "no-credits-in-the-last-hour",
    "A payment in the last hour of a session credits nothing.",
    fails={"rule-pending-until-its-end"},
)
class NoCreditsInTheLastHour(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        left = parse_time(session["expires_at"]) - parse_time(session["completed_at"])
        if left < timedelta(hours=1):
            self.balances.add(session["account"], -session["credits"])


@OLD_SESSIONS.defect(
    "orders-of-a-leap-day-live-longer",
    "A session of the 29th of February is said to live two days.",
    fails={"rule-lives-a-day-in-every-night"},
)
async def orders_of_a_leap_day_live_longer(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    ends = response.json["data"]["expires_at"] if request.is_creation and response.is_success else None
    if ends is None or (created := parse_time(ends) - _LIFE).strftime("%m-%d") != "02-29":
        return response
    later = (created + 2 * _LIFE).isoformat().replace("+00:00", "Z")
    return response.with_json(replace_text(response.json, ends, later))
