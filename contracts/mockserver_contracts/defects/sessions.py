"""Defects of sessions: their ids, what closes them, where they lead, and how they are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import Answer, Call
from mockserver_contracts.defects.upstream import Server, session_in

SESSIONS: Final = Family("state")
LIST: Final = "list-shows-every-session-with-its-status"
_TEMPLATE: Final = "{CHECKOUT_SESSION_ID}"
_REPEATS_EVERY: Final = 20
_LOSES_EVERY: Final = 7
_LISTED: Final = 10

Row = dict[str, Any]


async def listed(call: Call, server: Server, change: Callable[[list[Row]], list[Row]]) -> Answer:
    """The answer, and where it is the list of sessions, its entries changed."""
    answer = await server.answer(call)
    return answer.with_rows(change(answer.rows)) if call.lists and answer.is_success else answer


@SESSIONS.defect(
    "ids-come-again", "Each twentieth session gets the id of an older one.", fails={"rule-no-two-sessions-alike"}
)
class IdsComeAgain:
    def __init__(self) -> None:
        self._first: dict[str | None, Answer] = {}
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if not call.creates or answer.status != 200:
            return answer
        self._count += 1
        first = self._first.setdefault(call.key, answer)
        return first if self._count % _REPEATS_EVERY == 0 else answer


@SESSIONS.defect(
    "same-order-same-session",
    "Who orders the same again gets the session there is.",
    fails={"rule-no-two-sessions-alike"},
)
class SameOrderSameSession:
    def __init__(self) -> None:
        self._known: dict[tuple[str | None, bytes], Answer] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        order = call.key, call.body
        if call.creates and order in self._known:
            return self._known[order]
        answer = await server.answer(call)
        if call.creates and answer.is_success:
            self._known[order] = answer
        return answer


@SESSIONS.defect(
    "refused-requests-create",
    "A request that is refused has made a session all the same.",
    fails={"refusal_creates_nothing"},
)
async def refused_requests_create(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if call.creates and answer.status == 400:
        await server.answer(call.with_json({"amount": 1}))
    return answer


@SESSIONS.defect(
    "sessions-get-lost",
    "Each seventh session is answered and not kept.",
    fails={LIST, "rule-list-in-order-and-in-pages", "rule-no-two-sessions-alike", "checkout-answers-with-its-url"},
)
class SessionsGetLost:
    def __init__(self) -> None:
        self._lost: set[str] = set()
        self._count = 0

    async def __call__(self, call: Call, server: Server) -> Answer:
        lost = next((name for name in self._lost if name in call.path), None)
        if lost is not None:
            call = replace(call, path=call.path.replace(lost, "cs_test_" + "0" * 58))
        answer = await listed(call, server, lambda rows: [row for row in rows if row.get("id") not in self._lost])
        if call.creates and answer.is_success and (name := session_in(answer)) is not None:
            self._count += 1
            if self._count % _LOSES_EVERY == 0:
                self._lost.add(name)
        return answer


@SESSIONS.defect(
    "decline-closes-the-session", "A declined card expires the session.", fails={"rule-declined-changes-nothing"}
)
async def decline_closes_the_session(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if (act := call.act) is not None and act.kind == "pay" and answer.status == 402:
        await server.control(f"sessions/{act.session}/expire", {})
    return answer


@SESSIONS.defect(
    "cancel-closes-the-session",
    "Turning back on the page expires the session.",
    fails={"rule-cancelled-changes-nothing"},
)
async def cancel_closes_the_session(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if (act := call.act) is not None and act.kind == "cancel" and answer.status < 400:
        await server.control(f"sessions/{act.session}/expire", {})
    return answer


@SESSIONS.defect(
    "payment-leads-to-the-cancel-url",
    "After a payment the buyer is sent to the cancel URL.",
    fails={"success-url-after-payment"},
)
async def payment_leads_to_the_cancel_url(call: Call, server: Server) -> Answer:
    return await _sent_to(call, server, "pay", "cancel_url")


@SESSIONS.defect(
    "cancelling-leads-to-the-success-url",
    "After a cancellation the buyer is sent to the success URL.",
    fails={"cancel-url-after-cancellation", "success-url-after-payment"},
)
async def cancelling_leads_to_the_success_url(call: Call, server: Server) -> Answer:
    return await _sent_to(call, server, "cancel", "success_url")


@SESSIONS.defect(
    "template-is-not-filled", f"{_TEMPLATE} in the success URL stays as it is.", fails={"success-url-after-payment"}
)
async def template_is_not_filled(call: Call, server: Server) -> Answer:
    return await _sent_to(call, server, "pay", "success_url")


@SESSIONS.defect(
    "redirects-lose-their-query",
    "The query of a success or cancel URL is cut off.",
    fails={"success-url-after-payment", "cancel-url-after-cancellation"},
)
async def redirects_lose_their_query(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if call.act is None or answer.status >= 400:
        return answer
    found = answer.json
    url = answer.location or (found.get("redirect_url") if isinstance(found, dict) else None)
    return answer.redirecting(url.partition("?")[0]) if isinstance(url, str) else answer


@SESSIONS.defect(
    "list-hides-expired", "Expired sessions are not listed.", fails={LIST, "rule-list-in-order-and-in-pages"}
)
async def list_hides_expired(call: Call, server: Server) -> Answer:
    return await listed(call, server, lambda rows: [row for row in rows if row.get("status") != "expired"])


@SESSIONS.defect(
    "list-says-pending-for-ever",
    "A completed session is listed as pending.",
    fails={LIST, "completed-session-does-not-expire", "rule-times-agree"},
)
async def list_says_pending_for_ever(call: Call, server: Server) -> Answer:
    def stale(row: Row) -> Row:
        return {**row, "status": "pending"} if row.get("status") == "completed" else row

    return await listed(call, server, lambda rows: [stale(row) for row in rows])


@SESSIONS.defect(
    "list-in-cents",
    "The list shows amounts in cents.",
    fails={LIST, "rule-list-in-order-and-in-pages", "rule-times-agree", "rule-credits-as-sold"},
)
async def list_in_cents(call: Call, server: Server) -> Answer:
    def in_cents(row: Row) -> Row:
        amount = row.get("amount")
        return {**row, "amount": amount * 100} if isinstance(amount, int | float) else row

    return await listed(call, server, lambda rows: [in_cents(row) for row in rows])


@SESSIONS.defect(
    "list-ends-after-ten",
    "The list knows an account's ten newest sessions and no other.",
    fails={LIST, "rule-list-in-order-and-in-pages"},
)
async def list_ends_after_ten(call: Call, server: Server) -> Answer:
    left = max(_LISTED - call.number("offset", 0), 0)
    return await listed(call, server, lambda rows: rows[:left])


@SESSIONS.defect(
    "list-ignores-offset", "Every page of the list is the first.", fails={"rule-list-in-order-and-in-pages"}
)
async def list_ignores_offset(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_parameter("offset", None) if _has_whole(call, "offset") else call)


@SESSIONS.defect(
    "list-ignores-limit",
    "A page of the list is ten long, whatever the limit.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def list_ignores_limit(call: Call, server: Server) -> Answer:
    return await server.answer(call.with_parameter("limit", None) if _has_whole(call, "limit") else call)


@SESSIONS.defect(
    "list-pages-overlap",
    "Each page of the list begins with the end of the one before.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def list_pages_overlap(call: Call, server: Server) -> Answer:
    offset = call.number("offset", 0)
    return await server.answer(call.with_parameter("offset", str(offset - 1)) if call.lists and offset else call)


@SESSIONS.defect(
    "list-shows-others",
    "The list shows the sessions of another account too.",
    fails={"rule-accounts-are-apart", "rule-list-in-order-and-in-pages"},
)
class ListShowsOthers:
    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await server.answer(call)
        if not call.is_billing or answer.status != 200 or call.key is None:
            return answer
        self._keys[call.key] = None
        others = [key for key in self._keys if key != call.key]
        if not call.lists or not others:
            return answer
        strange = await server.answer(call.with_key(others[0]))
        return answer.with_rows([*answer.rows, *strange.rows])


@SESSIONS.defect(
    "list-is-cached-for-all",
    "Until the next change every account is shown the list that was shown last.",
    fails={"rule-accounts-are-apart"},
)
class ListIsCachedForAll:
    def __init__(self) -> None:
        self._known: dict[bytes, Answer] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        if not call.lists:
            if call.method != "GET":
                self._known.clear()
            return await server.answer(call)
        answer = await server.answer(call)
        return self._known.setdefault(call.query, answer) if answer.is_success else answer


def _has_whole(call: Call, name: str) -> bool:
    """Whether the list is asked for with such a number in its query; what is none is refused as ever."""
    return call.lists and call.number(name, -1) > 0


async def _sent_to(call: Call, server: Server, kind: str, name: str) -> Answer:
    answer = await server.answer(call)
    if (act := call.act) is None or act.kind != kind or answer.status not in (200, 303):
        return answer
    url = (await server.session(act.session)).get(name)
    return answer.redirecting(url) if isinstance(url, str) else answer
