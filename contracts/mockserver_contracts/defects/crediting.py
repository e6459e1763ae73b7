"""Defects of money: credits that arrive too often, too early, too late, in a wrong number or on another account."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mockserver_contracts.defects.balances import BalanceDefect, is_payment
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.document.operations import USAGE

CREDITING: Final = DefectFamily("money")
ONCE: Final = {"rule-paid-once"}
WITHOUT_PAYMENT: Final = "no-credits-without-payment"
IMMEDIATELY: Final = "credits-added-immediately"
GOOD_CARD: Final = "4242424242424242"
_LOST_CARD: Final = "4000000000009987"
# A busy server takes this long between reading a session and storing it.
_RACE_SECONDS: Final = 0.01


@CREDITING.defect(
    "paying-again-credits-again",
    "A completed session can be paid again, and credits again.",
    fails=ONCE | {"rule-each-card-has-one-effect"},
)
class PayingAgainCreditsAgain(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, InterceptedResponse] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if (buyer_action := request.buyer_action) is None or buyer_action.kind != "pay":
            return response
        if response.status == 409:
            session = await upstream.session(buyer_action.session)
            self.balances.add(session.get("account", ""), session.get("credits", 0))
            return self._answers.get(buyer_action.session, response)
        if is_payment(request, response, await upstream.session(buyer_action.session)):
            self._answers[buyer_action.session] = response
        return response


@CREDITING.defect(
    "paying-at-once-credits-twice",
    "Two payments of one session at the same time both credit.",
    fails=ONCE,
)
class PayingAtOnceCreditsTwice(BalanceDefect):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if (buyer_action := request.buyer_action) is None or buyer_action.kind != "pay":
            return await super().__call__(request, upstream)
        before = await upstream.session(buyer_action.session)
        await asyncio.sleep(_RACE_SECONDS)
        response = await super().__call__(request, upstream)
        if before.get("status") == "pending" and response.status == 409:
            self.balances.add(before["account"], before["credits"])
        return response


@CREDITING.defect(
    "credited-on-creation", "A session credits when it is created.", fails={WITHOUT_PAYMENT, "rule-whole-lives"}
)
class CreditedOnCreation(BalanceDefect):
    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        session = await upstream.session(find_session_id(response) or "")
        if session:
            self.balances.add(session["account"], session["credits"])

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.balances.add(session["account"], -session["credits"])


@CREDITING.defect("credited-on-cancel", "A cancellation credits.", fails={WITHOUT_PAYMENT})
class CreditedOnCancel(BalanceDefect):
    async def on_cancelled(self, session: dict[str, Any]) -> None:
        self.balances.add(session["account"], session["credits"])


@CREDITING.defect(
    "credited-on-decline",
    "A declined card credits.",
    fails={"rule-declined-changes-nothing", "rule-whole-lives", "rule-each-card-has-one-effect"},
)
class CreditedOnDecline(BalanceDefect):
    async def on_declined(self, session: dict[str, Any]) -> None:
        self.balances.add(session["account"], session["credits"])


@CREDITING.defect(
    "lost-cards-expire-the-session",
    "A payment with a lost card expires the session.",
    fails={"rule-each-card-has-one-effect"},
)
async def lost_cards_expire_the_session(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    action = request.buyer_action
    is_declined = action is not None and action.kind == "pay" and response.status == 402
    if action is not None and is_declined and request.fields.get("card") == _LOST_CARD:
        await upstream.call_control(f"sessions/{action.session}/expire", {})
    return response


@CREDITING.defect(
    "declined-cards-pay",
    "A declined card pays.",
    fails={"rule-declined-changes-nothing"},
)
async def declined_cards_pay(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.buyer_action is None or request.buyer_action.kind != "pay" or response.status != 402:
        return response
    if request.is_control:
        return await upstream.send(request.with_json({**request.fields, "card": GOOD_CARD}))
    return await upstream.send(request.with_form(card=GOOD_CARD))


@CREDITING.defect(
    "never-credited",
    "A payment completes the session and credits nothing.",
    fails={IMMEDIATELY, "rule-credits-as-sold", "rule-cancelled-changes-nothing", "rule-declined-changes-nothing"},
)
class NeverCredited(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.balances.add(session["account"], -session["credits"])


@CREDITING.defect(
    "credited-late", "The first request after a payment shows the balance from before it.", fails={IMMEDIATELY, *ONCE}
)
class CreditedLate(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._due: dict[str, float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if request.path == USAGE and response.is_success:
            account = (await upstream.account(request.key)).get("id", "")
            self.balances.add(account, self._due.pop(account, 0))
        return response

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        account, credits = session["account"], session["credits"]
        self.balances.add(account, -credits)
        self._due[account] = self._due.get(account, 0) + credits


@CREDITING.defect("credited-in-cents", "A payment of 50 dollars credits 5,000.", fails={"rule-credits-as-sold"})
class CreditedInCents(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.balances.add(session["account"], session["credits"] * 99)


@CREDITING.defect(
    "credited-up-to-a-hundred",
    "A payment of more than 100 dollars credits only 100.",
    fails={"rule-credits-as-sold", "rule-whole-lives"},
)
class CreditedUpToAHundred(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.balances.add(session["account"], min(100 - session["credits"], 0))


@CREDITING.defect(
    "subscriptions-credit-nothing",
    "A paid subscription credits nothing.",
    fails={"rule-credits-as-sold"},
)
class SubscriptionsCreditNothing(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if session["mode"] == "subscription":
            self.balances.add(session["account"], -session["credits"])


@CREDITING.defect("payments-count-as-use", "Bought credits count as used credits.", fails={"rule-whole-lives"})
class PaymentsCountAsUse(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._bought: dict[str, float] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if request.path != USAGE or not response.is_success:
            return response
        data = response.json["data"]
        bought = self._bought.get((await upstream.account(request.key)).get("id", ""), 0)
        return response.with_json({**response.json, "data": {**data, "credit_used": data["credit_used"] + bought}})

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self._bought[session["account"]] = self._bought.get(session["account"], 0) + session["credits"]


@CREDITING.defect(
    "credited-to-the-last-buyer",
    "The credits go to the account that created the latest session.",
    fails={"rule-accounts-are-apart"},
)
class CreditedToTheLastBuyer(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._last: str | None = None

    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        self._last = (await upstream.account(request.key)).get("id")

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.balances.add(session["account"], -session["credits"])
        self.balances.add(self._last or session["account"], session["credits"])


@CREDITING.defect(
    "one-balance-for-all",
    "Every account shows the sum of all accounts' credits.",
    fails={"rule-accounts-are-apart"},
)
async def one_balance_for_all(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    found = response.json if request.path == USAGE and response.is_success else None
    if not isinstance(found, dict) or not isinstance(usage := found.get("data"), dict):
        return response
    accounts = (await upstream.call_control("accounts?limit=1000")).get("accounts", [])
    total = sum(account["credit_balance"] for account in accounts)
    return response.with_json({**found, "data": {**usage, "credit_balance": total}})


@CREDITING.defect(
    "first-purchase-counts-twice",
    "The first purchase of an account gives twice the credits.",
    fails={"rule-credits-as-sold"},
)
class FirstPurchaseCountsTwice(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if session["account"] not in self._seen:
            self._seen.add(session["account"])
            self.balances.add(session["account"], session["credits"])


@CREDITING.defect(
    "refused-orders-credit", "A refused order adds a credit all the same.", fails={"refusal_creates_nothing"}
)
class RefusedOrdersCredit(BalanceDefect):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if request.is_creation and response.status == 400:
            self.balances.add((await upstream.account(request.key)).get("id", ""), 1)
        return response


@CREDITING.defect(
    "payer-in-a-global",
    "The account of a payment is kept in a variable of the whole server while it is credited.",
    fails={"rule-payments-at-once-add-up"},
)
class PayerInAGlobal(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._payer = ""

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self._payer = session["account"]
        await asyncio.sleep(_RACE_SECONDS)
        self.balances.add(session["account"], -session["credits"])
        self.balances.add(self._payer, session["credits"])


@CREDITING.defect(
    "dollars-through-binary-cents",
    "The price is a hundred times a hundredth of the amount in binary, cut to a whole number: 29 buy 28.",
    fails={"rule-credits-as-sold"},
)
class DollarsThroughBinaryCents(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if isinstance(amount := session["amount"], int):
            self.balances.add(session["account"], int(amount * 0.01 * 100) - amount)
