"""The events that an exchange shows: what happened to an account, seen from outside.

A client of the control API, a buyer on the checkout page and the API itself cause the same events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from mockserver.coverage.exchange import SeenExchange
from mockserver.domain.identifier import account_of

EVENTS: Final = (
    *("created", "ordered-in-snake-case", "ordered-in-camel-case", "paid", "cancelled"),
    *("redirected-after-payment", "redirected-after-cancellation"),
    *("clock-moved", "consumed", "overdraft", "balance-seen", "expiry-seen", "completion-seen"),
)
"""The events on which claims rest."""

CONTROL: Final = "/_mock/"
PAGES: Final = ("/c/pay/", "/pay/")
FORGOTTEN: Final = "forgotten"
"""This event ends the history of an account."""
_SESSION: Final = re.compile(r"cs_[a-z]+_[A-Za-z0-9]+")
_TELLING: Final = tuple(f"{CONTROL}{name}" for name in ("accounts", "clock", "reset", "sessions", "state", "usage"))
_CHECKOUT: Final = "/billing/checkout"
_SEEN: Final = {"expired": "expiry-seen", "completed": "completion-seen"}


class AccountEvent(NamedTuple):
    """An event, and its account; None means every account."""

    name: str
    account: str | None


def is_telling(path: str) -> bool:
    """A control call of the path may be an event."""
    return path.startswith(_TELLING)


def events_of(exchange: SeenExchange) -> Iterator[AccountEvent]:
    """The events that the exchange shows."""
    if exchange.path.startswith(CONTROL):
        yield from _of_control(exchange)
    elif exchange.path.startswith(PAGES):
        yield from _of_page(exchange)
    elif exchange.is_accepted:
        yield from _of_api(exchange)


def _of_api(exchange: SeenExchange) -> Iterator[AccountEvent]:
    account, call = exchange.account, (exchange.method, exchange.path)
    if call in (("POST", _CHECKOUT), ("POST", "/billing/topup")):
        order = exchange.body_json
        for spelling, names in (("snake", ("success_url", "cancel_url")), ("camel", ("successUrl", "cancelUrl"))):
            if isinstance(order, dict) and any(name in order for name in names):
                yield AccountEvent(f"ordered-in-{spelling}-case", account)
        yield AccountEvent("created", account)
    elif call == ("GET", "/billing/usage"):
        yield AccountEvent("balance-seen", account)
        data = _member(exchange.reply_json, "data")
        if _is_below_zero(_member(data, "credit_balance")):
            yield AccountEvent("overdraft", account)
    elif call == ("GET", "/billing/checkouts"):
        listed = exchange.reply_json
        for entry in _list(listed if isinstance(listed, list) else _member(listed, "data")):
            if (name := _SEEN.get(str(_member(entry, "status")))) is not None:
                yield AccountEvent(name, account)


def _of_page(exchange: SeenExchange) -> Iterator[AccountEvent]:
    account = exchange.account
    if exchange.method == "POST" and exchange.status == 303:
        is_elsewhere = "://" in exchange.location
        is_cancelled = b"action=cancel" in (exchange.body or b"")
        yield AccountEvent("cancelled" if is_cancelled else "paid", account)
        if is_elsewhere:
            yield AccountEvent(f"redirected-after-{'cancellation' if is_cancelled else 'payment'}", account)
    elif exchange.status == 410:
        yield AccountEvent("expiry-seen", account)


def _of_control(exchange: SeenExchange) -> Iterator[AccountEvent]:
    path, reply = exchange.path.removeprefix(CONTROL), exchange.reply_json
    account = _named_account(exchange)
    if exchange.method == "GET" and exchange.is_accepted:
        yield from _seen(path, reply, account)
    elif path.startswith("sessions/"):
        yield from _of_session(path.rpartition("/")[2], exchange, reply)
    elif path == "clock" and exchange.is_accepted:
        yield AccountEvent("clock-moved", account)
    elif path == "usage":
        if exchange.is_accepted:
            yield AccountEvent("consumed", account)
        if exchange.status == 402 or _is_below_zero(_member(_member(reply, "usage"), "credit_balance")):
            yield AccountEvent("overdraft", account)
    elif path in ("reset", "state") and exchange.is_accepted:
        yield AccountEvent(FORGOTTEN, account)


def _of_session(action: str, exchange: SeenExchange, reply: Any) -> Iterator[AccountEvent]:
    session = _member(reply, "session")
    account = _member(session, "account")
    if exchange.status == 410:
        yield AccountEvent("expiry-seen", exchange.account)
    if not exchange.is_accepted or not isinstance(account, str):
        return
    name, after = {"pay": ("paid", "payment"), "cancel": ("cancelled", "cancellation")}.get(action, ("", ""))
    if name:
        yield AccountEvent(name, account)
        if _member(reply, "redirect_url"):
            yield AccountEvent(f"redirected-after-{after}", account)


def _seen(path: str, reply: Any, account: str | None) -> Iterator[AccountEvent]:
    if path == "usage":
        yield AccountEvent("balance-seen", account)
    for entry in _list(_member(reply, "accounts")):
        yield AccountEvent("balance-seen", str(_member(entry, "id")))
    one = [reply] if path.startswith("sessions/") else []
    for session in (*_list(_member(reply, "sessions")), *one):
        if (name := _SEEN.get(str(_member(session, "status")))) is not None:
            yield AccountEvent(name, str(_member(session, "account")))


def _named_account(exchange: SeenExchange) -> str | None:
    """The account that a control call names by `key`, in its query or its body."""
    given = parse_qs(exchange.query).get("key", [None])[0]
    key = given if given is not None else _member(exchange.body_json, "key")
    if not isinstance(key, str):
        return None
    return account_of(key) if key.startswith("sk-") else key


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_below_zero(value: Any) -> bool:
    return isinstance(value, int | float) and value < 0


def owners_in(exchange: SeenExchange) -> Iterator[tuple[str, str]]:
    """The sessions in a reply, each with its account: a new one, or those that the control API shows."""
    if exchange.path.startswith(f"{CONTROL}sessions"):
        reply = exchange.reply_json
        for session in (reply, _member(reply, "session"), *_list(_member(reply, "sessions"))):
            if isinstance(account := _member(session, "account"), str):
                yield str(_member(session, "id")), account
    elif exchange.method == "POST" and exchange.account and exchange.is_accepted:
        session = session_in(exchange.reply.decode("utf-8", "replace"))
        if session is not None:
            yield session, exchange.account


def session_in(text: str) -> str | None:
    """The id of the session that a path or a reply names first."""
    found = _SESSION.search(text)
    return None if found is None else found[0]
