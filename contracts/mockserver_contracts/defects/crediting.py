"""Defects of money: credits that come too often, too early, too late, too many, or to somebody else."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import Answer, Call
from mockserver_contracts.defects.upstream import Server, session_in

CREDITING: Final = Family("money")
ONCE: Final = {"rule-paid-once"}
WITHOUT_PAYMENT: Final = "no-credits-without-payment"
IMMEDIATELY: Final = "credits-added-immediately"
GOOD_CARD: Final = "4242424242424242"
# As long as a busy server takes from finding a session to keeping it.
_RACE_SECONDS: Final = 0.01


class Books:
    """What accounts have more or less than they should; every answer that tells a balance tells that one."""

    def __init__(self) -> None:
        self._off: dict[str, float] = {}

    def add(self, account: str, credits: float) -> None:
        """Put credits on an account that it should not have, or take some away."""
        self._off[account] = self._off.get(account, 0) + credits

    async def told(self, call: Call, server: Server) -> Answer:
        """The answer, its balances by these books."""
        answer = await server.answer(call)
        found = answer.json if answer.is_success else None
        if not isinstance(found, dict):
            return answer
        if call.path == "/billing/usage" and isinstance(usage := found.get("data"), dict):
            return answer.with_json({**found, "data": self._usage(usage, (await server.account(call.key)).get("id"))})
        if call.path == "/_mock/accounts" and isinstance(accounts := found.get("accounts"), list):
            return answer.with_json({**found, "accounts": [self._usage(one, one.get("id")) for one in accounts]})
        return answer

    def _usage(self, usage: dict[str, Any], account: str | None) -> dict[str, Any]:
        if (off := self._off.get(account or "", 0)) == 0 or "credit_balance" not in usage:
            return usage
        return {**usage, "credit_balance": usage["credit_balance"] + off}


class Bookkeeping:
    """What the defects of money have in common: books, and an eye for what becomes of sessions."""

    def __init__(self) -> None:
        self.books = Books()

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await self.books.told(call, server)
        if call.creates and answer.is_success:
            await self.created(call, server, answer)
        elif (act := call.act) is not None:
            session = await server.session(act.session)
            if act.kind == "pay" and _is_payment(call, answer, session):
                await self.paid(session, server)
            elif act.kind == "pay" and answer.status == 402:
                await self.declined(session)
            elif act.kind == "cancel" and answer.status in (200, 303):
                await self.cancelled(session)
        return answer

    async def created(self, call: Call, server: Server, answer: Answer) -> None:
        """A session is made."""

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        """A session is completed, just now."""

    async def declined(self, session: dict[str, Any]) -> None:
        """A session's card is declined."""

    async def cancelled(self, session: dict[str, Any]) -> None:
        """A session's buyer turns back."""


@CREDITING.defect(
    "paying-again-credits-again",
    "Who pays a completed session again is credited again.",
    fails=ONCE,
)
class PayingAgainCreditsAgain(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, Answer] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await super().__call__(call, server)
        if (act := call.act) is None or act.kind != "pay":
            return answer
        if answer.status == 409:
            session = await server.session(act.session)
            self.books.add(session.get("account", ""), session.get("credits", 0))
            return self._answers.get(act.session, answer)
        if _is_payment(call, answer, await server.session(act.session)):
            self._answers[act.session] = answer
        return answer


@CREDITING.defect(
    "paying-at-once-credits-twice",
    "Two payments of one session at the same time both credit.",
    fails=ONCE,
)
class PayingAtOnceCreditsTwice(Bookkeeping):
    async def __call__(self, call: Call, server: Server) -> Answer:
        if (act := call.act) is None or act.kind != "pay":
            return await super().__call__(call, server)
        before = await server.session(act.session)
        await asyncio.sleep(_RACE_SECONDS)
        answer = await super().__call__(call, server)
        if before.get("status") == "pending" and answer.status == 409:
            self.books.add(before["account"], before["credits"])
        return answer


@CREDITING.defect("credited-on-creation", "A session credits when it is made.", fails={WITHOUT_PAYMENT})
class CreditedOnCreation(Bookkeeping):
    async def created(self, call: Call, server: Server, answer: Answer) -> None:
        session = await server.session(session_in(answer) or "")
        if session:
            self.books.add(session["account"], session["credits"])

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        self.books.add(session["account"], -session["credits"])


