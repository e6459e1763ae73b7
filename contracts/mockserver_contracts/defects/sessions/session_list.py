"""Defects of the session list: rows that are missing, wrong or too many, and wrong pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

SESSION_LIST: Final = DefectFamily("state")
LIST: Final = "list-shows-every-session-with-its-status"
_FIRST_ROWS: Final = 10
_KEPT: Final = 20
_LARGEST_PAGE: Final = 100
_OF_64_BITS: Final = 1 << 63
_CRASH: Final = {"success": False, "message": "out of range for bigint", "error_code": "internal_error"}

Row = dict[str, Any]
Rows = list[Row]


async def change_list(
    request: InterceptedRequest, upstream: Upstream, change: Callable[[Rows], Rows]
) -> InterceptedResponse:
    """Send the request; if it asks for the list of sessions, change the rows of the response."""
    response = await upstream.send(request)
    return response.with_rows(change(response.rows)) if request.is_list and response.is_success else response


@SESSION_LIST.defect("list-hides-expired", "Expired sessions are not listed.", fails={LIST})
async def list_hides_expired(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_list(request, upstream, lambda rows: [row for row in rows if row.get("status") != "expired"])


@SESSION_LIST.defect(
    "created-at-of-the-look",
    "The list shows the time of the look as that of the creation.",
    fails={"rule-list-in-order-and-in-pages"},
)
class CreatedAtOfTheLook:
    def __init__(self) -> None:
        self._looks = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        self._looks += 1
        time = f"2030-01-01T00:00:{self._looks % 60:02}.000Z"
        return await change_list(request, upstream, lambda rows: [{**row, "created_at": time} for row in rows])


@SESSION_LIST.defect(
    "list-says-pending-for-ever",
    "A completed session is listed as pending.",
    fails={LIST, "completed-session-does-not-expire", "rule-paid-once", "rule-whole-lives"},
)
async def list_says_pending_for_ever(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def stale(row: Row) -> Row:
        return {**row, "status": "pending"} if row.get("status") == "completed" else row

    return await change_list(request, upstream, lambda rows: [stale(row) for row in rows])


@SESSION_LIST.defect(
    "list-says-open",
    "A pending session is listed as open.",
    fails={LIST, "rule-list-in-order-and-in-pages", "rule-times-agree"},
)
async def list_says_open(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def renamed(row: Row) -> Row:
        return {**row, "status": "open"} if row.get("status") == "pending" else row

    return await change_list(request, upstream, lambda rows: [renamed(row) for row in rows])


@SESSION_LIST.defect(
    "list-in-cents",
    "The list shows amounts in cents.",
    fails={"amount-whole-dollars", "rule-times-agree", "rule-whole-lives"},
)
async def list_in_cents(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def in_cents(row: Row) -> Row:
        amount = row.get("amount")
        return {**row, "amount": amount * 100} if isinstance(amount, int | float) else row

    return await change_list(request, upstream, lambda rows: [in_cents(row) for row in rows])


@SESSION_LIST.defect(
    "oldest-is-listed-twice",
    "The last page of the list has its last session twice.",
    fails={"rule-no-two-sessions-alike"},
)
async def oldest_is_listed_twice(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    limit = request.number("limit", _FIRST_ROWS)
    return await change_list(request, upstream, lambda rows: [*rows, *rows[-1:]] if len(rows) < limit else rows)


@SESSION_LIST.defect("list-by-last-change", "A paid session moves to the head of the list.", fails={"rule-whole-lives"})
class ListByLastChange:
    def __init__(self) -> None:
        self._paid: list[str] = []

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        def place(row: Row) -> int:
            return self._paid.index(row["id"]) if row.get("id") in self._paid else len(self._paid)

        response = await change_list(request, upstream, lambda rows: sorted(rows, key=place))
        action = request.buyer_action
        if action is not None and action.kind == "pay" and response.status in (200, 303):
            self._paid.insert(0, action.session)
        return response


@SESSION_LIST.defect(
    "list-ends-after-ten",
    "The list ends after the ten newest sessions of an account.",
    fails={LIST, "rule-list-in-order-and-in-pages"},
)
async def list_ends_after_ten(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    left = max(_FIRST_ROWS - request.number("offset", 0), 0)
    return await change_list(request, upstream, lambda rows: rows[:left])


@SESSION_LIST.defect(
    "list-ignores-offset", "Every page of the list is the first.", fails={"rule-list-in-order-and-in-pages"}
)
async def list_ignores_offset(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request.with_parameter("offset", None) if _has_number(request, "offset") else request)


@SESSION_LIST.defect(
    "list-ignores-limit",
    "A page of the list has ten sessions, whatever the limit.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def list_ignores_limit(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request.with_parameter("limit", None) if _has_number(request, "limit") else request)


@SESSION_LIST.defect(
    "list-forgives-wrong-pages",
    "A wrong limit or offset counts as none.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def list_forgives_wrong_pages(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    for name, least in (("limit", 1), ("offset", 0)):
        if request.is_list and not least <= request.number(name, -1) <= _LARGEST_PAGE:
            request = request.with_parameter(name, None)
    return await upstream.send(request)


@SESSION_LIST.defect(
    "list-pages-overlap",
    "Each page of the list begins with the last session of the page before.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def list_pages_overlap(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    offset = request.number("offset", 0)
    return await upstream.send(
        request.with_parameter("offset", str(offset - 1)) if request.is_list and offset else request
    )


@SESSION_LIST.defect(
    "list-shows-others",
    "The list shows the sessions of another account too.",
    fails={"rule-accounts-are-apart", "rule-list-in-order-and-in-pages"},
)
class ListShowsOthers:
    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if not request.is_billing or response.status != 200 or request.key is None:
            return response
        self._keys[request.key] = None
        others = [key for key in self._keys if key != request.key]
        if not request.is_list or not others:
            return response
        foreign = await upstream.send(request.with_key(others[0]))
        return response.with_rows([*response.rows, *foreign.rows])


@SESSION_LIST.defect(
    "a-page-of-one-is-no-list",
    "A page of one session is that session instead of a list.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def a_page_of_one_is_no_list(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_one = request.is_list and response.is_success and len(response.rows) == 1
    return response.with_json({**response.json, "data": response.rows[0]}) if is_one else response


@SESSION_LIST.defect(
    "list-is-cached-for-all",
    "Until the next change, every account gets the list that was read last.",
    fails={"rule-accounts-are-apart"},
)
class ListIsCachedForAll:
    def __init__(self) -> None:
        self._known: dict[bytes, InterceptedResponse] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_list:
            if request.method != "GET":
                self._known.clear()
            return await upstream.send(request)
        response = await upstream.send(request)
        return self._known.setdefault(request.query, response) if response.is_success else response


def _has_number(request: InterceptedRequest, name: str) -> bool:
    """The request asks for the list with a positive number in this parameter; other values are refused as usual."""
    return request.is_list and request.number(name, -1) > 0


@SESSION_LIST.defect(
    "list-ends-after-twenty", "The list has the newest 20 sessions and no others.", fails={"accepted_orders_are_listed"}
)
async def list_ends_after_twenty(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    left = max(0, _KEPT - request.number("offset", 0))
    return await change_list(request, upstream, lambda rows: rows[:left])


@SESSION_LIST.defect(
    "exponents-get-lost",
    "An amount of 1e2 is read as 1, as by a reader of digits.",
    fails={"accepted_orders_are_listed"},
)
async def exponents_get_lost(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_one = request.is_creation and b'"amount": 1e2' in request.body
    return await upstream.send(request.with_fields(amount=1) if is_one else request)


@SESSION_LIST.defect(
    "huge-offsets-crash",
    "An offset of more than 64 bits makes the list fail.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def huge_offsets_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    offset = request.parameter("offset") or ""
    if request.is_list and offset.isdigit() and int(offset) >= _OF_64_BITS:
        return InterceptedResponse.of_json(500, _CRASH)
    return await upstream.send(request)


@SESSION_LIST.defect(
    "offsets-of-no-utf-8-crash",
    "An offset of bytes that are no UTF-8 makes the list fail.",
    fails={"rule-list-in-order-and-in-pages"},
)
async def offsets_of_no_utf_8_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_list and b"offset=%FF" in request.query:
        return InterceptedResponse.of_json(500, _CRASH)
    return await upstream.send(request)


@SESSION_LIST.defect(
    "age-is-the-days-of-a-difference",
    "The age of a session is the days of a difference in months and days: after whole months it is pending again.",
    fails={"rule-whole-lives"},
)
async def age_is_the_days_of_a_difference(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    clock = await upstream.call_control(f"clock?key={request.key}") if request.is_list else {}
    if "now" not in clock:
        return await upstream.send(request)
    now = datetime.fromisoformat(clock["now"])

    def aged(row: Row) -> Row:
        created = datetime.fromisoformat(row["created_at"])
        is_young = now.day == created.day and now.time() >= created.time() and now - created > timedelta(days=2)
        return {**row, "status": "pending"} if is_young and row.get("status") == "expired" else row

    return await change_list(request, upstream, lambda rows: [aged(row) for row in rows])
