"""SQL of checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.store.errors import no_checkpoint
from mockserver.store.sqlite.rows import Statements
from mockserver.store.summary import CheckpointSummary

_SUMMARY: Final = "name, account, saved_ms, accounts, sessions"


class CheckpointStatements(Statements):
    """See Transaction."""

    async def put_checkpoint(self, checkpoint: CheckpointSummary, document: str) -> None:
        name, account, saved_at, *counts = checkpoint
        self._execute(
            f"INSERT OR REPLACE INTO checkpoints ({_SUMMARY}, document) VALUES (?, ?, ?, ?, ?, ?)",
            (name, account, milliseconds(saved_at), *counts, document),
        )

    async def checkpoints(self) -> Sequence[CheckpointSummary]:
        rows = self._execute(f"SELECT {_SUMMARY} FROM checkpoints ORDER BY name")
        return [CheckpointSummary(name, account, instant(saved), *counts) for name, account, saved, *counts in rows]

    async def checkpoint_document(self, name: str) -> str:
        row = self._execute("SELECT document FROM checkpoints WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise no_checkpoint(name)
        return str(row[0])

    async def drop_checkpoint(self, name: str) -> None:
        self._execute("DELETE FROM checkpoints WHERE name = ?", (name,))
