"""The list of checkouts: complete, in order, in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check, rule
from mockserver_contracts.document.operations import CHECKOUTS
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import entries_of
from mockserver_contracts.target.key_variants import unissued_key
from mockserver_contracts.target.undecided import Undecided

_LISTED = (Ability.CREATE, Ability.LIST)
_SHORT_PAGE = 10


@check("list-shows-every-session-with-its-status", needs=_LISTED)
def list_shows_every_session_with_its_status(context: CheckContext) -> Iterator[Finding]:
    """The list shows pending, completed, cancelled and expired sessions, more than a short page has."""
    account = context.account()
    expected: dict[str, str] = {}
    stages = [("pending", None), ("pending", account.cancel), ("completed", account.pay), ("expired", account.expire)]
    if not context.target.client.on_rails:
        stages += [("pending", None)] * _SHORT_PAGE
    for status, action in stages:
        session = account.create(dollars=7)
        if action is not None:
            if not {Ability.PAY, Ability.CANCEL} <= context.target.abilities:
                continue
            if not action(session).is_accepted:
                continue
        expected[session.id] = status
    listing = account.listing()
    page = listing.first
    statuses = {str(entry.get("id")): entry.get("status") for entry in listing.entries}
    for id_, status in expected.items():
        if id_ not in statuses:
            yield context.violation(
                page, f"a session is missing: {status}", pointer="/data", expected=status, actual="not there"
            )
        elif statuses[id_] != status:
            yield context.violation(
                page, f"another status: {status}", pointer="/data/0/status", expected=status, actual=str(statuses[id_])
            )
    if set(expected.values()) != {"pending", "completed", "expired"}:
        raise Undecided("only pending sessions can be made")


@rule("list-in-order-and-in-pages", needs=_LISTED, once=True)
def list_in_order_and_in_pages(context: CheckContext) -> Iterator[Finding]:
    """The pages of the list together are the whole list, the newest first, because readers go page by page."""
    account = context.new_account()
    created = [account.create(dollars=1).id for _ in range(12)][::-1]
    listing = account.listing()
    whole, ids = listing.first, [entry.get("id") for entry in listing.entries]
    if [id_ for id_ in ids if id_ in created] != created:
        yield context.violation(
            whole,
            "order",
            pointer="/data",
            expected="the newest first",
            actual="another order",
            severity=context.target.severity_of_assumption,
        )
        return
    closed = [entry for entry in listing.entries if entry.get("id") in created and entry.get("status") != "pending"]
    if closed:
        actual_status = str(closed[0].get("status"))
        yield context.violation(
            whole, "a new session is not open", pointer="/data/0/status", expected="pending", actual=actual_status
        )
    pages: tuple[tuple[dict[str, object], list[object]], ...] = (
        ({}, ids[:10]),
        ({"limit": 1}, ids[:1]),
        ({"limit": 12}, ids[:12]),
        ({"limit": 5, "offset": 5}, ids[5:10]),
        ({"limit": 3, "offset": 11}, ids[11:14]),
        ({"offset": 2}, ids[2:12]),
    )
    for query, expected in pages:
        page = account.page(**query)
        if page.is_accepted and isinstance(whole.at("data"), list) and not isinstance(page.at("data"), list):
            yield context.violation(page, "a page that is no list", pointer="/data", expected="a list of entries")
            return
        entries = entries_of(page)
        if (later := _entry_of_another_time(listing.entries, entries)) is not None:
            cause, actual_time = "created_at at a second look", str(later.get("created_at"))
            yield context.violation(page, cause, pointer="/data", expected="that of the first", actual=actual_time)
            return
        actual = [entry.get("id") for entry in entries]
        if actual != expected and not account.client.page_lengths.is_cut(CHECKOUTS, actual, expected):
            name = " and ".join(query) or "the default"
            # Without a limit, the length of a page is the server's own.
            is_same_so_far = "limit" not in query and actual[: len(expected)] == expected
            yield context.violation(
                page,
                f"page by {name}",
                pointer="/data",
                expected=f"{len(expected)} entries in order",
                actual=f"{len(actual)} entries",
                severity=context.target.severity_of_assumption if is_same_so_far else "error",
            )
    if Ability.ACCOUNTS in context.target.abilities:
        empty = AccountClient(context.target.client, f"{unissued_key(account.key)}-empty").page()
        if empty.is_refused or empty.at("data") != []:
            yield context.violation(empty, "of a new account", pointer="/data", expected="an empty list")
    past = account.page(offset=100_000)
    if past.is_refused or past.at("data") != []:
        # Which offsets are taken is the server's own; what is on a page that it does answer is not.
        severity: Severity = context.target.severity_of_assumption if past.is_refused else "error"
        yield context.violation(past, "past the end", pointer="/data", expected="an empty list", severity=severity)
    huge = account.page(offset=10**20)
    if huge.status >= 500:
        cause, wanted = "an offset of more than 64 bits", "an empty list, or a refusal (4xx)"
        yield context.violation(huge, cause, expected=wanted, actual=huge.summary)
    too_many = [("limit", 101)] if context.target.has_mock_limits else []
    bad: tuple[tuple[str, object], ...] = (
        ("limit", 0),
        ("limit", -1),
        ("limit", "x"),
        ("offset", -1),
        ("offset", b"\xff"),
    )
    for name, value in (*bad, *too_many):
        answer = account.page(**{name: value})
        # What a limit out of range means is the server's own, but for a failure.
        if context.target.is_strict or not answer.is_accepted:
            status = 400 if context.target.is_strict else None
            shown = "of no UTF-8" if isinstance(value, bytes) else value
            yield from context.expect_refusal(answer, f"{name} {shown}", status=status)


def _entry_of_another_time(first: Sequence[dict[str, Any]], second: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """An entry of the second look whose session was created at another time by the first one."""
    times = {entry.get("id"): entry.get("created_at") for entry in first}
    known = (entry for entry in second if entry.get("id") in times)
    return next((entry for entry in known if entry.get("created_at") != times[entry.get("id")]), None)
