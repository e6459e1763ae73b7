"""Accounts that do not meet: at the same time, by the dozen, in their settings, and by a cookie."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.simultaneous_orders import expect_own_redirects, order_with_redirects
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS
from mockserver_contracts.exchange import Exchange, Headers
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import number_of
from mockserver_contracts.target.answer import Session, entries_of, is_absent, session_of
from mockserver_contracts.target.client import JSON, Call
from mockserver_contracts.target.paging import Listing
from mockserver_contracts.target.undecided import Undecided

_OPEN = (Ability.CREATE, Ability.LIST, Ability.ACCOUNTS, Ability.FREE)
_AT_ONCE = 6
_ROUNDS = 4
_DOZENS = 50
# The mock keeps its accounts by their whole keys; its run is short.
_FEW_DOZENS = 12


@rule("accounts-at-once", needs=(Ability.CREATE, Ability.LIST, Ability.SECOND, Ability.FREE), once=True)
def accounts_at_once(context: CheckContext) -> Iterator[Finding]:
    """Orders and lists at the same time are answered to their own account, because servers keep requests apart."""
    accounts = context.several_accounts(_AT_ONCE)
    first = [account.create(dollars=10) for account in accounts]
    own: dict[str, set[str]] = {account.key: {each.id} for account, each in zip(accounts, first, strict=True)}
    amounts = {each.id: each.dollars for each in first}
    latest: dict[int, Session] = {}
    for turn in range(_ROUNDS):
        # In every second turn all of them order.
        orders = [turn % 2 == 0 or number % 2 == 0 for number in range(len(accounts))]
        dollars = [account.dollars(10 + number) for number, account in enumerate(accounts)]
        calls = [
            order_with_redirects(account, dollars[n], n) if orders[n] else _list(account)
            for n, account in enumerate(accounts)
        ]
        answers = context.target.client.send_at_once(calls)
        for n, (account, answer) in enumerate(zip(accounts, answers, strict=True)):
            if orders[n] and (session := session_of(answer, dollars[n])) is not None:
                own[account.key].add(session.id)
                amounts[session.id] = dollars[n]
                latest[n] = session
        for account, answer, is_order in zip(accounts, answers, orders, strict=True):
            if not is_order:
                yield from _expect_own(context, answer, entries_of(answer), own, account, "at the same time")
    for account in accounts:
        listing = account.listing()
        when = "after orders at the same time"
        yield from _expect_own(context, listing.first, listing.entries, own, account, when)
        yield from _expect_amounts(context, listing, amounts, known=own[account.key], first=first, when=when)
    if Ability.CANCEL in context.target.abilities:
        cancelled = accounts[0].cancel_all_at_once(list(latest.values()))
        yield from expect_own_redirects(context, "cancel", list(latest.items()), cancelled)


def _expect_amounts(
    context: CheckContext,
    listing: Listing,
    amounts: Mapping[str, int],
    *,
    known: Collection[str],
    first: Sequence[Session],
    when: str,
) -> Iterator[Finding]:
    """Yield a finding if a session has the amount of another order; those that came alone tell if the list has any."""
    listed = {str(entry.get("id")): number_of(entry.get("amount")) for entry in listing.entries}
    if all(listed.get(each.id) in (None, each.dollars) for each in first):
        wrong = [id_ for id_ in known if listed.get(id_) not in (None, amounts[id_])]
        if wrong:
            yield context.violation(
                listing.first,
                f"the amount of another order {when}",
                pointer="/data/0/amount",
                expected=str(amounts[wrong[0]]),
                actual=str(listed[wrong[0]]),
            )


@rule("many-accounts-are-apart", needs=_OPEN, once=True)
def many_accounts_are_apart(context: CheckContext) -> Iterator[Finding]:
    """Dozens of keys are as many accounts, because keys that are hashed or cut collide only among many."""
    accounts = context.accounts(_FEW_DOZENS if context.target.is_strict else _DOZENS)
    own = {account.key: {account.create(dollars=1).id} for account in accounts}
    for account in accounts:
        listing = account.listing()
        found = list(_expect_own(context, listing.first, listing.entries, own, account, f"of {len(accounts)}"))
        yield from found
        if found:
            return


@rule("settings-are-apart", needs=(Ability.CREATE, Ability.FREE), once=True)
def settings_are_apart(context: CheckContext) -> Iterator[Finding]:
    """The auto recharge of one account is not that of another, because it charges a card."""
    second, account = context.second_account(), context.account()
    if second.key == account.key:
        raise Undecided(Ability.SECOND.reason)
    settings = {"enabled": True, "threshold": 7, "amount": 13}
    changed = account.set_auto_recharge(**settings)
    if is_absent(changed.status, changed.json) or not changed.is_accepted:
        raise Undecided("not implemented by the target")
    try:
        shown = second.auto_recharge()
        # The operation is there if it shows what was set.
        if shown.is_refused and shown.status not in (401, 403) and account.auto_recharge().is_accepted:
            severity: Severity = "error" if context.target.is_strict else "warning"
            yield context.violation(shown, "settings that nobody has set", expected="200", severity=severity)
        elif all(shown.at("data", name) == value for name, value in settings.items()):
            yield context.violation(
                shown, "the auto recharge of another account", pointer="/data", expected="settings of this account"
            )
    finally:
        account.set_auto_recharge(enabled=False)


@rule("cookie-is-no-key", once=True)
def cookie_is_no_key(context: CheckContext) -> Iterator[Finding]:
    """A cookie that the server sets does not stand for the key, because browsers send it unasked."""
    account = context.account()
    cookies = _cookies(account.ask(amount=account.dollars(1)))
    if not cookies:
        return
    headers = {"content-type": JSON, "cookie": "; ".join(cookies)}
    answer = context.target.client.send("POST", CHECKOUT, headers, account.order())
    yield from context.expect_refusal(answer, "a cookie without a key", status=401)


def _list(account: AccountClient) -> Call:
    return "GET", CHECKOUTS, account.auth, b"", {"limit": account.client.page_lengths.limit}


def _expect_own(
    context: CheckContext,
    page: Exchange,
    entries: list[dict[str, Any]],
    own: dict[str, set[str]],
    account: AccountClient,
    when: str,
) -> Iterator[Finding]:
    """Yield a finding if the list of the account shows a session of another one, or lacks one of its own."""
    listed = {str(entry.get("id")) for entry in entries}
    others = set().union(*(ids for key, ids in own.items() if key != account.key))
    if foreign := listed & others:
        yield context.violation(
            page,
            f"the list of another account {when}",
            pointer="/data",
            expected="sessions of this account",
            actual=min(foreign),
        )
    elif "after" in when and len(own) > 2 and (missing := own[account.key] - listed):
        yield context.violation(
            page, f"a session is missing {when}", pointer="/data", expected=min(missing), actual="not there"
        )


def _cookies(answer: Exchange) -> list[str]:
    headers = answer.response.headers
    lines = headers.lines if isinstance(headers, Headers) else headers.items()
    return [value.partition(";")[0].strip() for name, value in lines if name.lower() == "set-cookie"]
