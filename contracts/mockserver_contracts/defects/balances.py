"""Wrong balances: offsets from the correct ones, and a base class for the defects that cause them."""

from __future__ import annotations

from typing import Any

from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import USAGE


class BalanceOffsets:
    """The difference of each account's shown balance from its correct one."""

    def __init__(self) -> None:
        self._offsets: dict[str, float] = {}

    def add(self, account: str, credits: float) -> None:
        """Show more credits on an account, or with a negative number fewer."""
        self._offsets[account] = self._offsets.get(account, 0) + credits

    async def apply(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        """Send the request; every balance in the response is shifted."""
        response = await upstream.send(request)
        found = response.json if response.is_success else None
        if not isinstance(found, dict):
            return response
        if request.path == USAGE and isinstance(usage := found.get("data"), dict):
            return response.with_json(
                {**found, "data": self._usage(usage, (await upstream.account(request.key)).get("id"))}
            )
        if request.path == "/_mock/accounts" and isinstance(accounts := found.get("accounts"), list):
            return response.with_json({**found, "accounts": [self._usage(one, one.get("id")) for one in accounts]})
        return response

    def _usage(self, usage: dict[str, Any], account: str | None) -> dict[str, Any]:
        if (offset := self._offsets.get(account or "", 0)) == 0 or "credit_balance" not in usage:
            return usage
        return {**usage, "credit_balance": usage["credit_balance"] + offset}


class BalanceDefect:
    """A defect that shifts balances; subclasses override the hooks for what happens to a session."""

    def __init__(self) -> None:
        self.balances = BalanceOffsets()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await self.balances.apply(request, upstream)
        if request.is_creation and response.is_success:
            await self.on_created(request, upstream, response)
        elif (buyer_action := request.buyer_action) is not None:
            session = await upstream.session(buyer_action.session)
            if buyer_action.kind == "pay" and is_payment(request, response, session):
                await self.on_paid(session, upstream)
            elif buyer_action.kind == "pay" and response.status == 402:
                await self.on_declined(session)
            elif buyer_action.kind == "cancel" and response.status in (200, 303):
                await self.on_cancelled(session)
        return response

    async def on_created(self, request: InterceptedRequest, upstream: Upstream, response: InterceptedResponse) -> None:
        """Called after a session was created."""

    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        """Called after a payment completed the session."""

    async def on_declined(self, session: dict[str, Any]) -> None:
        """Called after the session's card was declined."""

    async def on_cancelled(self, session: dict[str, Any]) -> None:
        """Called after the buyer cancelled."""


def is_payment(request: InterceptedRequest, response: InterceptedResponse, session: dict[str, Any]) -> bool:
    """The request completed the session."""
    done = 200 if request.is_control else 303
    return response.status == done and session.get("status") == "completed"
