"""Defects of time: when a session expires, what becomes of it then, and how times are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mockserver_contracts.defects.crediting import Bookkeeping, Books
from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import Answer, Call
from mockserver_contracts.defects.response_shape import created, in_data
from mockserver_contracts.defects.sessions import LIST, Row, listed
from mockserver_contracts.defects.upstream import Server

TIME: Final = Family("time")
EXPIRY: Final = {"session-expires-after-24-hours", "rule-pending-until-its-end", "rule-expired-stays-expired"}
_LIFE: Final = timedelta(hours=24)

TIME.setting("never-expires", "A session is still open after months.", fails=EXPIRY, settings={"session_ttl": "366d"})
TIME.setting(
    "expires-a-second-late",
    "A session stays open for 24 hours and a second.",
    fails=EXPIRY,
    settings={"session_ttl": "24h1s"},
)
TIME.setting(
    "expires-a-second-early",
    "A session stays open for a second less than 24 hours.",
    fails=EXPIRY,
    settings={"session_ttl": "23h59m59s"},
)


@TIME.defect("expired-can-be-paid", "An expired session can be paid, and credits.", fails=EXPIRY)
class ExpiredCanBePaid:
    def __init__(self) -> None:
        self._books = Books()
        self._paid: set[str] = set()

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await self._books.told(call, server)
        if (act := call.act) is not None and act.kind == "pay" and answer.status == 410:
            session = self._as_paid(await server.session(act.session))
            if act.session not in self._paid:
                self._paid.add(act.session)
                self._books.add(session["account"], session["credits"])
            if call.is_control:
                return Answer.json_of(200, {"session": self._as_paid(session), "redirect_url": session["success_url"]})
            return Answer(303, ((b"location", (session["success_url"] or call.path).encode()),), b"")
        if call.lists and answer.is_success:
            return answer.with_rows([self._as_paid(row) for row in answer.rows])
        if call.is_control and isinstance(found := answer.json, dict) and found.get("id") in self._paid:
            return answer.with_json(self._as_paid(found))
        return answer

    def _as_paid(self, session: dict[str, Any]) -> dict[str, Any]:
        return {**session, "status": "completed"} if session.get("id") in self._paid else session


@TIME.defect(
    "credits-expire",
    "Bought credits are gone a day after the payment.",
    fails={"rule-credits-stay"},
)
class CreditsExpire(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._bought: dict[str, list[tuple[datetime, float]]] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        if call.path == "/billing/usage" and (account := await server.account(call.key)):
            now, bought = _instant(account["now"]), self._bought.pop(account["id"], [])
            self.books.add(account["id"], -sum(credits for paid, credits in bought if now >= paid + _LIFE))
            self._bought[account["id"]] = [one for one in bought if now < one[0] + _LIFE]
        return await super().__call__(call, server)

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        bought = _instant(session["completed_at"]), session["credits"]
        self._bought.setdefault(session["account"], []).append(bought)


@TIME.defect(
    "completed-expires",
    "A completed session is listed as expired when its 24 hours are over.",
    fails={"completed-session-does-not-expire", LIST},
)
async def completed_expires(call: Call, server: Server) -> Answer:
    now = (await server.account(call.key)).get("now") if call.lists else None

    def late(row: Row) -> Row:
        is_over = isinstance(now, str) and _instant(now) >= _instant(row["created_at"]) + _LIFE
        return {**row, "status": "expired"} if is_over and row.get("status") == "completed" else row

    return await listed(call, server, lambda rows: [late(row) for row in rows])


@TIME.defect("expired-is-listed-as-pending", "An expired session is listed as pending.", fails={*EXPIRY, LIST})
async def expired_is_listed_as_pending(call: Call, server: Server) -> Answer:
    def open_still(row: Row) -> Row:
        return {**row, "status": "pending"} if row.get("status") == "expired" else row

    return await listed(call, server, lambda rows: [open_still(row) for row in rows])


@TIME.defect(
    "expired-page-still-opens",
    "The page of an expired session is shown as if it were open.",
    fails=EXPIRY,
)
async def expired_page_still_opens(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    is_page = call.method == "GET" and "/pay/" in call.path and not call.is_control
    return answer.with_status(200) if is_page and answer.status == 410 else answer


@TIME.defect(
    "expires-at-is-too-soon",
    "expires_at tells half an hour, and the session lives for 24.",
    fails={"rule-times-agree", "session-expires-after-24-hours"},
)
async def expires_at_is_too_soon(call: Call, server: Server) -> Answer:
    def sooner(body: dict[str, Any]) -> dict[str, Any]:
        told = body.get("data", {}).get("expires_at")
        return in_data(body, expires_at=_told(_instant(told) - _LIFE + timedelta(minutes=30))) if told else body

    return await created(call, server, sooner)


@TIME.defect(
    "times-without-a-zone",
    "Times are told without saying that they are UTC.",
    fails={"rule-times-agree", "response_schema_conformance"},
)
async def times_without_a_zone(call: Call, server: Server) -> Answer:
    def bare(row: Row) -> Row:
        return {**row, "created_at": str(row["created_at"]).removesuffix("Z").replace("T", " ")}

    return await listed(call, server, lambda rows: [bare(row) if "created_at" in row else row for row in rows])


@TIME.defect(
    "times-of-another-zone",
    "Times are told in local time, eight hours off, and called UTC.",
    fails={"rule-times-agree"},
)
async def times_of_another_zone(call: Call, server: Server) -> Answer:
    def moved(row: Row) -> Row:
        return {**row, "created_at": _told(_instant(row["created_at"]) + timedelta(hours=8))}

    return await listed(call, server, lambda rows: [moved(row) if "created_at" in row else row for row in rows])


@TIME.defect(
    "created-at-is-now",
    "created_at is the time of the look, not of the creation.",
    fails={"rule-times-agree", "rule-list-in-order-and-in-pages"},
)
async def created_at_is_now(call: Call, server: Server) -> Answer:
    now = (await server.account(call.key)).get("now") if call.lists else None
    return await listed(call, server, lambda rows: [{**row, "created_at": now} for row in rows])


def _instant(told: str) -> datetime:
    instant = datetime.fromisoformat(told)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _told(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@TIME.defect(
    "tries-make-it-live-longer",
    "A session that was declined once never expires.",
    fails={"rule-whole-lives"},
)
class TriesMakeItLiveLonger:
    def __init__(self) -> None:
        self._tried: set[str] = set()

    async def __call__(self, call: Call, server: Server) -> Answer:
        def open_still(row: Row) -> Row:
            is_tried = row.get("status") == "expired" and row.get("id") in self._tried
            return {**row, "status": "pending"} if is_tried else row

        answer = await listed(call, server, lambda rows: [open_still(row) for row in rows])
        if call.act is not None and answer.status == 402:
            self._tried.add(call.act.session)
        return answer
