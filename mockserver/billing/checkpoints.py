"""Checkpoints: named documents of states. They stay when everything is reset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mockserver.billing.system_clock import TimeSource
from mockserver.domain.errors import InvalidRequest
from mockserver.store.summary import CheckpointSummary

if TYPE_CHECKING:
    from mockserver.store import Store

MOST: Final = 100
"""The number of checkpoints that a store holds."""
LONGEST: Final = 64 * 1024 * 1024
"""The bytes of the largest document."""


class Checkpoints:
    """The use cases of checkpoints."""

    def __init__(self, store: Store, real_time: TimeSource) -> None:
        self._store = store
        self._real_time = real_time

    async def list(self) -> Sequence[CheckpointSummary]:
        """The checkpoints in the order of their names."""
        async with self._store.transaction() as tx:
            return await tx.checkpoints()

    async def save(
        self, name: str, document: str, *, account: str | None, accounts: int, sessions: int
    ) -> CheckpointSummary:
        """Store the document of a state under a name. Raises InvalidRequest if there is no room."""
        if len(document) > LONGEST:
            raise InvalidRequest(f"the state has {len(document)} bytes; a checkpoint has room for {LONGEST}")
        checkpoint = CheckpointSummary(name, account, self._real_time(), accounts, sessions)
        async with self._store.transaction() as tx:
            names = {each.name for each in await tx.checkpoints()}
            if len(names | {name}) > MOST:
                raise InvalidRequest(f"there are {MOST} checkpoints, the most that are kept; delete one first")
            await tx.put_checkpoint(checkpoint, document)
        return checkpoint

    async def document(self, name: str) -> str:
        """The document of a checkpoint. Raises NotFound."""
        async with self._store.transaction() as tx:
            return await tx.checkpoint_document(name)

    async def delete(self, name: str) -> None:
        """Delete a checkpoint. Raises NotFound."""
        async with self._store.transaction() as tx:
            await tx.checkpoint_document(name)
            await tx.drop_checkpoint(name)
