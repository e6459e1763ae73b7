"""SQL of the journal that the servers of a schema share.

Rule 1: entries are added under a lock, so a reader that has seen an id has seen all smaller ones.
Rule 2: a bound is looked at after a twentieth of its entries has come from this server: that of an account, since it
        costs the database as much as adding them, and those of all, since they read as many rows as the journal has.
Rule 3: an entry that was recorded before its account was cleared, and comes later, is not added.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

import psycopg

from mockserver.store.patience import seconds_left, spend
from mockserver.store.postgres.connection.link import Rows, Statement
from mockserver.store.postgres.connection.pool import SECONDS, LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.text import escape, number_array, text_array

_NOBODY: Final = ""
"""The account of an exchange without one."""
_ALL: Final = "*"
"""The account of losses and clearings of all."""
_OF_ACCOUNT: Final = ("journal", "journal_losses")
_SHARE: Final = 20
_ADD: Final = f"""
    INSERT INTO journal (account, size, record)
        SELECT account, size, record
        FROM ROWS FROM (
            unnest($1::text[]), unnest($2::text::bigint[]), unnest($3::text::bigint[]),
            json_array_elements($4::text::json)
        ) WITH ORDINALITY AS new (account, at_ms, size, record, place)
        WHERE NOT EXISTS (
            SELECT 1 FROM journal_clearings AS cleared
            WHERE cleared.account IN (new.account, '{_ALL}') AND cleared.at_ms > new.at_ms
        ) ORDER BY place
"""
_LOSE: Final = "ON CONFLICT (account) DO UPDATE SET id = greatest(journal_losses.id, excluded.id)"
_DROP_OF_ACCOUNTS: Final = f"""
    WITH dropped AS (
        DELETE FROM journal USING (
            SELECT named.account, (
                SELECT id FROM journal WHERE journal.account = named.account ORDER BY id DESC OFFSET $2 LIMIT 1
            ) AS last FROM (SELECT DISTINCT unnest($1::text[]) AS account) AS named
        ) AS full_ones
        WHERE journal.account = full_ones.account AND journal.id <= full_ones.last RETURNING journal.account, journal.id
    ) INSERT INTO journal_losses SELECT account, max(id) FROM dropped GROUP BY account {_LOSE}
"""
_DROP_UP_TO: Final = f"""
    WITH dropped AS (DELETE FROM journal WHERE id <= (%s) RETURNING id)
    INSERT INTO journal_losses SELECT '{_ALL}', max(id) FROM dropped HAVING max(id) IS NOT NULL {_LOSE}