@CREDITING.defect("credited-on-cancel", "Turning back on the page credits.", fails={WITHOUT_PAYMENT})
class CreditedOnCancel(Bookkeeping):
    async def cancelled(self, session: dict[str, Any]) -> None:
        self.books.add(session["account"], session["credits"])


@CREDITING.defect(
    "credited-on-decline",
    "A declined card credits.",
    fails={WITHOUT_PAYMENT, "rule-declined-changes-nothing", "rule-credits-as-sold"},
)
class CreditedOnDecline(Bookkeeping):
    async def declined(self, session: dict[str, Any]) -> None:
        self.books.add(session["account"], session["credits"])


@CREDITING.defect(
    "declined-cards-pay",
    "A card that the bank declines pays.",
    fails={WITHOUT_PAYMENT, "rule-declined-changes-nothing"},
)
async def declined_cards_pay(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if call.act is None or call.act.kind != "pay" or answer.status != 402:
        return answer
    if call.is_control:
        return await server.answer(call.with_json({**call.fields, "card": GOOD_CARD}))
    return await server.answer(call.with_form(card=GOOD_CARD))


@CREDITING.defect(
    "never-credited",
    "A payment completes the session and credits nothing.",
    fails={IMMEDIATELY, "rule-credits-as-sold"},
)
class NeverCredited(Bookkeeping):
    async def paid(self, session: dict[str, Any], server: Server) -> None:
        self.books.add(session["account"], -session["credits"])


@CREDITING.defect("credited-late", "The first look after a payment shows the balance from before.", fails={IMMEDIATELY})
class CreditedLate(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._due: dict[str, float] = {}

    async def __call__(self, call: Call, server: Server) -> Answer:
        answer = await super().__call__(call, server)
        if call.path == "/billing/usage" and answer.is_success:
            account = (await server.account(call.key)).get("id", "")
            self.books.add(account, self._due.pop(account, 0))
        return answer

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        account, credits = session["account"], session["credits"]
        self.books.add(account, -credits)
        self._due[account] = self._due.get(account, 0) + credits


@CREDITING.defect("credited-in-cents", "A payment of 50 dollars credits 5,000.", fails={"rule-credits-as-sold"})
class CreditedInCents(Bookkeeping):
    async def paid(self, session: dict[str, Any], server: Server) -> None:
        self.books.add(session["account"], session["credits"] * 99)


@CREDITING.defect(
    "credited-up-to-a-hundred",
    "Of a payment of more than 100 credits 100 are credited.",
    fails={"rule-credits-as-sold"},
)
class CreditedUpToAHundred(Bookkeeping):
    async def paid(self, session: dict[str, Any], server: Server) -> None:
        self.books.add(session["account"], min(100 - session["credits"], 0))


@CREDITING.defect(
    "subscriptions-credit-nothing",
    "A subscription that is paid credits nothing.",
    fails={"rule-credits-as-sold", IMMEDIATELY},
)
class SubscriptionsCreditNothing(Bookkeeping):
    async def paid(self, session: dict[str, Any], server: Server) -> None:
        if session["mode"] == "subscription":
            self.books.add(session["account"], -session["credits"])


@CREDITING.defect(
    "credited-to-the-last-buyer",
    "The credits go to the account that made a session last.",
    fails={"rule-credits-as-sold", "rule-accounts-are-apart", IMMEDIATELY},
)
class CreditedToTheLastBuyer(Bookkeeping):
    def __init__(self) -> None:
        super().__init__()
        self._last: str | None = None

    async def created(self, call: Call, server: Server, answer: Answer) -> None:
        self._last = (await server.account(call.key)).get("id")

    async def paid(self, session: dict[str, Any], server: Server) -> None:
        self.books.add(session["account"], -session["credits"])
        self.books.add(self._last or session["account"], session["credits"])


@CREDITING.defect(
    "one-balance-for-all",
    "Every account is shown the credits of all together.",
    fails={"rule-accounts-are-apart", "rule-credits-as-sold"},
)
async def one_balance_for_all(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    found = answer.json if call.path == "/billing/usage" and answer.is_success else None
    if not isinstance(found, dict) or not isinstance(usage := found.get("data"), dict):
        return answer
    accounts = (await server.control("accounts?limit=1000")).get("accounts", [])
    total = sum(account["credit_balance"] for account in accounts)
    return answer.with_json({**found, "data": {**usage, "credit_balance": total}})


def _is_payment(call: Call, answer: Answer, session: dict[str, Any]) -> bool:
    """Whether it was this call that completed the session."""
    done = 200 if call.is_control else 303
    return answer.status == done and session.get("status") == "completed"
