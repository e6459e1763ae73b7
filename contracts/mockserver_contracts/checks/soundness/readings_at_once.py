"""Readings of several accounts at the same time: each is answered with its own figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import invoices_on, number_of, require_payment
from mockserver_contracts.target.client import JSON, Call

_AT_ONCE: Final = 6
_ROUNDS: Final = 4
_THRESHOLD: Final = 20


@rule(
    "balances-at-once",
    needs=(Ability.CREATE, Ability.LIST, Ability.ACCOUNTS, Ability.FREE, Ability.PAY, Ability.USAGE),
    once=True,
)
def balances_at_once(context: CheckContext) -> Iterator[Finding]:
    """Readings at the same time show their own account, because other operations run beside them."""
    owners = [_Owner.prepare(account, number) for number, account in enumerate(context.accounts(_AT_ONCE))]
    yield from _expect_own_links(context, owners)
    for turn in range(_ROUNDS):
        kinds = [_KINDS[(number + turn) % len(_KINDS)] for number in range(len(owners))]
        calls = [kind(owner.account) for kind, owner in zip(kinds, owners, strict=True)]
        for kind, owner, answer in zip(kinds, owners, context.target.client.send_at_once(calls), strict=True):
            if kind in _SHOWN and (shown := _SHOWN[kind](owner, answer)) is not None:
                noun, expected, actual, pointer = shown
                cause = f"the {noun} of another account at the same time"
                yield context.violation(answer, cause, pointer=pointer, expected=expected, actual=actual)
                return


def _expect_own_links(context: CheckContext, owners: Sequence[_Owner]) -> Iterator[Finding]:
    """Yield a finding if one link is that of the invoices of two accounts."""
    seen: set[str] = set()
    for owner in owners:
        for invoice in invoices_on(owner.page) or []:
            link = str(invoice.get("pdf_url"))
            if invoice.get("pdf_url") is not None and link in seen:
                cause = "one PDF for the invoices of two accounts"
                yield context.violation(owner.page, cause, pointer="/data/0/pdf_url", expected="its own", actual=link)
                return
            seen.add(link)


@dataclass(frozen=True, slots=True)
class _Owner:
    """An account with what it alone has: a balance, an invoice and a threshold."""

    account: AccountClient
    balance: Decimal
    page: Exchange
    # None if the target has no such operation.
    threshold: int | None

    @classmethod
    def prepare(cls, account: AccountClient, number: int) -> _Owner:
        require_payment(account.pay(account.create(dollars=10 + number)))
        threshold = _THRESHOLD + number
        is_set = account.set_auto_recharge(enabled=False, threshold=threshold, amount=20).is_accepted
        return cls(account, account.balance(), account.invoices(), threshold if is_set else None)

    @property
    def invoices(self) -> list[object] | None:
        """The ids of its invoices; None if the target has no list of them."""
        return _ids(self.page)


_Difference = tuple[str, str, str, str]
"""What an answer shows of another account: a noun, the expected and the actual value, and the pointer to it."""


def _other_balance(owner: _Owner, answer: Exchange) -> _Difference | None:
    shown = number_of(answer.at("data", "credit_balance"))
    is_own = shown in (None, owner.balance)
    return None if is_own else ("balance", str(owner.balance), str(shown), "/data/credit_balance")


def _other_invoices(owner: _Owner, answer: Exchange) -> _Difference | None:
    shown = _ids(answer)
    is_own = shown is None or owner.invoices is None or shown == owner.invoices
    return None if is_own else ("invoices", str(owner.invoices), str(shown), "/data")


def _other_settings(owner: _Owner, answer: Exchange) -> _Difference | None:
    shown = number_of(answer.at("data", "threshold"))
    is_own = owner.threshold is None or shown in (None, owner.threshold)
    return None if is_own else ("auto recharge", str(owner.threshold), str(shown), "/data/threshold")


def _ids(page: Exchange) -> list[object] | None:
    invoices = invoices_on(page)
    return None if invoices is None else [invoice.get("id") for invoice in invoices]


def _usage(account: AccountClient) -> Call:
    return "GET", USAGE, account.auth, b"", None


def _invoices(account: AccountClient) -> Call:
    return "GET", INVOICES, account.auth, b"", None


def _auto_recharge(account: AccountClient) -> Call:
    return "GET", AUTO_RECHARGE, account.auth, b"", None


def _order(account: AccountClient) -> Call:
    order = json.dumps({"amount": account.dollars(1)}).encode()
    return "POST", CHECKOUT, {**account.auth, "content-type": JSON}, order, None


def _list(account: AccountClient) -> Call:
    return "GET", CHECKOUTS, account.auth, b"", {"limit": account.client.page_lengths.limit}


_KINDS: Final[tuple[Callable[[AccountClient], Call], ...]] = (_usage, _order, _auto_recharge, _list, _invoices)
_SHOWN: Final[dict[Callable[[AccountClient], Call], Callable[[_Owner, Exchange], _Difference | None]]] = {
    _usage: _other_balance,
    _invoices: _other_invoices,
    _auto_recharge: _other_settings,
}
