"""Values read from a target's answers to an account: numbers, invoices, list entries and paths.

Each reading takes an answer as it is. A missing value is None or absent; only `require_...` and `entry_on` raise.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session, entries_of, invoices_of, is_absent
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.undecided import Undecided

_URL: Final = re.compile("[!-~]+")
SESSION_TEMPLATE: Final = "{CHECKOUT_SESSION_ID}"
"""Stripe's placeholder for the id of a session in a redirect."""
USAGE_FIGURES: Final = ("credit_balance", "usage_this_month", "credit_used")


def require_operation(answer: Exchange) -> Exchange:
    """Return the answer. Raise Undecided if it says that the target lacks the operation."""
    if is_absent(answer.status, answer.json):
        raise Undecided("not implemented by the target")
    return answer


def require_payment(answer: Exchange) -> Exchange:
    """Return the answer to a payment. Raise Undecided if it is no acceptance."""
    if not answer.is_accepted:
        raise Undecided("the session cannot be paid")
    return answer


def number_of(value: Any) -> Decimal | None:
    """The value as an exact number; None if it is no number."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def usage_figures(account: AccountClient) -> dict[str, Decimal]:
    """The numbers of the usage statistics by name, without those that the target omits."""
    return figures_on(account.usage())


class Gain(NamedTuple):
    """The credits that a payment added, and the balance after it."""

    credits: Decimal
    balance: Decimal


def pay_for_gain(account: AccountClient, session: Session) -> Gain:
    """Pay the session, and compare the balances; 0 credits if the payment is refused. Raise Undecided without them."""
    before = account.balance()
    account.pay(session)
    balance = account.balance()
    return Gain(balance - before, balance)


def figures_on(usage: Exchange) -> dict[str, Decimal]:
    """The numbers of an answer with usage statistics by name, without those that it omits."""
    figures = {name: number_of(usage.at("data", name)) for name in USAGE_FIGURES}
    return {name: figure for name, figure in figures.items() if figure is not None}


def invoices_on(page: Exchange) -> list[dict[str, Any]] | None:
    """The invoices of a page of the list; None if the page has no list."""
    return invoices_of(page) if page.is_accepted and isinstance(page.at("data"), list) else None


def entry_on(page: Exchange, session: Session) -> dict[str, Any] | None:
    """The session's entry on a page of the list of checkouts; None if the page lacks it.

    Raise Undecided if the page is no list.
    """
    return next((entry for entry in entries_of(page) if entry.get("id") == session.id), None)


def leads_to(redirect: object, url: str, *, session: Session, exactly: bool) -> bool:
    """The redirect leads to the URL of the order, with the session's id in place of the template.

    Unless `exactly`, it may be spelled in another way and have further parameters, as many servers add them; and the
    template may stay, since no voice of the page speaks of it.
    """
    if redirect == url.replace(SESSION_TEMPLATE, session.id):
        return True
    # A Location with spaces or other letters is no URL (RFC 3986), whatever a lenient reader makes of it.
    if exactly or not isinstance(redirect, str) or not _URL.fullmatch(_with_template(redirect, session)):
        return False
    if SESSION_TEMPLATE in unquote(redirect) and session.id in redirect and session.id not in url:
        return False  # one of two templates is filled in
    try:
        (place, given), (expected_place, wanted) = _read(redirect, session), _read(url, session)
    except ValueError:
        return False
    return place == expected_place and [pair for pair in given if pair in wanted] == wanted


def _read(url: str, session: Session) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """All of a URL but its parameters, and its parameters, whatever the spelling, with the template for the id."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    path, fragment = (_with_template(unquote(text), session) for text in (parts.path or "/", parts.fragment))
    place = (parts.scheme.lower(), user, host.lower(), path, fragment)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return place, [(name, _with_template(value, session)) for name, value in query]


def _with_template(text: str, session: Session) -> str:
    return text.replace(session.id, SESSION_TEMPLATE)


def is_at_target_by_another_scheme(client: TargetClient, url: str) -> bool:
    """The URL names the target's own host and port, but a scheme that the target does not speak there."""
    base = urlsplit(client.url)
    try:
        parts = urlsplit(url)
        is_there = (parts.hostname, parts.port) == (base.hostname, base.port)
    except ValueError:
        return False
    return is_there and base.port is not None and parts.scheme != base.scheme


def path_at_target(client: TargetClient, url: str) -> str | None:
    """The path and query of a URL below the target's base URL; None if the URL leads elsewhere."""
    base = urlsplit(client.url)
    try:
        parts = urlsplit(url)
        is_elsewhere = (parts.hostname, parts.port) != (base.hostname, base.port)
    except ValueError:
        return None
    prefix = base.path.rstrip("/")
    if is_elsewhere or (prefix and not parts.path.startswith(f"{prefix}/")):
        return None
    path = parts.path.removeprefix(prefix)
    return f"{path}?{parts.query}" if parts.query else path
