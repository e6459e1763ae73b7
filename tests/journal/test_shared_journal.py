"""The journal that several servers share, with rows in memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from mockserver.domain.errors import StoreUnavailable
from mockserver.journal import Journal, JournalEntry, shared_journal
from mockserver.journal.entry_record import decode_entry, encode_entry
from mockserver.journal.shared_journal import JournalBounds, JournalRow, SharedJournal
from tests.builders import ACCOUNT, NOON, OTHER


class Rows:
    """Rows in a list; they cannot be stored while `is_away`."""

    def __init__(self) -> None:
        self.records: list[tuple[str | None, str]] = []
        self.is_away = False

    async def add_rows(self, rows: Sequence[JournalRow], bounds: JournalBounds) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.records += [(row.account, row.record) for row in rows]

    async def rows(
        self, account: str | None, *, after: int = 0, before: int | None = None, newest_first: bool = False, limit: int
    ) -> Sequence[tuple[int, str]]:
        found = [
            (number, record)
            for number, (owner, record) in enumerate(self.records, 1)
            if account in (None, owner) and after < number < (before or number + 1)
        ]
        return (found[::-1] if newest_first else found)[:limit]

    async def newest_row(self) -> int:
        return len(self.records)

    async def lost_row(self, account: str | None) -> int:
        return 0

    async def delete_rows(self, account: str | None, at_ms: int) -> None:
        self.records.clear()


def add(journal: Journal, **parts: Any) -> JournalEntry:
    given: dict[str, Any] = {
        "at": NOON,
        "mock_now": NOON,
        "account": ACCOUNT,
        "method": "GET",
        "path": "/",
        "query": "",
        "status": 200,
        "duration_ms": 0.25,
        "request_headers": [(b"x", b"\xfc")],
        "request_body": b"\x00\xff",
        "response_headers": [],
        "response_body": b"{}",
    }
    return journal.add(**{**given, **parts})


def shared(own: Journal, rows: Rows, *, max_bytes: int = 10**9) -> SharedJournal:
    return SharedJournal(own, rows, lambda: NOON, max_bytes=max_bytes)


async def all_of(journal: SharedJournal, **query: Any) -> list[int]:
    return [entry.id async for entry in journal.newest_first(**query)]


def test_entry_is_decoded_as_encoded_with_the_violations_of_its_response() -> None:
    entry = add(
        Journal(),
        request_errors=[("/a", "é", "type")],
        response_verdict=lambda body: [("", body.decode(), "known")],
        planned_fault="fault_1",
        notes=("a note",),
    )
    decoded = decode_entry(7, encode_entry(entry))
    assert decoded.response_errors == entry.response_errors == (("", "{}", "known"),)
    assert decoded._replace(id=entry.id, response_verdict=None) == entry._replace(response_verdict=None)
    assert decoded.id == 7


def test_reader_finds_what_its_server_has_recorded() -> None:
    async def story() -> None:
        own, rows = Journal(), Rows()
        journal = shared(own, rows)
        for account in (ACCOUNT, OTHER) * 125:
            add(own, account=account)
        assert await journal.newest() == 250
        assert await all_of(journal) == list(range(250, 0, -1))
        assert await all_of(journal, account=OTHER, before=8) == [6, 4, 2]
        assert [entry.id async for entry in journal.after(100, ACCOUNT)] == list(range(101, 250, 2))
        await journal.forget()
        assert await all_of(journal) == []

    asyncio.run(story())


def test_entries_encoded_during_waits_are_stored_in_their_order() -> None:
    async def story() -> None:
        own, rows = Journal(), Rows()
        journal = shared(own, rows)
        for number in range(150):
            add(own, path=f"/{number}")
            if number % 25 == 0:
                journal.encode_some()
        assert rows.records == []
        await journal.flush()
        assert [entry.path async for entry in journal.after(0)] == [f"/{number}" for number in range(150)]

    asyncio.run(story())


def test_entry_encoded_during_a_wait_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        own = Journal()
        journal = shared(own, Rows())
        for number in range(50):
            add(own, path=f"/{number}")
        journal.encode_some()
        assert 0 < len(encoded) < 50
        await journal.flush()

    encoded: list[str] = []

    def counted(entry: JournalEntry) -> str:
        encoded.append(entry.path)
        return encode_entry(entry)

    monkeypatch.setattr(shared_journal, "encode_entry", counted)
    asyncio.run(story())
    assert encoded == [f"/{number}" for number in range(50)]


def test_entries_wait_while_the_store_is_away_and_the_oldest_are_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        own, rows = Journal(), Rows()
        size = add(Journal(), request_body=b"x" * 1_000).size
        journal = shared(own, rows, max_bytes=3 * size)
        rows.is_away = True
        for number in range(5):
            add(own, path=f"/{number}", request_body=b"x" * 1_000)
            with pytest.raises(StoreUnavailable):
                await journal.flush()
        rows.is_away = False
        await journal.flush()
        assert [entry.path async for entry in journal.after(0)] == ["/2", "/3", "/4"]

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    lost = [record for record in caplog.records if "has lost 1 exchanges" in record.getMessage()]
    assert len(lost) == 2
