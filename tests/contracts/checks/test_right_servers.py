"""Right servers that sell or show things in a way of their own have no finding."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.contracts.runs import KEY, checked_by, checked_on, target_of
from tests.contracts.servers import accounts
from tests.contracts.servers.accounts import Account, Books, Refused
from tests.contracts.servers.billing_family import BillingOperations
from tests.contracts.servers.independent import Other, Receive, Send
from tests.matrix import long_but


class Bounded:
    """The other server with a smallest and a largest order."""

    def __init__(self, least: int, most: int) -> None:
        self._other = Other(control=True)
        self._least, self._most = least, most

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        message = await receive()
        try:
            amount = json.loads(message.get("body", b""))["amount"]
            is_sold = not isinstance(amount, int | float) or amount <= 0 or self._least <= amount <= self._most
        except (ValueError, TypeError, KeyError, RecursionError):
            is_sold = True
        if scope["path"] == "/billing/checkout" and not is_sold:
            body = {"success": False, "message": "not sold here", "error_code": "invalid_request"}
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})
            return

        async def again() -> MutableMapping[str, Any]:
            return message

        await self._other(scope, again, send)


BOUNDS = [(50, 999_999), (5, 2_000), (10, 999_999), (1, 10_000)]


@pytest.mark.parametrize(("least", "most"), long_but(BOUNDS[0], of=BOUNDS))
def test_smallest_and_largest_order_are_found_out(least: int, most: int) -> None:
    run = checked_on(target_of(Bounded(least, most), is_mock=False), fuzz=True)
    # This server decides on the amount before it looks at the key and the media type: remarks, no more.
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []
    assert run.end.exit_code == 0
    assert len(run.verdicts("upheld")) > 30


def test_invoices_are_checked_where_large_orders_are_not_sold() -> None:
    server = Bounded(1, 100)
    run = checked_by("rule-invoice-for-each-payment", target_of(server, is_mock=False))
    assert run.findings == ()
    assert any(len(account.invoices) >= 2 for account in server._other._books.accounts.values())


class Paged:
    """The other server with a longest page of its own: a longer one is cut, or refused."""

    def __init__(self, other: Other, *, longest: int, refuses: bool) -> None:
        self._other, self._longest, self._refuses = other, longest, refuses

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        limit = query.get("limit", "")
        if limit.isdigit() and int(limit) > self._longest:
            query["limit"] = "0" if self._refuses else str(self._longest)
            scope = {**scope, "query_string": urlencode(query).encode()}
        await self._other(scope, receive, send)


PAGES = [
    (None, 20, False),
    ("list_oldest_first", 20, False),
    (None, 50, True),
    (None, 4, False),
    ("list_oldest_first", 15, True),
    (None, 1, False),
]


@pytest.mark.parametrize(("order", "longest", "refuses"), long_but(PAGES[1], PAGES[3], of=PAGES))
def test_longest_page_may_be_of_any_length(order: str | None, longest: int, refuses: bool) -> None:
    server = Paged(Other(order, control=True), longest=longest, refuses=refuses)
    run = checked_on(target_of(server, is_mock=False), fuzz=True, origins=frozenset({"examples", "coverage"}))
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []
    assert len(run.verdicts("upheld")) > 30


class OfKnownMethods(Other):
    """The other server behind one that knows the methods of RFC 9110 alone."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            await super().__call__(scope, receive, send)
            return
        headers = [(b"content-type", b"text/html"), (b"content-length", b"15")]
        await send({"type": "http.response.start", "status": 501, "headers": headers})
        await send({"type": "http.response.body", "body": b"Not Implemented"})


def test_method_that_a_server_does_not_know_may_be_501() -> None:
    run = checked_on(target_of(OfKnownMethods(control=True), is_mock=False), fuzz=True)
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []


class Forgetful(Other):
    """The other server with lists that show the latest sixty sessions: each check by itself makes fewer."""

    def _list(self, key: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        return self._page(self._books.listed(key)[:60], query)


def test_sessions_of_earlier_checks_stay_on_the_list() -> None:
    server = Forgetful(control=True, keys=(KEY, "sk-second"))
    run = checked_on(target_of(server, is_mock=False), second_key="sk-second")
    assert ("rule-no-two-sessions-alike", "the list is cut short") in {
        (each.check, each.cause) for each in run.findings
    }


def test_payments_need_no_invoices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Books, "invoice", lambda *_: None)
    run = checked_on(target_of(Other(control=True), is_mock=False))
    assert [(each.check, each.severity) for each in run.findings] == [("rule-invoice-for-each-payment", "info")]


