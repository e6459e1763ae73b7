"""Views and actions of single sessions, in the control API and on the checkout page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.auditor.exchange import Exchange
from tests.auditor.records.billing_reader import read_item
from tests.auditor.records.books import Books, Page
from tests.auditor.records.lives import Life
from tests.auditor.records.shapes import instant, member, page
from tests.auditor.rules import DECLINING_CARDS, micro

ACTION: Final = re.compile(r"/_mock/sessions/([^/]+)(?:/(pay|cancel|expire))?")
CHECKOUT_PAGE: Final = re.compile(r"(?:/c)?/pay/([^/]+)")
CONTROL_PAGE: Final = 50


def read_all_sessions(books: Books, exchange: Exchange) -> None:
    """Note the sessions of `GET /_mock/sessions`. A list of one account in all statuses shows all of its sessions."""
    if (found := page(exchange, member(exchange.answer, "sessions"), limit=CONTROL_PAGE)) is None:
        return
    for item in found.items:
        read_view(books, item, exchange)
    if (accounts := {str(item["account"]) for item in found.items}) and len(accounts) == 1:
        _note_page(books, accounts.pop(), found)


def _note_page(books: Books, account: str, found: Page) -> None:
    if "key" in found.exchange.query and "status" not in found.exchange.query:
        books.account(account).session_pages.append(found)


def read_view(books: Books, view: object, exchange: Exchange) -> Life | None:
    """Note a session as the control API shows it."""
    if not isinstance(view, dict) or "account" not in view:
        return None
    life = read_item(books, str(view["account"]), view, exchange)
    life.views.append((exchange, view))
    life.expires_at = instant(view["expires_at"])
    if (completed := instant(view["completed_at"])) is not None:
        life.completed_at = completed
    if micro(view["credits"]) != life.order.microcredits:
        sentence = f"the session {life.id} sells {view['credits']} credits; its order is {life.order}"
        books.contradict("order-changed", sentence, exchange)
    return life


def read_action(books: Books, exchange: Exchange) -> bool:
    """Note the exchange if it is about one session; True if it is."""
    if (action := ACTION.fullmatch(exchange.path)) is not None:
        view = exchange.answer if action[2] is None else member(exchange.answer, "session")
        if exchange.is_executed:
            read_view(books, view, exchange)
        if (life := _life(books, action[1], exchange)) is not None and action[2] is not None:
            _note_action(life, action[2], exchange)
        return True
    if (opened := CHECKOUT_PAGE.fullmatch(exchange.path)) is None:
        return False
    if (life := _life(books, opened[1], exchange)) is not None:
        if exchange.method == "POST":
            _note_action(life, str(exchange.body.get("action", "pay")), exchange)
        elif exchange.is_executed:
            life.not_expired.append(exchange)
        elif exchange.status == 410:
            life.expired.append(exchange)
    return True


def _life(books: Books, name: str, exchange: Exchange) -> Life | None:
    """The session of an action, whose existence or absence is noted."""
    life = books.lives.get(name)
    if life is None:
        if exchange.is_executed:
            sentence = f"an answer accepts the session {name}, which no request created"
            books.contradict("session-without-creation", sentence, exchange)
        return None
    if exchange.status == 404:
        life.missing.append(exchange)
    elif exchange.is_executed or exchange.status in (402, 409, 410):
        life.present.append(exchange)
    return life


def _note_action(life: Life, action: str, exchange: Exchange) -> None:
    if exchange.is_executed:
        if action == "pay":
            life.paid.append(exchange)
            life.completed.append(exchange)
        elif action == "expire":
            life.ended.append(exchange)
            life.expired.append(exchange)
        else:
            life.pending.append(exchange)
    elif exchange.is_unknown:
        if action == "pay" and not declines(exchange.body):
            life.maybe_paid.append(exchange)
        elif action == "expire":
            life.maybe_ended.append(exchange)
    elif exchange.status == 402:
        life.declined.append(exchange)
        life.pending.append(exchange)
    elif exchange.status == 409:
        life.completed.append(exchange)
    elif exchange.status == 410:
        life.expired.append(exchange)


def declines(body: Mapping[str, Any]) -> bool:
    """The card of a payment is one that never pays."""
    return re.sub("[ -]", "", str(body.get("card") or "")) in DECLINING_CARDS
