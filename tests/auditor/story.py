"""Histories written by hand: one call after another, unless a test gives other moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.auditor import FOREVER, Exchange, Rules, audit
from tests.auditor.rules import account_of

KEY: Final = "sk-one"
OTHER: Final = "sk-two"
START: Final = datetime(2030, 1, 1, tzinfo=UTC)
LOST: Final = None
"""The status of a request without an answer."""


def session(number: int) -> str:
    """The id of a session."""
    return f"cs_test_{number:058}"


def at(hours: float) -> str:
    """The instant so many hours after the start."""
    return (START + timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Story:
    """A history. Each call takes half a second, and the next begins half a second later."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.moment = 0.0

    def call(
        self,
        method: str,
        path: str,
        status: int | None = 200,
        answer: Any = None,
        *,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
        within: tuple[float, float] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Add an exchange; without a status it never ends, unless `within` says when."""
        self.moment += 1
        sent, ended = within or (self.moment, FOREVER if status is None else self.moment + 0.5)
        exchange = Exchange(method, path, sent, ended, status, answer, key, query or {}, body or {})
        self.exchanges.append(exchange)
        return exchange

    def create(self, number: int, amount: int = 5, *, key: str = KEY, status: int | None = 200, **parts: Any) -> str:
        """Create a session of some dollars."""
        answer = {"data": {"id": session(number), "expires_at": at(24)}} if status == 200 else None
        self.call("POST", "/billing/checkout", status, answer, key=key, body={"amount": amount}, **parts)
        return session(number)

    def act(self, name: str, verb: str, status: int | None = 200, **parts: Any) -> None:
        """Pay, cancel or expire a session."""
        self.call("POST", f"/_mock/sessions/{name}/{verb}", status, {}, **parts)

    def pay(self, name: str, status: int | None = 200, **parts: Any) -> None:
        """Pay a session."""
        self.act(name, "pay", status, **parts)

    def view(self, name: str, status: str, *, key: str = KEY, **changes: Any) -> None:
        """See a session of 5 dollars in the control API."""
        view = {
            **item(name, status),
            "account": account_of(key),
            "credits": 5,
            "expires_at": at(24),
            "completed_at": at(0) if status == "completed" else None,
            "attempts": [{"outcome": "paid"}] if status == "completed" else [],
        }
        self.call("GET", f"/_mock/sessions/{name}", 200, {**view, **changes})

    def sessions(self, *items: Mapping[str, Any], key: str = KEY, **parts: Any) -> None:
        """List sessions, newest first."""
        self.call("GET", "/billing/checkouts", 200, {"data": list(items)}, key=key, **parts)

    def invoices(self, *amounts: float, names: Iterable[str] | None = None, **parts: Any) -> None:
        """List invoices of some dollars, newest first; the oldest is `in_1`, unless they are named."""
        named = zip(names or [f"in_{len(amounts) - place}" for place in range(len(amounts))], amounts, strict=True)
        data = [{"id": name, "amount": amount, "status": "paid", "created_at": at(0)} for name, amount in named]
        self.call("GET", "/billing/invoices", 200, {"data": data}, key=KEY, **parts)

    def usage(self, balance: float, used: float = 0, **parts: Any) -> None:
        """Read the balance."""
        self.call("GET", "/billing/usage", 200, {"data": usage(balance, used)}, key=KEY, **parts)

    def grant(
        self, credits: float, status: int | None = 200, *, shows: tuple[float, float] | None = None, **parts: Any
    ) -> None:
        """Give credits; the answer may show the balance and the use after them."""
        self._change("/_mock/credits", credits, status, shows, parts)

    def consume(
        self, credits: float, status: int | None = 200, *, shows: tuple[float, float] | None = None, **parts: Any
    ) -> None:
        """Consume credits; the answer may show the balance and the use after them."""
        self._change("/_mock/usage", credits, status, shows, parts)

    def _change(
        self, path: str, credits: float, status: int | None, shows: tuple[float, float] | None, parts: Mapping[str, Any]
    ) -> None:
        answer = {"usage": usage(*shows)} if shows is not None else {}
        self.call("POST", path, status, answer, body={"key": KEY, "credits": credits}, **parts)

    def recharge(self, status: int | None = 200, **settings: Any) -> None:
        """Set auto recharge."""
        self.call("POST", "/billing/auto_recharge", status, {}, key=KEY, body=settings)

    def clock(
        self, method: str, hours: float, status: int | None = 200, *, key: str | None = None, **parts: Any
    ) -> None:
        """Read the clock, move it with POST, or delete it; the answer shows so many hours after the start."""
        fields = {} if key is None else {"key": key}
        self.call(method, "/_mock/clock", status, {"now": at(hours)}, body=fields, **parts)

    def reset(self, status: int | None = 200, **parts: Any) -> None:
        """Reset the account."""
        self.call("POST", "/_mock/reset", status, {}, body={"key": KEY}, **parts)

    def broken(self, **rules: Any) -> Counter[str]:
        """The rules that the history breaks, in the order it was told and in the opposite one."""
        report = audit(self.exchanges, Rules(**rules))
        assert audit(self.exchanges[::-1], Rules(**rules)).rules == report.rules
        return report.rules


def item(name: str, status: str, amount: int = 5, hours: float = 0) -> dict[str, Any]:
    """A session in a list."""
    return {"id": name, "amount": amount, "status": status, "created_at": at(hours)}


def usage(balance: float, used: float) -> dict[str, Any]:
    """The usage of an account."""
    return {"credit_balance": balance, "credit_used": used, "usage_this_month": used, "breakdown": {"other": used}}
