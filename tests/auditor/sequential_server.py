"""A billing server in one thread, correct by being simple, and able to do one thing wrong.

It answers requests in the shapes of the API. `mistake` names what goes wrong, once, at the next request
that allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.auditor.rules import DECLINING_CARDS, account_of

START: Final = datetime(2030, 1, 1, tzinfo=UTC)
LIFETIME: Final = timedelta(hours=24)
Answer = tuple[int, Any]


@dataclass
class Session:
    """A session of the server."""

    id: str
    account: str
    amount: int
    created_at: datetime
    status: str = "pending"
    ages: bool = True
    completed_at: datetime | None = None
    outcomes: list[str] = field(default_factory=list)


@dataclass
class Account:
    """An account of the server, credits in whole numbers."""

    income: int = 0
    used: int = 0
    sessions: list[Session] = field(default_factory=list)
    invoices: list[dict[str, Any]] = field(default_factory=list)
    recharge: dict[str, Any] = field(default_factory=lambda: {"enabled": False, "threshold": 0, "amount": 0})
    ahead: timedelta = timedelta()


def text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class SequentialServer:
    """The server. Its time passes only by `POST /_mock/clock`."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, Session] = {}
        self.numbers = 0
        self.mistake: str | None = None
        self.mistaken: str | None = None

    def errs(self, mistake: str) -> bool:
        """The planned mistake is this one, and happens now."""
        if self.mistake != mistake:
            return False
        self.mistake, self.mistaken = None, mistake
        return True

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def answer(self, method: str, path: str, key: str, body: Mapping[str, Any], query: Mapping[str, str]) -> Answer:
        name = account_of(key)
        account = self.accounts.setdefault(name, Account())
        match (method, *path.strip("/").split("/")):
            case ("POST", "billing", "checkout"):
                return self.create(name, account, body)
            case ("GET", "billing", "checkouts"):
                return 200, {"data": [self.item(each) for each in self.page(account.sessions, query)]}
            case ("GET", "billing", "invoices"):
                return 200, {"data": self.page(account.invoices, query)}
            case ("GET", "billing", "usage"):
                return 200, {"data": self.usage(account)}
            case ("POST", "billing", "auto_recharge"):
                if {**account.recharge, **body} == account.recharge or not self.errs("recharge settings lost"):
                    account.recharge |= body
                return 200, {"success": True}
            case ("GET", "billing", "auto_recharge"):
                return 200, {"data": dict(account.recharge)}
            case ("POST", "_mock", "credits"):
                account.income += 0 if self.errs("grant lost") else body["credits"]
                return 200, {"usage": self.usage(account)}
            case ("POST", "_mock", "usage"):
                return self.consume(account, body["credits"])
            case ("POST", "_mock", "clock"):
                account.ahead += timedelta(hours=body["advance"] // 3600)
                return 200, {"now": text(START + account.ahead), "offset_seconds": 0, "frozen": True}
            case ("POST", "_mock", "reset"):
                return self.reset(name, account)
            case ("GET", "_mock", "sessions", _) | ("POST", "_mock", "sessions", _, _):
                return self.on_session(path, body)
        raise AssertionError(path)

    def page(self, rows: list[Any], query: Mapping[str, str]) -> list[Any]:
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 10))
        return rows[::-1][offset : offset + limit]

    def usage(self, account: Account) -> dict[str, Any]:
        month = {"usage_this_month": account.used, "breakdown": {"other": account.used}}
        return {"credit_balance": account.income - account.used, "credit_used": account.used, **month}

    def create(self, name: str, account: Account, body: Mapping[str, Any]) -> Answer:
        name_of_it = f"cs_test_{self.number():058}"
        if account.sessions and self.errs("id issued twice"):
            name_of_it = account.sessions[-1].id
        session = Session(name_of_it, name, body["amount"], START + account.ahead)
        if not self.errs("creation lost"):
            account.sessions.append(session)
            self.sessions[session.id] = session
        return 200, {"data": {"id": session.id, "expires_at": text(session.created_at + LIFETIME)}}

    def item(self, session: Session) -> dict[str, Any]:
        self.age(session)
        shown = {"id": session.id, "amount": session.amount, "status": session.status}
        return {**shown, "created_at": text(session.created_at)}

    def view(self, session: Session) -> dict[str, Any]:
        return {
            **self.item(session),
            "account": session.account,
            "credits": session.amount,
            "expires_at": text(session.created_at + LIFETIME),
            "completed_at": text(session.completed_at),
            "attempts": [{"outcome": outcome} for outcome in session.outcomes],
        }

    def age(self, session: Session) -> None:
        is_over = START + self.accounts[session.account].ahead >= session.created_at + LIFETIME
        if session.status == "pending" and is_over and session.ages:
            session.ages = not self.errs("never expires")
        if session.status == "pending" and ((is_over and session.ages) or self.errs("expired early")):
            session.status = "expired"

    def on_session(self, path: str, body: Mapping[str, Any]) -> Answer:
        _, _, name, *actions = path.strip("/").split("/")
        session = self.sessions.get(name)
        if session is None:
            return 404, {"error_code": "session_not_found"}
        self.age(session)
        if not actions:
            return 200, self.view(session)
        if session.status == "completed" and self.errs("revived"):
            session.status, session.completed_at = "pending", None
        if session.status == "expired" and actions == ["pay"] and self.errs("expired session accepted"):
            session.status = "pending"
        if session.status != "pending":
            return (409, {}) if session.status == "completed" else (410, {})
        account = self.accounts[session.account]
        if actions == ["expire"]:
            session.status = "expired"
        if actions == ["pay"]:
            if body.get("card") in DECLINING_CARDS and not self.errs("declined card pays"):
                session.outcomes.append("generic_decline")
                return 402, {"error_code": "card_declined"}
            self.complete(session, account)
        return 200, {"session": self.view(session)}

    def complete(self, session: Session, account: Account) -> None:
        if not self.errs("payment lost"):
            session.status, session.completed_at = "completed", START + account.ahead
            session.outcomes.append("paid")
        times = 2 if self.errs("credited twice") else 0 if self.errs("not credited") else 1
        account.income += times * session.amount + (1 if self.errs("credited too much") else 0)
        for _ in range(2 if self.errs("two invoices") else 0 if self.errs("no invoice") else 1):
            self.invoice(account, session.amount)

    def invoice(self, account: Account, amount: int) -> None:
        shown = amount + 1 if self.errs("invoice of another amount") else amount
        account.invoices.append({"id": f"in_{self.number()}", "amount": shown, "status": "paid", "created_at": "-"})

    def consume(self, account: Account, credits: int) -> Answer:
        settings, left = account.recharge, account.income - account.used - credits
        charge = settings["amount"] if settings["enabled"] and left < settings["threshold"] else 0
        if left + charge < 0 and not self.errs("overdrawn"):
            return 402, {"error_code": "insufficient_credits"}
        if left + charge >= 0 and self.errs("refused with credits"):
            return 402, {"error_code": "insufficient_credits"}
        if charge and not self.errs("recharge not credited"):
            account.income += charge * (2 if self.errs("recharged twice") else 1)
        if charge:
            self.invoice(account, charge)
        account.used += 0 if self.errs("consumption lost") else credits
        return 200, {"usage": self.usage(account)}

    def reset(self, name: str, account: Account) -> Answer:
        if self.errs("reset keeps credits"):
            self.accounts[name] = Account(income=account.income or 1)
        else:
            self.accounts[name] = Account()
        for session in account.sessions:
            self.sessions.pop(session.id, None)
        return 200, {}


MISTAKES: Final = (
    "id issued twice",
    "creation lost",
    "expired early",
    "never expires",
    "revived",
    "expired session accepted",
    "declined card pays",
    "payment lost",
    "credited twice",
    "not credited",
    "credited too much",
    "two invoices",
    "no invoice",
    "invoice of another amount",
    "grant lost",
    "overdrawn",
    "refused with credits",
    "recharge not credited",
    "recharged twice",
    "recharge settings lost",
    "consumption lost",
    "reset keeps credits",
)
"""Everything that the server can do wrong."""
