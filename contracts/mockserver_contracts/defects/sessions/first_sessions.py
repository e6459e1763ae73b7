"""Defects of an account's first sessions, which are treated apart from later ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import replace_text

FIRST_SESSIONS: Final = DefectFamily("state")
_FAILS: Final = {"rule-first-sessions-are-like-others"}
_LOST: Final = timedelta(hours=23)


class _Numbered:
    """Knows which session of its account a session is: 0 for the first."""

    def __init__(self) -> None:
        self.names: dict[str | None, list[str]] = {}
        self.numbers: dict[str, int] = {}

    async def send(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        """Send the request, and count the session that it creates."""
        response = await upstream.send(request)
        if request.is_creation and response.is_success and (name := find_session_id(response)) is not None:
            names = self.names.setdefault(request.key, [])
            self.numbers[name] = len(names)
            names.append(name)
        return response


@FIRST_SESSIONS.defect("first-order-is-refused", "The first order of an account is refused.", fails=_FAILS)
class FirstOrderIsRefused:
    def __init__(self) -> None:
        self._known: set[str | None] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_creation or request.key in self._known:
            return await upstream.send(request)
        self._known.add(request.key)
        return await upstream.refuse(request, "", "the account is being set up")


@FIRST_SESSIONS.defect(
    "second-session-lives-an-hour", "The second session of an account is said to live an hour.", fails=_FAILS
)
class SecondSessionLivesAnHour(_Numbered):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.send(request, upstream)
        if not request.is_creation or self.numbers.get(find_session_id(response) or "") != 1:
            return response
        ends = response.json["data"]["expires_at"]
        earlier = (datetime.fromisoformat(ends) - _LOST).isoformat().replace("+00:00", "Z")
        return response.with_json(replace_text(response.json, ends, earlier))


@FIRST_SESSIONS.defect(
    "success-url-of-the-first", "Each payment leads to the success URL of the account's first session.", fails=_FAILS
)
class SuccessUrlOfTheFirst(_Numbered):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.send(request, upstream)
        action = request.buyer_action
        if action is None or action.kind != "pay" or response.status not in (200, 303):
            return response
        first = next((names[0] for names in self.names.values() if action.session in names), "")
        url = (await upstream.session(first)).get("success_url")
        return response if url is None else response.with_redirect(url)


@FIRST_SESSIONS.defect("third-session-is-locked", "The third session of an account cannot be paid.", fails=_FAILS)
class ThirdSessionIsLocked(_Numbered):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        action = request.buyer_action
        if action is not None and action.kind == "pay" and self.numbers.get(action.session) == 2:
            locked = {"success": False, "message": "This session is locked.", "error_code": "session_locked"}
            return InterceptedResponse.of_json(409, locked)
        return await self.send(request, upstream)


@FIRST_SESSIONS.defect(
    "first-session-stays-pending", "The list shows the first session of an account as pending.", fails=_FAILS
)
class FirstSessionStaysPending(_Numbered):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.send(request, upstream)
        if not request.is_list:
            return response
        return response.with_rows(
            [{**row, "status": "pending"} if self.numbers.get(row.get("id", "")) == 0 else row for row in response.rows]
        )
