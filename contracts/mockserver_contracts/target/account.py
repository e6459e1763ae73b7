"""The client of one account: the checkout API as the owner of its key uses it.

Rule: control calls name their account or session, so that no other account changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.answer import (
    Session,
    entries_of,
    invoices_of,
    members_called,
    parse_time,
    session_of,
)
from mockserver_contracts.target.client import JSON, TargetClient
from mockserver_contracts.target.paging import Listing, read_pages
from mockserver_contracts.target.undecided import Undecided

DECLINED: Final = "4000000000000002"
CATEGORY: Final = "indexing"
"""The category of what a check consumes, where it names no other."""


@dataclass(frozen=True, slots=True)
class AccountClient:
    """The account of one API key."""

    client: TargetClient
    key: str

    @property
    def auth(self) -> dict[str, str]:
        """The header with the key of the account."""
        return {self.client.key_header: self.key}

    def post(self, body: bytes, content_type: str | None = JSON) -> Exchange:
        """The answer to the body at the checkout."""
        headers = self.auth if content_type is None else {**self.auth, "content-type": content_type}
        return self.client.send("POST", CHECKOUT, headers, body)

    def ask(self, **fields: object) -> Exchange:
        """The answer to a checkout with the fields."""
        return self.post(json.dumps(fields).encode())

    def dollars(self, dollars: int) -> int:
        """The amount, or the least that the target sells, or what the rails allow."""
        return 1 if self.client.on_rails else max(dollars, self.client.least_dollars)

    def order(self) -> bytes:
        """The body of the smallest order."""
        return json.dumps({"amount": self.dollars(1)}).encode()

    def create(self, *, dollars: int = 50, **fields: object) -> Session:
        """Create a session. Raises Undecided if there is none, or none that can be identified."""
        dollars = self.dollars(dollars)
        answer = self.ask(**{"amount": dollars, **fields})
        return self.created(answer, dollars)

    def ask_at_once(self, times: int) -> list[Exchange]:
        """Send the smallest order, this many times at once."""
        headers = {**self.auth, "content-type": JSON}
        return self.client.send_at_once([("POST", CHECKOUT, headers, self.order(), None)] * times)

    def created(self, answer: Exchange, dollars: int) -> Session:
        """The session that the answer describes. Raises Undecided without one."""
        session = session_of(answer, dollars)
        if session is None:
            raise Undecided(
                "the target creates no session" if not answer.is_accepted else "the session has no id or URL"
            )
        return session

    def page(self, **query: object) -> Exchange:
        """One page of the list of checkouts, read when the list has caught up with what was written before."""
        time.sleep(self.client.list_lag)
        return self.client.send("GET", CHECKOUTS, self.auth, query=query)

    def full_page(self) -> Exchange:
        """The first page of the list, as long as pages of the target become."""
        return self.page(limit=self.client.page_lengths.limit)

    def listing(self, *, at_least: int = 0) -> Listing:
        """The list, page by page; of a long list its beginning."""
        pages = list(self._pages(at_least))
        return Listing(pages[0][0], [entry for _, entries in pages for entry in entries])

    def listed(self, *, at_least: int = 0) -> list[dict[str, Any]]:
        """The entries of the list; of a long list its beginning."""
        return self.listing(at_least=at_least).entries

    def entry(self, session: Session) -> dict[str, Any] | None:
        """The entry of the session on the list, if there is one; reads no page behind it."""
        found = (entry for _, entries in self._pages() for entry in entries if entry.get("id") == session.id)
        return next(found, None)

    def _pages(self, at_least: int = 0) -> Iterator[tuple[Exchange, list[dict[str, Any]]]]:
        def read(limit: int, offset: int) -> Exchange:
            return self.page(limit=limit, offset=offset)

        return read_pages(self.client.page_lengths, CHECKOUTS, read, entries_of, at_least=at_least)

    def usage(self) -> Exchange:
        """The usage statistics."""
        return self.client.send("GET", USAGE, self.auth)

    def balance(self) -> Decimal:
        """The balance in credits. Raises Undecided if the usage statistics have none."""
        return balance_on(self.usage())

    def invoices(self, **query: object) -> Exchange:
        """One page of the list of invoices."""
        return self.client.send("GET", INVOICES, self.auth, query=query)

    def invoice_listing(self) -> Listing:
        """The list of invoices, page by page; without entries if it is no list."""

        def read(limit: int, offset: int) -> Exchange:
            return self.invoices(limit=limit, offset=offset)

        pages = list(read_pages(self.client.page_lengths, INVOICES, read, invoices_of))
        return Listing(pages[0][0], [entry for _, entries in pages for entry in entries])

    def invoice_ids(self) -> frozenset[str]:
        """The ids of the invoices; none if there is no list of them."""
        return frozenset(str(invoice.get("id")) for invoice in self.invoice_listing().entries)

    def top_up(self, **fields: object) -> Exchange:
        """The answer to a top-up with the fields."""
        return self.client.send("POST", TOPUP, {**self.auth, "content-type": JSON}, json.dumps(fields).encode())

    def auto_recharge(self) -> Exchange:
        """The settings of auto recharge."""
        return self.client.send("GET", AUTO_RECHARGE, self.auth)

    def set_auto_recharge(self, **fields: object) -> Exchange:
        """The answer to a change of the settings."""
        return self.client.send("POST", AUTO_RECHARGE, {**self.auth, "content-type": JSON}, json.dumps(fields).encode())

    def give(self, credits: float) -> Exchange:
        """Put credits on the account."""
        return self.client.control_call("POST", "/credits", {"key": self.key, "credits": credits})

    def consume(self, credits: float, category: str = CATEGORY) -> Exchange:
        """Spend credits of the account."""
        return self.client.control_call("POST", "/usage", {"key": self.key, "credits": credits, "category": category})

    def consume_at_once(self, uses: Sequence[tuple[float, str]]) -> list[Exchange]:
        """Spend credits of the account at the same time: each time so many in a category."""
        bodies = [{"key": self.key, "credits": credits, "category": category} for credits, category in uses]
        return self.client.control_bodies("/usage", bodies)

    def consume_units(self, resource: str, units: float) -> Exchange:
        """Spend units of a resource."""
        return self.client.control_call("POST", "/usage", {"key": self.key, "resource": resource, "units": units})

    def look(self, session: Session) -> Exchange:
        """The session as the control API shows it."""
        return self.client.control_call("GET", f"/sessions/{session.id}")

    def pay(self, session: Session, *, card: str | None = None, authenticates: bool | None = None) -> Exchange:
        """Pay the session; with 3-D Secure the holder's bank authenticates the payment or not."""
        given = {"card": card, "authenticate": authenticates}
        fields = {name: value for name, value in given.items() if value is not None}
        return self.client.control_call("POST", f"/sessions/{session.id}/pay", fields)

    def pay_at_once(self, session: Session, times: int) -> list[Exchange]:
        """Pay the session this many times at once."""
        return self.client.control_calls(times, "POST", f"/sessions/{session.id}/pay", {})

    def pay_all_at_once(self, sessions: Sequence[Session]) -> list[Exchange]:
        """Pay several sessions at the same time."""
        return self.client.control_posts([f"/sessions/{session.id}/pay" for session in sessions])

    def cancel_all_at_once(self, sessions: Sequence[Session]) -> list[Exchange]:
        """Cancel several sessions at the same time."""
        return self.client.control_posts([f"/sessions/{session.id}/cancel" for session in sessions])

    def cancel(self, session: Session) -> Exchange:
        """Cancel the session."""
        return self.client.control_call("POST", f"/sessions/{session.id}/cancel", {})

    def expire(self, session: Session) -> Exchange:
        """Let the session expire."""
        return self.client.control_call("POST", f"/sessions/{session.id}/expire", {})

    def now(self) -> datetime | None:
        """The time by the account's clock."""
        return parse_time(self.client.control_call("GET", "/clock", query={"key": self.key}).at("now"))

    def freeze(self) -> bool:
        """Freeze the account's clock; True if it stands still."""
        answer = self.client.control_call("POST", "/clock", {"frozen": True, "key": self.key})
        return answer.is_accepted and answer.at("frozen") is True

    def advance(self, seconds: int) -> None:
        """Advance the account's clock. Raises Undecided if it does not move."""
        answer = self.client.control_call("POST", "/clock", {"advance": f"{seconds}s", "key": self.key})
        if not answer.is_accepted:
            raise Undecided("the clock does not move")

    def set_clock(self, now: datetime) -> bool:
        """Set the account's clock; True if it shows that time."""
        at = now.isoformat().replace("+00:00", "Z")
        answer = self.client.control_call("POST", "/clock", {"now": at, "key": self.key})
        return answer.is_accepted and parse_time(answer.at("now")) == now

    def reset_clock(self) -> bool:
        """Let the account follow the common clock again; True if it does."""
        answer = self.client.control_call("DELETE", "/clock", query={"key": self.key})
        if not answer.is_accepted:
            self.client.control_call("POST", "/clock", {"frozen": False, "key": self.key})
        return answer.is_accepted


def balance_on(usage: Exchange) -> Decimal:
    """The balance in credits of an answer with usage statistics. Raises Undecided if they have none."""
    balance = usage.at("data", "credit_balance")
    if balance is None:
        balance = next(iter(members_called(usage.json, "credit_balance")), None)
    if not usage.is_accepted or isinstance(balance, bool) or not isinstance(balance, int | Decimal):
        raise Undecided("the usage statistics tell no balance")
    return Decimal(balance)
