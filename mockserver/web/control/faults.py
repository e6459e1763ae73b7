"""`/_mock/faults`: misbehaviour, planned."""

from __future__ import annotations

from mockserver.billing import Accounts, Faults
from mockserver.web.control.account_field import account_named
from mockserver.web.control.fault_plan import MATCH, PLAN, fault_json, plan_of
from mockserver.web.control.resource import Call, Verb
from mockserver.web.http.reply import Reply


class FaultsNoun:
    """Plans, lists and forgets faults."""

    def __init__(self, faults: Faults, accounts: Accounts) -> None:
        self._faults = faults
        self._accounts = accounts
        which = frozenset({"id", "key"})
        self.verbs = {
            "POST": Verb(self.plan, body=PLAN),
            "GET": Verb(self.list, query=which),
            "DELETE": Verb(self.forget, query=which),
        }

    async def plan(self, call: Call) -> Reply:
        """Plan one, the last to be asked."""
        plan = plan_of(call.body)
        # what is wrong with the plan is told before an account is opened for it
        if (match := call.body.member("match", known=MATCH)) is not None:
            plan = plan._replace(match=plan.match._replace(account=await account_named(match, self._accounts)))
        return Reply.json({"fault": fault_json(await self._faults.plan(plan))})

    async def list(self, call: Call) -> Reply:
        """The faults that are asked for, in planning order."""
        account = await account_named(call.query, self._accounts)
        found = await self._faults.list(only=call.query.text("id"), account=account)
        return Reply.json({"faults": [fault_json(fault) for fault in found]})

    async def forget(self, call: Call) -> Reply:
        """Forget those that are asked for; they are shown once more."""
        account = await account_named(call.query, self._accounts)
        found = await self._faults.forget(only=call.query.text("id"), account=account)
        return Reply.json({"faults": [fault_json(fault) for fault in found]})
