"""Defects of effects: what nobody paid for changes an account, and undeclared fields have a say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Final

from mockserver_contracts.defects.balances import BalanceDefect, BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import replace_in_data, replace_text
from mockserver_contracts.document.operations import AUTO_RECHARGE, USAGE

EFFECTS: Final = DefectFamily("state")
_UNPAID: Final = {"rule-only-payments-change-an-account"}
_UNDECLARED: Final = {"rule-unknown-fields-change-nothing"}


@EFFECTS.defect("refusals-expire-the-last", "A refused order expires the latest session.", fails=_UNPAID)
class RefusalsExpireTheLast:
    def __init__(self) -> None:
        self._latest: dict[str | None, str] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if not request.is_creation:
            return response
        if response.is_success and (name := find_session_id(response)) is not None:
            self._latest[request.key] = name
        elif response.status == 400 and request.key in self._latest:
            await upstream.call_control(f"sessions/{self._latest[request.key]}/expire", {})
        return response


@EFFECTS.defect("refusals-cost-a-credit", "A refused order costs a credit.", fails=_UNPAID)
class RefusalsCostACredit:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self._balances.apply(request, upstream)
        if request.is_creation and response.status == 400 and (account := await upstream.account(request.key)):
            self._balances.add(account["id"], -1)
        return response


class _WrongPlan(BalanceDefect):
    """Shows another plan in the usage statistics of some accounts."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: dict[str, str] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        if request.path != USAGE or not response.is_success:
            return response
        plan = self.plans.get((await upstream.account(request.key)).get("id", ""))
        return response if plan is None else response.with_json(replace_in_data(response.json, plan_id=plan))


@EFFECTS.defect("cancelling-ends-the-plan", "After a cancellation the account has the plan `free`.", fails=_UNPAID)
class CancellingEndsThePlan(_WrongPlan):
    async def on_cancelled(self, session: dict[str, Any]) -> None:
        self.plans[session["account"]] = "free"


@EFFECTS.defect("payments-end-the-plan", "After a payment for credits the account has the plan `free`.", fails=_UNPAID)
class PaymentsEndThePlan(_WrongPlan):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        self.plans[session["account"]] = session["plan_id"] if session["mode"] == "subscription" else "free"


@EFFECTS.defect("refused-orders-set-the-plan", "A refused order of a plan sets it.", fails=_UNPAID)
class RefusedOrdersSetThePlan(_WrongPlan):
    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await super().__call__(request, upstream)
        plan = request.fields.get("plan_id") if request.is_creation and response.status == 400 else None
        if isinstance(plan, str) and (account := await upstream.account(request.key)):
            self.plans[account["id"]] = plan
        return response


@EFFECTS.defect("orders-turn-recharge-off", "An order turns auto recharge off.", fails=_UNPAID)
async def orders_turn_recharge_off(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.is_creation and response.is_success:
        await upstream.send(replace(request, path=AUTO_RECHARGE, body=b'{"enabled": false}'))
    return response


@EFFECTS.defect(
    "open-orders-set-the-plan", "The order of a plan that nobody has paid sets it.", fails={"rule-whole-lives"}
)
class OpenOrdersSetThePlan(_WrongPlan):
    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        session = await upstream.session(find_session_id(response) or "")
        if session.get("mode") == "subscription":
            self.plans[session["account"]] = session["plan_id"]


class _ListedAsOrdered:
    """Lists a session with what an undeclared field of its order says."""

    field: ClassVar[str]

    def __init__(self) -> None:
        self._given: dict[str, Any] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        given = request.fields.get(self.field) if request.is_creation and response.is_success else None
        if given is not None and (name := find_session_id(response)) is not None:
            self._given[name] = given
        if not request.is_list:
            return response
        return response.with_rows(
            [self.change(row, self._given[row["id"]]) if row.get("id") in self._given else row for row in response.rows]
        )

    def change(self, row: dict[str, Any], given: Any) -> dict[str, Any]:
        """The row of a session whose order has the field."""
        return {**row, self.field: given}


@EFFECTS.defect("status-of-the-order", "An order may say which status its session has.", fails=_UNDECLARED)
class StatusOfTheOrder(_ListedAsOrdered):
    field = "status"


@EFFECTS.defect("creation-time-of-the-order", "An order may say when its session was created.", fails=_UNDECLARED)
class CreationTimeOfTheOrder(_ListedAsOrdered):
    field = "created_at"


@EFFECTS.defect("expiry-of-the-order", "An order may say when its session expires.", fails=_UNDECLARED)
async def expiry_of_the_order(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    given = request.fields.get("expires_at") if request.is_creation and response.is_success else None
    return response.with_json(replace_in_data(response.json, expires_at=given)) if given is not None else response


@EFFECTS.defect("email-of-the-order", "An order may say which e-mail address its account has.", fails=_UNDECLARED)
class EmailOfTheOrder:
    def __init__(self) -> None:
        self._given: dict[str | None, str] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        email = request.fields.get("email") if request.is_creation and response.is_success else None
        if isinstance(email, str):
            self._given[request.key] = email
        if request.path != USAGE or not response.is_success or request.key not in self._given:
            return response
        return response.with_json(replace_in_data(response.json, email=self._given[request.key]))


@EFFECTS.defect("discount-of-the-order", "An order may say by how much its price is lower.", fails=_UNDECLARED)
class DiscountOfTheOrder(_ListedAsOrdered):
    field = "discount"

    def change(self, row: dict[str, Any], given: Any) -> dict[str, Any]:
        return {**row, "amount": row["amount"] - given}


@EFFECTS.defect("plan-of-the-order", "An unpaid order may say which plan its account has.", fails=_UNDECLARED)
class PlanOfTheOrder(_WrongPlan):
    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        if isinstance(plan := request.fields.get("plan"), str):
            self.plans[(await upstream.account(request.key))["id"]] = plan


@EFFECTS.defect("id-of-the-order", "An order may say which id its session has.", fails=_UNDECLARED)
async def id_of_the_order(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    given, name = request.fields.get("id"), find_session_id(response)
    if not request.is_creation or not isinstance(given, str) or name is None:
        return response
    return response.with_json(replace_text(response.json, name, given))


@EFFECTS.defect("credits-of-the-order", "An order may say how many credits it adds at once.", fails=_UNDECLARED)
class CreditsOfTheOrder(BalanceDefect):
    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        if isinstance(credits := request.fields.get("credits"), int):
            self.balances.add((await upstream.account(request.key))["id"], credits)


@EFFECTS.defect("paid-credits-of-the-order", "An order may say how many credits its payment adds.", fails=_UNDECLARED)
class PaidCreditsOfTheOrder(BalanceDefect):
    def __init__(self) -> None:
        super().__init__()
        self._given: dict[str | None, int] = {}

    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        if isinstance(credits := request.fields.get("credits"), int):
            self._given[find_session_id(response)] = credits

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if (given := self._given.pop(session["id"], None)) is not None:
            self.balances.add(session["account"], given - session["credits"])