def test_template_in_a_redirect_need_not_be_filled_in() -> None:
    run = checked_on(target_of(Other("template_forgotten", control=True), is_mock=False))
    found = [(each.check, each.cause, each.severity) for each in run.findings]
    assert found == [("success-url-after-payment", "the template is not filled in", "info")]
    assert "success-url-after-payment" in run.verdicts("upheld")


def test_status_may_follow_a_clock_that_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    age, expire = Books._age, Books.expire

    def by_the_clock(books: Books, account: Account, *sessions: dict[str, Any]) -> None:
        for session in sessions:
            if session["status"] == "expired" and session["id"] not in closed:
                session["status"] = "pending"
        age(books, account, *sessions)

    def close(books: Books, session: dict[str, Any]) -> None:
        expire(books, session)
        closed.add(session["id"])

    closed: set[str] = set()
    monkeypatch.setattr(Books, "_age", by_the_clock)
    monkeypatch.setattr(Books, "expire", close)
    run = checked_by("session-expires-after-24-hours", target_of(Other(control=True), is_mock=False))
    assert run.findings == ()
    assert "session-expires-after-24-hours" in run.verdicts("upheld")


class Dated:
    """The other server with the header Date, and creation times that are late by so much."""

    def __init__(self, late: timedelta, *, form: str = "%Y-%m-%dT%H:%M:%S.%fZ") -> None:
        self._other = Other()
        self._late, self._form = late, form

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def changed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (b"date", format_datetime(datetime.now(UTC), usegmt=True).encode())]
                message = {**message, "headers": [each for each in headers if each[0] != b"content-length"]}
            elif scope["path"] == "/billing/checkouts":
                body = re.sub(rb'"created_at": "([^"]*)"', self._told, message["body"])
                message = {**message, "body": body}
            await send(message)

        await self._other(scope, receive, changed)

    def _told(self, found: re.Match[bytes]) -> bytes:
        created = datetime.fromisoformat(found[1].decode()) + self._late
        return b'"created_at": "%b"' % created.strftime(self._form).encode()


IS_LOCAL = ("rule-times-agree", "created_at is a local time")


@pytest.mark.parametrize("late", [timedelta(hours=2), timedelta(hours=-5), timedelta(hours=5, minutes=45)])
def test_local_time_as_that_of_another_zone_is_found(late: timedelta) -> None:
    run = checked_by("rule-times-agree", target_of(Dated(late), is_mock=False))
    assert IS_LOCAL in {(each.check, each.cause) for each in run.findings}


@pytest.mark.parametrize(
    ("late", "form"),
    [
        (timedelta(), "%Y-%m-%dT%H:%M:%S.%fZ"),
        (timedelta(seconds=20), "%Y-%m-%dT%H:%M:%S+00:00"),
        # Skewed clocks, and a time without a zone.
        (timedelta(minutes=7), "%Y-%m-%dT%H:%M:%SZ"),
        (timedelta(days=400), "%Y-%m-%dT%H:%M:%SZ"),
        (timedelta(hours=2), "%Y-%m-%dT%H:%M:%S"),
    ],
)
def test_other_times_are_not_called_local(late: timedelta, form: str) -> None:
    run = checked_by("rule-times-agree", target_of(Dated(late, form=form), is_mock=False))
    assert IS_LOCAL not in {(each.check, each.cause) for each in run.findings}


def test_list_may_begin_with_the_oldest_session() -> None:
    run = checked_on(target_of(Other("list_oldest_first", control=True), is_mock=False))
    assert [finding for finding in run.findings if finding.severity != "info"] == []
    assert "rule-list-in-order-and-in-pages" in {finding.check for finding in run.findings}


class Tagged(Other):
    """The other server, whose list has the tag of its content; so has a page on which nothing changed."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"] != "/billing/checkouts":
            await super().__call__(scope, receive, send)
            return
        sent: list[MutableMapping[str, Any]] = []

        async def keep(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await super().__call__(scope, receive, keep)
        start, body = sent
        tag = b'"%x"' % zlib.crc32(body["body"])
        if (b"if-none-match", tag) in list(scope["headers"]):
            start, body = {**start, "status": 304, "headers": []}, {**body, "body": b""}
        await send({**start, "headers": [*start["headers"], (b"etag", tag)]})
        await send(body)


def test_page_that_begins_with_the_oldest_session_may_stay_as_it_is() -> None:
    server = Tagged("list_oldest_first", control=True, keys=(KEY,))
    for _ in range(12):
        server._books.create(KEY, {"amount": 1})
    run = checked_by("rule-lists-are-fresh", target_of(server, is_mock=False))
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []


class Ending(Other):
    """The other server, which has no page behind its last one."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if b"offset=100000" in scope["query_string"]:
            body = json.dumps({"success": False, "message": "no such page", "error_code": "not_found"}).encode()
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 404, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await super().__call__(scope, receive, send)


