"""`/_mock/faults`: planned faults."""

from __future__ import annotations

from mockserver.billing import Accounts, Faults
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fault_plan import MATCH_FIELDS, PLAN_FIELDS, read_plan
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.fault_json import fault_json


class FaultsHandlers:
    """Plan, list and delete faults."""

    def __init__(self, faults: Faults, accounts: Accounts) -> None:
        self._faults = faults
        self._accounts = accounts
        selection = frozenset({"id", "key"})
        self.methods = {
            "POST": Method(self.plan, body=PLAN_FIELDS),
            "GET": Method(self.list, query=selection),
            "DELETE": Method(self.forget, query=selection),
        }

    async def plan(self, request: ControlRequest) -> Reply:
        """Plan a fault, after those that are planned already."""
        plan = read_plan(request.body)
        # the plan is checked first: an invalid plan must not open an account
        if (match := request.body.member("match", known=MATCH_FIELDS)) is not None:
            plan = plan._replace(match=plan.match._replace(account=await read_account(match, self._accounts)))
        return Reply.json({"fault": fault_json(await self._faults.plan(plan))})

    async def list(self, request: ControlRequest) -> Reply:
        """List the selected faults in planning order."""
        account = await read_account(request.query, self._accounts)
        found = await self._faults.list(only=request.query.text("id"), account=account)
        return Reply.json({"faults": [fault_json(fault) for fault in found]})

    async def forget(self, request: ControlRequest) -> Reply:
        """Delete the selected faults and show them a last time."""
        account = await read_account(request.query, self._accounts)
        found = await self._faults.forget(only=request.query.text("id"), account=account)
        return Reply.json({"faults": [fault_json(fault) for fault in found]})
