"""SQL of checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.store.errors import no_checkpoint
from mockserver.store.postgres.round_trips import RoundTrips
from mockserver.store.postgres.text import escape, escape_optional, unescape, unescape_optional
from mockserver.store.summary import CheckpointSummary

_SUMMARY: Final = "name, account, saved_ms, accounts, sessions"
_PUT: Final = (
    f"INSERT INTO checkpoints ({_SUMMARY}, document) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET"
    " account = excluded.account, saved_ms = excluded.saved_ms, accounts = excluded.accounts,"
    " sessions = excluded.sessions, document = excluded.document"
)


class CheckpointQueries(RoundTrips):
    """See Transaction."""

    async def put_checkpoint(self, checkpoint: CheckpointSummary, document: str) -> None:
        self._allow_long()
        name, account, saved_at, *counts = checkpoint
        self._later(_PUT, escape(name), escape_optional(account), milliseconds(saved_at), *counts, document)

    async def checkpoints(self) -> Sequence[CheckpointSummary]:
        [rows] = await self._fetch((f"SELECT {_SUMMARY} FROM checkpoints", ()))
        # sorted here: the stored names are escaped
        return sorted(
            CheckpointSummary(unescape(name), unescape_optional(account), instant(saved), *counts)
            for name, account, saved, *counts in rows
        )

    async def checkpoint_document(self, name: str) -> str:
        [rows] = await self._fetch(("SELECT document FROM checkpoints WHERE name = $1", (escape(name),)))
        if not rows:
            raise no_checkpoint(name)
        return str(rows[0][0])

    async def drop_checkpoint(self, name: str) -> None:
        self._later("DELETE FROM checkpoints WHERE name = $1", escape(name))
