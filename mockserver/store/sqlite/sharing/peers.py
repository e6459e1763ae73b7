"""The other processes that share a file. They tell each other by rows in it.

Rule 1: a process looks for changes twenty times a second, which costs microseconds if there are none.
Rule 2: the version of the faults is read for each request. So a planned fault holds for the next one, to any process.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Final, TypeAlias

from mockserver.store.background_task import BackgroundTask
from mockserver.store.sqlite.sharing.statements import SharingStatements

if TYPE_CHECKING:
    from mockserver.store.base import PeerListener

Begin: TypeAlias = Callable[[], AbstractAsyncContextManager[SharingStatements]]
"""Begins a transaction. Raises StoreUnavailable."""

_PAUSE_SECONDS: Final = 0.05


class FileJournal:
    """See PeerJournal."""

    def __init__(self, begin: Begin, announce: Callable[[], None]) -> None:
        self._begin = begin
        self._announce = announce

    async def add_rows(self, rows: Sequence[tuple[str | None, int, int, str]], bounds: tuple[int, int, int]) -> None:
        """See PeerJournal.add_rows."""
        async with self._begin() as tx:
            tx.add_journal_rows(rows, bounds)
        self._announce()

    async def rows(
        self, account: str | None, *, after: int = 0, before: int | None = None, newest_first: bool = False, limit: int
    ) -> Sequence[tuple[int, str]]:
        """See PeerJournal.rows."""
        async with self._begin() as tx:
            return tx.journal_rows(account, after=after, before=before, newest_first=newest_first, limit=limit)

    async def newest_row(self) -> int:
        """See PeerJournal.newest_row."""
        async with self._begin() as tx:
            return tx.newest_journal_row()

    async def lost_row(self, account: str | None) -> int:
        """See PeerJournal.lost_row."""
        async with self._begin() as tx:
            return tx.lost_journal_row(account)

    async def delete_rows(self, account: str | None, at_ms: int) -> None:
        """See PeerJournal.delete_rows."""
        async with self._begin() as tx:
            tx.delete_journal_rows(account, at_ms)


class FilePeers:
    """See Peers."""

    def __init__(self, statements: SharingStatements, begin: Begin, data_version: Callable[[], int]) -> None:
        """`statements` read between transactions; `data_version` changes when another process has written."""
        self._statements = statements
        self._begin = begin
        self._data_version = data_version
        self._id = os.urandom(8).hex()
        self._listener: PeerListener | None = None
        self._task = BackgroundTask()
        self._seen: int | None = None
        self._newest_message = self._newest_entry = 0
        self.journal = FileJournal(begin, self._announce_entries)

    @property
    def fault_generation(self) -> int | None:
        """See Peers.fault_generation."""
        try:
            return self._statements.fault_version()
        except sqlite3.Error:
            return None  # the request will ask the store, and report it

    async def start(self, listener: PeerListener) -> None:
        """See Peers.start."""
        self._listener = listener
        async with self._begin() as tx:
            self._newest_message, self._newest_entry = tx.newest_message(), tx.newest_journal_row()
        self._task.start(self._listen(listener))

    async def stop(self) -> None:
        """See Peers.stop."""
        await self._task.stop()

    async def announce_fault(self) -> None:
        """See Peers.announce_fault."""
        async with self._begin() as tx:
            tx.count_fault()

    async def send(self, messages: Sequence[str]) -> None:
        """See Peers.send."""
        async with self._begin() as tx:
            tx.add_messages(self._id, messages)

    def _announce_entries(self) -> None:
        if self._listener is not None:
            self._listener.take_entries()

    async def _listen(self, listener: PeerListener) -> None:
        is_lost = False
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                self._look(listener)
                if is_lost:
                    listener.take_gap()
                is_lost = False
            except sqlite3.Error:
                is_lost = True  # requests report the store

    def _look(self, listener: PeerListener) -> None:
        seen = self._data_version()
        if seen == self._seen:
            return
        self._seen = seen
        for number, sender, text in self._statements.messages(self._newest_message):
            if number > self._newest_message + 1:
                listener.take_gap()
            self._newest_message = number
            if sender != self._id:
                listener.take_message(text)
        newest = self._statements.newest_journal_row()
        if newest != self._newest_entry:
            self._newest_entry = newest
            listener.take_entries()
