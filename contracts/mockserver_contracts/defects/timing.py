"""Defects of time: sessions expire at a wrong time or wrongly, or timestamps are wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect, BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.defects.response_shape import change_created, replace_in_data
from mockserver_contracts.defects.sessions.session_list import LIST, Row, change_list
from mockserver_contracts.document.operations import USAGE

TIMING: Final = DefectFamily("time")
EXPIRY: Final = "session-expires-after-24-hours"
STAYS: Final = "rule-expired-stays-expired"
_LIFE: Final = timedelta(hours=24)
_KEPT: Final = timedelta(days=30)
_TIME: Final = re.compile(rb"(\d{4}-\d\d-\d\d)T(\d\d)")

TIMING.setting(
    "never-expires", "A session is still open after a year.", fails={EXPIRY}, settings={"session_ttl": "366d"}
)
TIMING.setting(
    "expires-a-second-late",
    "A session stays open for 24 hours and a second.",
    fails={EXPIRY},
    settings={"session_ttl": "24h1s"},
)
TIMING.setting(
    "expires-a-second-early",
    "A session expires a second before its 24 hours are over.",
    fails={EXPIRY, "rule-pending-until-its-end", "rule-lives-a-day-in-every-night"},
    settings={"session_ttl": "23h59m59s"},
)


@TIMING.defect(
    "expired-can-be-paid",
    "An expired session can be paid, and credits.",
    fails={EXPIRY, STAYS, "rule-whole-lives", "rule-paid-at-its-page"},
)
class ExpiredCanBePaid:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()
        self._paid: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if (buyer_action := request.buyer_action) is not None and buyer_action.kind == "pay" and response.status == 410:
            session = self._as_paid(await upstream.session(buyer_action.session))
            if buyer_action.session not in self._paid:
                self._paid.add(buyer_action.session)
                self._balances.add(session["account"], session["credits"])
            if request.is_control:
                return InterceptedResponse.of_json(
                    200, {"session": self._as_paid(session), "redirect_url": session["success_url"]}
                )
            return InterceptedResponse(303, ((b"location", (session["success_url"] or request.path).encode()),), b"")
        if request.is_list and response.is_success:
            return response.with_rows([self._as_paid(row) for row in response.rows])
        if request.is_control and isinstance(found := response.json, dict) and found.get("id") in self._paid:
            return response.with_json(self._as_paid(found))
        return response

    def _as_paid(self, session: dict[str, Any]) -> dict[str, Any]:
        return {**session, "status": "completed"} if session.get("id") in self._paid else session


@TIMING.defect(
    "refused-payments-credit",
    "The payment of an expired session is refused, and credits.",
    fails={EXPIRY, STAYS},
)
class RefusedPaymentsCredit:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if (buyer_action := request.buyer_action) is not None and buyer_action.kind == "pay" and response.status == 410:
            session = await upstream.session(buyer_action.session)
            self._balances.add(session["account"], session["credits"])
        return response


@TIMING.defect(
    "credits-expire",
    "Bought credits vanish a day after the payment.",
    fails={"rule-credits-stay", "rule-whole-lives"},
)
class CreditsExpire(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._bought: dict[str, list[tuple[datetime, float]]] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.path == USAGE and (account := await upstream.account(request.key)):
            now, bought = parse_time(account["now"]), self._bought.pop(account["id"], [])
            self.balances.add(account["id"], -sum(credits for paid, credits in bought if now >= paid + _LIFE))
            self._bought[account["id"]] = [one for one in bought if now < one[0] + _LIFE]
        return await super().__call__(request, upstream)

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        bought = parse_time(session["completed_at"]), session["credits"]
        self._bought.setdefault(session["account"], []).append(bought)


@TIMING.defect(
    "completed-expires",
    "A completed session is listed as expired after 24 hours.",
    fails={"completed-session-does-not-expire"},
)
async def completed_expires(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    now = (await upstream.account(request.key)).get("now") if request.is_list else None

    def expire(row: Row) -> Row:
        is_over = isinstance(now, str) and parse_time(now) >= parse_time(row["created_at"]) + _LIFE
        return {**row, "status": "expired"} if is_over and row.get("status") == "completed" else row

    return await change_list(request, upstream, lambda rows: [expire(row) for row in rows])


@TIMING.defect("expired-is-listed-as-pending", "An expired session is listed as pending.", fails={EXPIRY, STAYS, LIST})
async def expired_is_listed_as_pending(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def reopen(row: Row) -> Row:
        return {**row, "status": "pending"} if row.get("status") == "expired" else row

    return await change_list(request, upstream, lambda rows: [reopen(row) for row in rows])


@TIMING.defect(
    "expired-page-still-opens",
    "The page of an expired session opens as if the session were pending.",
    fails={EXPIRY},
)
async def expired_page_still_opens(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_page = request.method == "GET" and "/pay/" in request.path and not request.is_control
    return response.with_status(200) if is_page and response.status == 410 else response


@TIMING.defect(
    "expires-at-is-too-soon",
    "expires_at is half an hour ahead, but the session lives for 24 hours.",
    fails={EXPIRY, "rule-times-agree", "rule-whole-lives"},
)
async def expires_at_is_too_soon(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def shorten(body: dict[str, Any]) -> dict[str, Any]:
        expiry = body.get("data", {}).get("expires_at")
        if not expiry:
            return body
        return replace_in_data(body, expires_at=_format_time(parse_time(expiry) - _LIFE + timedelta(minutes=30)))

    return await change_created(request, upstream, shorten)


@TIMING.defect(
    "times-without-a-zone",
    "Times come without their time zone.",
    fails={"response_schema_conformance"},
)
async def times_without_a_zone(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def strip_zone(row: Row) -> Row:
        return {**row, "created_at": str(row["created_at"]).removesuffix("Z").replace("T", " ")}

    return await change_list(
        request, upstream, lambda rows: [strip_zone(row) if "created_at" in row else row for row in rows]
    )


@TIMING.defect(
    "times-in-words",
    "The list shows times as mails do: Tue, 15 Jan 2030 12:00:00 GMT.",
    fails={"rule-times-agree"},
)
async def times_in_words(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def in_words(row: Row) -> Row:
        return {**row, "created_at": format_datetime(parse_time(row["created_at"]), usegmt=True)}

    return await change_list(
        request, upstream, lambda rows: [in_words(row) if "created_at" in row else row for row in rows]
    )


@TIMING.defect(
    "sessions-go-after-a-month",
    "Sessions are deleted thirty days after their creation.",
    fails={"rule-whole-lives"},
)
async def sessions_go_after_a_month(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    now = (await upstream.account(request.key)).get("now") if request.is_list else None

    def is_kept(row: Row) -> bool:
        return not isinstance(now, str) or parse_time(now) < parse_time(row["created_at"]) + _KEPT

    return await change_list(request, upstream, lambda rows: [row for row in rows if is_kept(row)])


@TIMING.defect(
    "times-of-another-zone",
    "Times are local, eight hours off, and marked as UTC.",
    fails={"rule-times-agree"},
)
async def times_of_another_zone(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def shift_zone(row: Row) -> Row:
        return {**row, "created_at": _format_time(parse_time(row["created_at"]) + timedelta(hours=8))}

    return await change_list(
        request, upstream, lambda rows: [shift_zone(row) if "created_at" in row else row for row in rows]
    )


@TIMING.defect(
    "created-at-is-now",
    "created_at is the time of the request for the list.",
    fails={"rule-times-agree", "rule-whole-lives"},
)
async def created_at_is_now(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    now = (await upstream.account(request.key)).get("now") if request.is_list else None
    return await change_list(request, upstream, lambda rows: [{**row, "created_at": now} for row in rows])


@TIMING.defect(
    "times-of-half-a-day",
    "Times have the hours of a clock of twelve: 01:00 is one at night and one in the afternoon.",
    fails={"rule-lives-a-day-in-every-night"},
)
async def times_of_half_a_day(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_shown = request.is_creation or request.is_list or "/_mock/sessions" in request.path
    return response.with_body(_TIME.sub(_by_twelve, response.body)) if is_shown else response


def _by_twelve(found: re.Match[bytes]) -> bytes:
    return b"%bT%02d" % (found[1], int(found[2]) % 12 or 12)


@TIMING.defect(
    "no-orders-on-a-leap-day",
    "An order on the 29th of February fails, because the day is looked for in another year.",
    fails={"rule-lives-a-day-in-every-night"},
)
async def no_orders_on_a_leap_day(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and str((await upstream.account(request.key)).get("now"))[5:10] == "02-29":
        body = {"success": False, "message": "day is out of range for month", "error_code": "internal_error"}
        return InterceptedResponse.of_json(500, body)
    return await upstream.send(request)


def parse_time(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _format_time(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@TIMING.defect(
    "tries-make-it-live-longer",
    "A session never expires after a declined card.",
    fails={"rule-whole-lives"},
)
class TriesMakeItLiveLonger:
    def __init__(self) -> None:
        self._declined: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        def reopen(row: Row) -> Row:
            is_declined = row.get("status") == "expired" and row.get("id") in self._declined
            return {**row, "status": "pending"} if is_declined else row

        response = await change_list(request, upstream, lambda rows: [reopen(row) for row in rows])
        if request.buyer_action is not None and response.status == 402:
            self._declined.add(request.buyer_action.session)
        return response
