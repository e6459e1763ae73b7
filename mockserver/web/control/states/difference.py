"""`/_mock/state/diff`: the difference between two states, in sentences."""

from __future__ import annotations

import json
from typing import Any, Final

from mockserver.billing import Accounts
from mockserver.billing.checkpoints import LONGEST, Checkpoints
from mockserver.billing.snapshots import Snapshots
from mockserver.client.state_diff import diff_states
from mockserver.web.control.account_field import read_account
from mockserver.web.control.fields import Fields
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.state_json import read_state, state_json

BODY_LIMIT: Final = 2 * LONGEST
"""The bytes of two of the largest states."""


class DifferenceHandlers:
    """Compare states."""

    def __init__(self, checkpoints: Checkpoints, snapshots: Snapshots, accounts: Accounts) -> None:
        self._checkpoints = checkpoints
        self._snapshots = snapshots
        self._accounts = accounts
        self.methods = {"POST": Method(self.compare, body=frozenset({"before", "after", "key"}))}

    async def compare(self, request: ControlRequest) -> Reply:
        """Tell the difference between two states: a checkpoint's name, a document, or null for the present state.

        The present state is that of the account of `key`, or of the account that the other state is of.
        """
        given = [await self._document(request.body, name) for name in ("before", "after")]
        account = await read_account(request.body, self._accounts) or _only_account(given)
        before, after = [await self._present(account) if each is None else each for each in given]
        return Reply.json({"differences": diff_states(before, after)})

    async def _document(self, body: Fields, name: str) -> dict[str, Any] | None:
        """The state of a field; None for the present state. Raises InvalidRequest and NotFound."""
        given = body.get(name)
        if isinstance(given, str):
            given = json.loads(await self._checkpoints.document(given))
        elif given is not None and not isinstance(given, dict):
            message = f"{name} is {given!r:.60}; the name of a checkpoint, a state, or null is needed"
            raise body.error(name, message)
        return None if given is None else state_json(read_state(given))

    async def _present(self, account: str | None) -> dict[str, Any]:
        """The present state. An account that does not exist has none."""
        accounts = await self._accounts.list(only=account, limit=1, offset=0)
        if account is not None and not accounts:
            return {"version": 1, "clock": None, "accounts": [], "faults": []}
        return state_json(await self._snapshots.take(account))


def _only_account(documents: list[dict[str, Any] | None]) -> str | None:
    """The account of the states that are of one account; None if one is of a whole mock, or they are of several."""
    given = [each for each in documents if each is not None]
    names = {each["accounts"][0]["id"] for each in given if each["clock"] is None and len(each["accounts"]) == 1}
    return names.pop() if len(names) == 1 and all(each["clock"] is None for each in given) else None