"""
_DROP_BEYOND_ENTRIES: Final = _DROP_UP_TO % "SELECT id FROM journal ORDER BY id DESC OFFSET $1 LIMIT 1"
_DROP_BEYOND_BYTES: Final = _DROP_UP_TO % (
    "SELECT max(id) FROM (SELECT id, row_number() OVER latest AS entries, sum(size) OVER latest AS bytes"
    " FROM journal WINDOW latest AS (ORDER BY id DESC)) AS counted WHERE bytes > $1 AND entries > 1"
)
_NEWEST: Final = "SELECT greatest((SELECT max(id) FROM journal), (SELECT id FROM journal_end))"
_MOVE_END: Final = "UPDATE journal_end SET id = greatest(id, (SELECT max(id) FROM journal))"
_LOST: Final = "SELECT coalesce(max(id), 0) FROM journal_losses WHERE $1::text IS NULL OR account IN ($1, '*')"
_CLEAR: Final = (
    "INSERT INTO journal_clearings VALUES ($1, $2) ON CONFLICT (account)"
    " DO UPDATE SET at_ms = greatest(journal_clearings.at_ms, excluded.at_ms)"
)


class JournalRows:
    """The rows of the journal. See JournalStore in mockserver.journal.shared_journal."""

    def __init__(self, pool: LinkPool, keys: LockKeys, announcement: Statement) -> None:
        """`announcement` lets the servers know of new entries."""
        self._pool = pool
        self._keys = keys
        self._announcement = announcement
        self._added = 0
        self._added_bytes: float = 0
        self._added_of: Counter[str] = Counter()

    async def add_rows(self, rows: Sequence[tuple[str | None, int, int, str]], bounds: tuple[int, int, int]) -> None:
        """Store entries: account, time in milliseconds, bytes and record of each. See PeerJournal."""
        per_account, in_all, max_bytes = bounds
        accounts, times, sizes, records = zip(*rows, strict=True)
        names = [_name(account) for account in accounts]
        self._added += len(rows)
        self._added_bytes += sum(sizes)
        statements: list[Statement] = [
            self._keys.lock_journal(),
            (_ADD, (text_array(names), number_array(times), number_array(sizes), f"[{','.join(records)}]")),
        ]
        if due := self._take_due(names, per_account, in_all):
            statements.append((_DROP_OF_ACCOUNTS, (text_array(due), per_account)))
        if self._added * _SHARE >= in_all:
            statements.append((_DROP_BEYOND_ENTRIES, (in_all,)))
            self._added = 0
        if self._added_bytes * _SHARE >= max_bytes:
            statements.append((_DROP_BEYOND_BYTES, (max_bytes,)))
            self._added_bytes = 0
        await self._run([*statements, self._announcement])

    def _take_due(self, names: Sequence[str], per_account: int, in_all: int) -> Sequence[str]:
        """The accounts whose bound is to be looked at after these entries; all if they are too many to count for."""
        counted = self._added_of
        counted.update(names)
        if len(counted) > in_all:
            due = list(counted)
        else:
            due = [name for name in {*names} if counted[name] * _SHARE >= per_account]
        for name in due:
            del counted[name]
        return due

    async def rows(
        self, account: str | None, *, after: int = 0, before: int | None = None, newest_first: bool = False, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Ids and records of entries, of one account or of all."""
        parameters: list[object] = [after, limit]
        conditions = ["id > $1"]
        if before is not None:
            parameters.append(before)
            conditions.append(f"id < ${len(parameters)}")
        if account is not None:
            parameters.append(_name(account))
            conditions.append(f"account = ${len(parameters)}")
        order = "DESC" if newest_first else "ASC"
        sql = f"SELECT id, record FROM journal WHERE {' AND '.join(conditions)} ORDER BY id {order} LIMIT $2"
        return [(number, record) for number, record in (await self._run([(sql, parameters)]))[-1]]

    async def newest_row(self) -> int:
        """The id of the latest entry, even if it was deleted; 0 before the first."""
        return int((await self._run([(_NEWEST, ())]))[-1][0][0])

    async def lost_row(self, account: str | None) -> int:
        """The id of the latest entry dropped for room."""
        return int((await self._run([(_LOST, (None if account is None else _name(account),))]))[-1][0][0])

    async def delete_rows(self, account: str | None, at_ms: int) -> None:
        """Delete entries, and those that were recorded before this time and come later."""
        statements: list[Statement] = [self._keys.lock_journal(), (_MOVE_END, ())]
        if account is None:
            statements += [(f"DELETE FROM {table}", ()) for table in ("journal", "journal_clearings")]
            statements.append((f"DELETE FROM journal_losses WHERE account <> '{_ALL}'", ()))
        else:
            statements += [(f"DELETE FROM {table} WHERE account = $1", (_name(account),)) for table in _OF_ACCOUNT]
        await self._run([*statements, (_CLEAR, (_ALL if account is None else _name(account), at_ms))])

    async def _run(self, statements: Sequence[Statement]) -> list[Rows]:
        began = asyncio.get_running_loop().time()
        deadline = began + seconds_left(SECONDS)
        try:
            link = await self._pool.acquire(seconds=deadline - began)
            try:
                return await link.run(statements, seconds=deadline - asyncio.get_running_loop().time())
            except psycopg.Error as error:
                raise self._pool.unavailable(error) from error
            finally:
                self._pool.release(link)
        finally:
            spend(asyncio.get_running_loop().time() - began)


def _name(account: str | None) -> str:
    return _NOBODY if account is None else escape(account)
