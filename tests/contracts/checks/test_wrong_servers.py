"""Faults that a server other than the mock shows in a way of its own."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from tests.contracts.runs import checked_by, checked_on, target_of
from tests.contracts.servers import accounts
from tests.contracts.servers.accounts import Account, Books
from tests.contracts.servers.billing_family import BillingOperations
from tests.contracts.servers.independent import Other, Receive, Send


class Elsewhere:
    """The other server, with the payment page at another address."""

    def __init__(self, address: str) -> None:
        self._other, self._address = Other(control=True), address

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def changed(message: MutableMapping[str, Any]) -> None:
            if scope["path"] == "/billing/checkout" and message["type"] == "http.response.body":
                body = re.sub(rb"https?://[^/\"]+/", f"{self._address}/".encode(), message["body"])
                message = {**message, "body": body}
            elif message["type"] == "http.response.start":
                kept = [each for each in message["headers"] if each[0] != b"content-length"]
                message = {**message, "headers": kept}
            await send(message)

        await self._other(scope, receive, changed)


@pytest.fixture
def open_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_url_at_a_port_without_a_listener_does_not_open(open_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", f"http://localhost:{port}", "http://0.0.0.0:0"):
        run = checked_by("checkout-answers-with-its-url", target_of(Elsewhere(address), is_mock=False))
        assert [each.cause for each in run.findings] == ["nobody listens at the URL"], address


def test_page_at_another_listener_or_machine_is_undecided(open_port: int) -> None:
    for address in (f"http://127.0.0.1:{open_port}", "https://checkout.stripe.com", "http://pay.invalid"):
        run = checked_by("checkout-answers-with-its-url", target_of(Elsewhere(address), is_mock=False))
        assert run.findings == ()
        assert "checkout-answers-with-its-url" in run.verdicts("undecided")


def test_sums_in_binary_fractions_are_found_whatever_was_consumed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    used = accounts._used

    def in_binary(account: Account) -> dict[str, Any]:
        total = 0.0
        for _, _, credits in account.spent:
            total += credits
        return {**used(account), "credit_used": total}

    monkeypatch.setattr(accounts, "_used", in_binary)
    names = frozenset({"rule-consumption-is-counted", "rule-consumption-is-exact"})
    run = checked_on(target_of(Other(control=True), is_mock=False), claims=[], rule_names=names)
    assert {(each.check, each.pointer) for each in run.findings} == {("rule-consumption-is-exact", "/data/credit_used")}


def test_usage_without_its_month_hides_no_wrong_total(monkeypatch: pytest.MonkeyPatch) -> None:
    used = accounts._used

    def of_calls(account: Account) -> dict[str, Any]:
        shown = {name: value for name, value in used(account).items() if name != "usage_this_month"}
        return {**shown, "credit_used": len(account.spent)}

    monkeypatch.setattr(accounts, "_used", of_calls)
    run = checked_by("rule-consumption-is-counted", target_of(Other(control=True), is_mock=False))
    assert {each.cause for each in run.findings} == {
        "credit_used",
        "credit_used after a refusal",
        "credit_used in another month",
    }


def test_categories_in_binary_fractions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    used = accounts._used

    def in_binary(account: Account) -> dict[str, Any]:
        sums: dict[str, float] = {}
        for _, category, credits in account.spent:
            sums[category] = sums.get(category, 0.0) + credits
        return {**used(account), "breakdown": sums}

    monkeypatch.setattr(accounts, "_used", in_binary)
    run = checked_by("rule-consumption-is-exact", target_of(Other(control=True), is_mock=False))
    assert [(each.cause, each.pointer) for each in run.findings] == [("a category", "/data/breakdown/indexing")]


def test_recharge_that_is_charged_and_not_credited_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    consume = BillingOperations.consume

    def without_credits(self: BillingOperations, key: str, credits: float, category: str) -> None:
        account = self._books.account(key)
        before, invoiced = account.credits, len(account.invoices)
        consume(self, key, credits, category)
        if len(account.invoices) > invoiced:
            account.credits = round(before - credits, 6)

    monkeypatch.setattr(BillingOperations, "consume", without_credits)
    run = checked_by("rule-auto-recharge-charges-once", target_of(Other(control=True), is_mock=False))
    found = [(each.cause, each.severity) for each in run.findings]
    assert found == [("charged without credits under the threshold", "error")]


def test_recharge_that_looks_at_the_balance_from_before_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    consume = BillingOperations.consume

    def judging_the_old_balance(self: BillingOperations, key: str, credits: float, category: str) -> None:
        account = self._books.account(key)
        settings, is_due = account.recharge, account.credits < account.recharge["threshold"]
        is_enabled, settings["enabled"] = settings["enabled"], settings["enabled"] and is_due
        try:
            consume(self, key, credits, category)
        finally:
            settings["enabled"] = is_enabled

    monkeypatch.setattr(BillingOperations, "consume", judging_the_old_balance)
    run = checked_by("rule-auto-recharge-charges-once", target_of(Other(control=True), is_mock=False))
    found = [(each.cause, each.severity) for each in run.findings]
    assert found == [("recharged too late under the threshold", "error")]


class FailsBelowZero(Other):
    """The other server, which fails at an offset below zero."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"] == "/billing/checkouts" and b"offset=-" in scope["query_string"]:
            body = json.dumps({"success": False, "message": "index", "error_code": "crash"}).encode()
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await super().__call__(scope, receive, send)


def test_failure_at_an_offset_below_zero_is_found() -> None:
    run = checked_by("rule-list-in-order-and-in-pages", target_of(FailsBelowZero(control=True), is_mock=False))
    assert "500 offset -1" in [each.cause for each in run.findings]


class LeavesBodiesUnread(Other):
    """The other server, which takes the body of a request without a key for the beginning of the next one."""

    _is_behind_one = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if self._is_behind_one:
            scope = {**scope, "method": "{}" + scope["method"]}
        has_key = any(name == b"x-access-token" for name, _ in scope["headers"])
        self._is_behind_one = scope["method"] == "POST" and not has_key
        await super().__call__(scope, receive, send)


def test_body_that_is_left_unread_is_found() -> None:
    server = LeavesBodiesUnread(control=True)
    run = checked_by("rule-authentication-comes-first", target_of(server, is_mock=False))
    found = [each.cause for each in run.findings if each.severity == "error"]
    assert found == ["an order behind a refused one"]


def test_second_spelling_of_a_redirect_may_count(monkeypatch: pytest.MonkeyPatch) -> None:
    create = Books.create

    def camel_case_first(self: Books, key: str, order: dict[str, Any]) -> dict[str, Any]:
        given = {name: order[f"{name}Url"] for name in ("success", "cancel") if f"{name}Url" in order}
        return create(self, key, {**order, **given})

    monkeypatch.setattr(Books, "create", camel_case_first)
    run = checked_by("rule-whole-lives", target_of(Other(control=True), is_mock=False))
    assert run.findings == ()
