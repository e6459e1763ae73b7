"""`/_mock/state`: save and load the state of an account or of the mock."""

from __future__ import annotations

import json
from typing import Final

from mockserver.billing import Accounts, committed
from mockserver.billing.checkpoints import LONGEST, Checkpoints
from mockserver.billing.snapshots import MockState, Snapshots
from mockserver.domain.errors import InvalidRequest
from mockserver.journal import JournalReader
from mockserver.web.control.account_field import read_account
from mockserver.web.control.large_work import LARGE_BYTES, has_many_sessions, worked
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import JSON, Reply
from mockserver.web.shapes.state_json import FIELDS, read_state, state_json

BODY_LIMIT: Final = LONGEST
"""The bytes of the largest state that is taken: that of some hundred thousand sessions."""


class StateHandlers:
    """Save and load states."""

    def __init__(
        self, snapshots: Snapshots, checkpoints: Checkpoints, accounts: Accounts, journal: JournalReader
    ) -> None:
        self._snapshots = snapshots
        self._checkpoints = checkpoints
        self._accounts = accounts
        self._journal = journal
        self.methods = {
            "GET": Method(self.save, query=frozenset({"key", "checkpoint"})),
            "POST": Method(self.load, query=frozenset({"key", "checkpoint"}), body=FIELDS),
        }

    async def save(self, request: ControlRequest) -> Reply:
        """Show the state of one account or of all, or that of a checkpoint."""
        checkpoint = request.query.text("checkpoint")
        if checkpoint is not None:
            document = await self._checkpoints.document(checkpoint)
            return Reply(200, document.encode("ascii"), media_type=JSON)
        account = await read_account(request.query, self._accounts)
        state = await self._snapshots.take(account)
        return await worked(lambda: Reply.json(state_json(state)), is_large=has_many_sessions(state))

    async def load(self, request: ControlRequest) -> Reply:
        """Replace an account, or everything, by a state. The journal of what was replaced is deleted.

        Without a key, the state of one account replaces that account, and the state of a mock everything.
        """
        state = await self._given_state(request)
        is_of_account = request.query.has("key") or state.clock is None
        if is_of_account and len(state.accounts) != 1:
            raise InvalidRequest(
                f"the state is of {len(state.accounts)} accounts; one is needed to load it into the account of a key"
            )
        account = await read_account(request.query, self._accounts)
        if account is None and is_of_account:
            account = state.accounts[0].id
        await self._snapshots.put_back(state, account)
        with committed("the state is loaded"):
            await self._journal.forget(account)
        sessions = sum(len(each.sessions) for each in state.accounts)
        return Reply.json({"loaded": account or "everything", "accounts": len(state.accounts), "sessions": sessions})

    async def _given_state(self, request: ControlRequest) -> MockState:
        """The state of the body, or that of a checkpoint. Raises InvalidRequest and NotFound."""
        given = {name: request.body.get(name) for name in FIELDS if request.body.has(name)}
        checkpoint = request.query.text("checkpoint")
        if checkpoint is None:
            return await worked(lambda: read_state(given), is_large=request.is_large)
        if given:
            raise InvalidRequest("the state is given twice; either a checkpoint or a body is needed")
        document = await self._checkpoints.document(checkpoint)
        return await worked(lambda: read_state(json.loads(document)), is_large=len(document) > LARGE_BYTES)
