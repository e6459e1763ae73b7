"""`/_mock/checkpoints`: named states."""

from __future__ import annotations

import json

from mockserver.billing import Accounts
from mockserver.billing.checkpoints import Checkpoints
from mockserver.billing.snapshots import Snapshots
from mockserver.web.control.account_field import read_account
from mockserver.web.control.large_work import has_many_sessions, worked
from mockserver.web.control.names import read_name
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.checkpoint_json import checkpoint_json
from mockserver.web.shapes.state_json import state_json


class CheckpointsHandlers:
    """List, save and delete checkpoints."""

    def __init__(self, checkpoints: Checkpoints, snapshots: Snapshots, accounts: Accounts) -> None:
        self._checkpoints = checkpoints
        self._snapshots = snapshots
        self._accounts = accounts
        self.methods = {
            "GET": Method(self.list),
            "POST": Method(self.save, body=frozenset({"key", "name"})),
            "DELETE": Method(self.delete, query=frozenset({"name"})),
        }

    async def list(self, request: ControlRequest) -> Reply:
        """List the checkpoints by their names."""
        return Reply.json({"checkpoints": [checkpoint_json(each) for each in await self._checkpoints.list()]})

    async def save(self, request: ControlRequest) -> Reply:
        """Save the state of one account, or of the mock, under a name. A checkpoint of that name is replaced."""
        name = read_name(request.body)
        account = await read_account(request.body, self._accounts)
        state = await self._snapshots.take(account)
        document = await worked(lambda: json.dumps(state_json(state)), is_large=has_many_sessions(state))
        checkpoint = await self._checkpoints.save(
            name,
            document,
            account=account,
            accounts=len(state.accounts),
            sessions=sum(len(each.sessions) for each in state.accounts),
        )
        return Reply.json({"checkpoint": checkpoint_json(checkpoint)})

    async def delete(self, request: ControlRequest) -> Reply:
        """Delete a checkpoint."""
        name = request.query.required("name")
        await self._checkpoints.delete(name)
        return Reply.json({"deleted": name})