def test_offset_behind_the_last_entry_may_be_refused() -> None:
    run = checked_by("rule-list-in-order-and-in-pages", target_of(Ending(control=True), is_mock=False))
    assert [(each.cause, each.severity) for each in run.findings] == [("past the end", "info")]


class Redirecting:
    """The other server, whose pages redirect to their address with a language."""

    def __init__(self) -> None:
        self._other = Other(control=True)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if not re.match(r"/(c/)?pay/", scope["path"]) or scope["query_string"]:
            await self._other(scope, receive, send)
            return
        headers = [(b"location", f"{scope['path']}?lang=en".encode())]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def test_page_may_redirect_on_its_own_host() -> None:
    run = checked_by("checkout-answers-with-its-url", target_of(Redirecting(), is_mock=False))
    assert run.findings == ()
    assert "checkout-answers-with-its-url" in run.verdicts("upheld")


def test_auto_recharge_need_not_be_played(monkeypatch: pytest.MonkeyPatch) -> None:
    consume = BillingOperations.consume

    def without_recharge(self: BillingOperations, key: str, credits: float, category: str) -> None:
        recharge = self._books.account(key).recharge
        is_enabled, recharge["enabled"] = recharge["enabled"], False
        consume(self, key, credits, category)
        recharge["enabled"] = is_enabled

    monkeypatch.setattr(BillingOperations, "consume", without_recharge)
    run = checked_by("rule-auto-recharge-charges-once", target_of(Other(control=True), is_mock=False))
    assert [(each.cause, each.severity) for each in run.findings] == [("no recharge under the threshold", "info")]


@pytest.mark.parametrize("shown", [{}, {"breakdown": None}], ids=["left out", "null"])
def test_usage_need_not_be_told_by_category(monkeypatch: pytest.MonkeyPatch, shown: dict[str, Any]) -> None:
    used = accounts._used

    def in_all(account: Account) -> dict[str, Any]:
        return {**{name: value for name, value in used(account).items() if name != "breakdown"}, **shown}

    monkeypatch.setattr(accounts, "_used", in_all)
    names = frozenset({"rule-consumption-is-counted", "rule-consumption-is-exact"})
    run = checked_on(target_of(Other(control=True), is_mock=False), claims=[], rule_names=names)
    assert run.findings == ()


def test_currency_on_the_list_may_be_null(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = Books.listed

    def without_currency(books: Books, key: str) -> list[dict[str, Any]]:
        return [{**entry, "currency": None} for entry in listed(books, key)]

    monkeypatch.setattr(Books, "listed", without_currency)
    run = checked_by("rule-times-agree", target_of(Other(control=True), is_mock=False))
    assert run.findings == ()


def test_threshold_may_have_to_be_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    recharge = BillingOperations.recharge

    def whole(self: BillingOperations, key: str, body: Any) -> dict[str, Any]:
        if body is not None and float(body.get("threshold", 0)) % 1:
            raise Refused(400, "invalid_request", "threshold")
        return recharge(self, key, body)

    monkeypatch.setattr(BillingOperations, "recharge", whole)
    server = Other(control=True)
    run = checked_by("rule-auto-recharge-charges-once", target_of(server, is_mock=False))
    assert run.findings == ()
    assert any(account.spent for account in server._books.accounts.values())


def test_top_up_may_have_another_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    order = BillingOperations.order
    monkeypatch.setattr(BillingOperations, "order", lambda self, body: order(self, {**body, "currency": "usd"}))
    run = checked_by("rule-top-up-is-a-checkout", target_of(Other(control=True), is_mock=False))
    assert [(each.cause, each.severity) for each in run.findings] == [("another currency", "info")]


def test_accounts_may_be_overdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    consume = BillingOperations.consume

    def overdraw(self: BillingOperations, key: str, credits: float, category: str) -> None:
        self._prices = {}
        consume(self, key, credits, category)
        self._prices = None

    monkeypatch.setattr(BillingOperations, "consume", overdraw)
    for name in ("rule-consumption-is-counted", "rule-auto-recharge-charges-once"):
        run = checked_by(name, target_of(Other(control=True), is_mock=False))
        assert {each.severity for each in run.findings} == {"info"}


def test_control_of_payments_need_not_be_implemented(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Refused(501, "not_implemented", "no payments")

    monkeypatch.setattr(Books, "pay", refuse)
    run = checked_on(target_of(Other(control=True), is_mock=False))
    assert run.findings == ()
    assert "credits-added-immediately" in run.verdicts("undecided")
