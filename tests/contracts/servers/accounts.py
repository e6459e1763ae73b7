"""The state of the independent server: accounts with sessions, credits and a clock."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

STATE_DEFECTS = (
    "lives_25_hours",
    "lives_23_hours",
    "never_expires",
    "expires_a_second_late",
    "expired_can_be_paid",
    "expired_on_the_list_only",
    "completed_expires",
    "credits_twice",
    "credits_a_stranger",
    "credits_half",
    "credits_late",
    "credits_at_creation",
    "credits_on_cancel",
    "credits_on_decline",
    "decline_completes",
    "decline_closes",
    "cancel_expires",
    "pays_again",
    "charges_always_one",
    "same_id_twice",
    "ids_again_after_100",
    "list_omits_expired",
    "list_omits_completed",
    "list_oldest_first",
    "list_ignores_offset",
    "list_of_everyone",
    "list_keeps_fifty",
    "list_amount_in_cents",
    "list_stays_pending",
    "usage_of_everyone",
    "clock_of_everyone",
    "status_words_of_stripe",
    "success_url_forgotten",
    "template_forgotten",
    "cancel_goes_to_success",
    "missing_expires_at",
    "expires_at_is_creation",
)
LIFE = timedelta(hours=24)


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass
class Account:
    key: str
    sessions: list[dict[str, Any]] = field(default_factory=list)
    credits: float = 0
    owed: float = 0
    offset: timedelta = timedelta()
    frozen: datetime | None = None
    invoices: list[dict[str, Any]] = field(default_factory=list)
    units: dict[str, float] = field(default_factory=dict)
    spent: list[tuple[datetime, str, float]] = field(default_factory=list)
    recharge: dict[str, Any] = field(default_factory=lambda: {"enabled": False, "threshold": 0, "amount": 0})

    @property
    def now(self) -> datetime:
        now = self.frozen or datetime.now(UTC) + self.offset
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Books:
    """All accounts; every change of a session is here."""

    def __init__(self, defect: str | None) -> None:
        self.accounts: dict[str, Account] = {}
        self.made = 0
        self.invoiced = 0
        self._defect = defect
        self._random = random.Random(1)
        self._ids: list[str] = []

    def account(self, key: str) -> Account:
        return self.accounts.setdefault(key, Account(key))

    def create(self, key: str, order: dict[str, Any]) -> dict[str, Any]:
        account = self.account(key)
        life = {"lives_25_hours": timedelta(hours=25), "lives_23_hours": timedelta(hours=23)}.get(
            self._defect or "", LIFE
        )
        told = timedelta() if self._defect == "expires_at_is_creation" else life
        dollars = order.get("amount") if order.get("mode") != "subscription" else None
        session = {
            "id": self._id(),
            "account": "acct_" + key[-6:],
            "amount": dollars,
            "credits": 20 if order.get("mode") == "subscription" else dollars,
            "currency": "usd",
            "status": "pending",
            "success_url": order.get("success"),
            "cancel_url": order.get("cancel"),
            "created_at": _text(account.now),
            "expires_at": _text(account.now + told),
            "ends": account.now + life,
            "key": key,
        }
        self.made += 1
        account.sessions.append(session)
        if self._defect == "credits_at_creation":
            account.credits += dollars or 0
        return session

    def session(self, id_: str) -> dict[str, Any] | None:
        for account in self.accounts.values():
            for session in account.sessions:
                if session["id"] == id_:
                    self._age(account, session)
                    return session
        return None

    def listed(self, key: str) -> list[dict[str, Any]]:
        account = self.account(key)
        everyone = self._defect == "list_of_everyone"
        owners = list(self.accounts.values()) if everyone else [account]
        sessions = [session for owner in owners for session in owner.sessions]
        for owner in owners:
            self._age(owner, *owner.sessions)
        omitted = {"list_omits_expired": "expired", "list_omits_completed": "completed"}.get(self._defect or "")
        names = ("id", "amount", "currency", "status", "created_at")
        listed = [{name: session[name] for name in names} for session in sessions if session["status"] != omitted]
        for entry in listed:
            if self._defect == "list_amount_in_cents" and entry["amount"]:
                entry["amount"] *= 100
            if self._defect == "list_stays_pending":
                entry["status"] = "pending"
            if self._defect == "status_words_of_stripe":
                entry["status"] = {"pending": "open", "completed": "complete"}.get(entry["status"], entry["status"])
        listed = listed[-50:] if self._defect == "list_keeps_fifty" else listed
        return listed if self._defect == "list_oldest_first" else listed[::-1]

    def usage(self, key: str) -> dict[str, Any]:
        account = self.account(key)
        balance = account.credits
        if self._defect == "usage_of_everyone":
            balance = sum(each.credits for each in self.accounts.values())
        account.credits, account.owed = account.credits + account.owed, 0
        return {
            "credit_balance": balance,
            "plan_id": "",
            "email": "someone@example.com",
            **_used(account),
        }

    def invoice(self, account: Account, amount: float) -> None:
        self.invoiced += 1
        invoice = {"id": f"in_{self.invoiced:024}", "amount": amount, "currency": "usd", "status": "paid"}
        account.invoices.append({**invoice, "created_at": _text(account.now)})

    def pay(self, session: dict[str, Any], card: str) -> None:
        self._refuse_closed(session, paying=True)
        account = self.account(session["key"])
        if card.startswith("40000000000"):
            if self._defect == "credits_on_decline":
                self._credit(account, session)
            if self._defect in ("decline_completes", "decline_closes"):
                session["status"] = "completed" if self._defect == "decline_completes" else "expired"
            raise Refused(402, "card_declined", "declined")
        session["status"] = "completed"
        self._credit(account, session)
        self.invoice(account, session["credits"])

    def cancel(self, session: dict[str, Any]) -> None:
        self._refuse_closed(session)
        if self._defect == "cancel_expires":
            session["status"] = "expired"
        if self._defect == "credits_on_cancel":
            self._credit(self.account(session["key"]), session)

    def expire(self, session: dict[str, Any]) -> None:
        self._refuse_closed(session)
        session["status"] = "expired"

    def redirect(self, session: dict[str, Any], name: str) -> str | None:
        if self._defect == "cancel_goes_to_success":
            name = "success"
        url: str | None = session[f"{name}_url"]
        if url is None or (self._defect == "success_url_forgotten" and name == "success"):
            return None
        return url if self._defect == "template_forgotten" else url.replace("{CHECKOUT_SESSION_ID}", session["id"])

    def _credit(self, account: Account, session: dict[str, Any]) -> None:
        credits = session["credits"] or 0
        factor = {"credits_twice": 2, "credits_half": 0.5}.get(self._defect or "", 1)
        if self._defect == "credits_a_stranger":
            others = [each for each in self.accounts.values() if each is not account]
            account = others[-1] if others else Account("")
        if self._defect == "credits_late":
            account.owed += credits
        else:
            account.credits += 1 if self._defect == "charges_always_one" else credits * factor

    def _refuse_closed(self, session: dict[str, Any], *, paying: bool = False) -> None:
        status = session["status"]
        if status == "completed" and not (paying and self._defect == "pays_again"):
            raise Refused(409, "session_completed", "paid before")
        if status == "expired" and not (paying and self._defect in ("expired_can_be_paid", "expired_on_the_list_only")):
            raise Refused(410, "session_expired", "too late")

    def _age(self, account: Account, *sessions: dict[str, Any]) -> None:
        late = timedelta(seconds=2 if self._defect == "expires_a_second_late" else 0)
        can = ("pending", "completed") if self._defect == "completed_expires" else ("pending",)
        now = account.now
        if self._defect == "clock_of_everyone":
            now = max(each.now for each in self.accounts.values())
        for session in sessions:
            if session["status"] in can and now >= session["ends"] + late and self._defect != "never_expires":
                session["status"] = "expired"

    def _id(self) -> str:
        if self._defect == "ids_again_after_100" and len(self._ids) >= 100:
            return self._ids[len(self._ids) % 100]
        if self._defect == "same_id_twice" and len(self._ids) % 2:
            self._ids.append(self._ids[-1])
            return self._ids[-1]
        self._ids.append("cs_test_" + "".join(self._random.choices(string.ascii_letters + string.digits, k=58)))
        return self._ids[-1]


def _used(account: Account) -> dict[str, Any]:
    """The credits that were spent, this month by category and in all."""
    now = account.now
    breakdown: dict[str, float] = {}
    for at, category, credits in account.spent:
        if (at.year, at.month) == (now.year, now.month):
            breakdown[category] = round(breakdown.get(category, 0) + credits, 6)
    return {
        "usage_this_month": round(sum(breakdown.values()), 6),
        "breakdown": breakdown,
        "credit_used": round(sum(credits for _, _, credits in account.spent), 6),
    }


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
