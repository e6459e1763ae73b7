"""The rows of the journal that the processes of a file share, beside a model in a list."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from mockserver.store.sqlite.store import SqliteStore
from tests.matrix import few_examples

ACCOUNTS: Final = (None, "acct_a", "acct_b")
Entry = tuple[int, str | None, int]
"""The id, account and size of an entry."""

batches = st.lists(st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(1, 9)), min_size=1, max_size=5))
bounds = st.tuples(st.integers(1, 4), st.integers(1, 8), st.integers(1, 30))


def kept(entries: list[Entry], limits: tuple[int, int, int]) -> list[Entry]:
    """The entries within the bounds of an account, of all, and of bytes; the newest one is always within."""
    per_account, in_all, max_bytes = limits
    of_accounts = [[each for each in entries if each[1] == account][-per_account:] for account in ACCOUNTS]
    entries = sorted(each for part in of_accounts for each in part)[-in_all:]
    while len(entries) > 1 and sum(size for *_, size in entries) > max_bytes:
        del entries[0]
    return entries


async def fill(store: SqliteStore, added: list[list[tuple[str | None, int]]], limits: tuple[int, int, int]) -> None:
    assert store.peers is not None
    journal, model, lost = store.peers.journal, list[Entry](), set[Entry]()
    for batch in added:
        first = await journal.newest_row() + 1
        entries = [*model, *((number, *entry) for number, entry in enumerate(batch, first))]
        await journal.add_rows([(account, 0, size, f"{size}") for account, size in batch], limits)
        model = kept(entries, limits)
        lost |= set(entries) - set(model)
        assert await journal.rows(None, limit=99) == [(number, f"{size}") for number, _, size in model]
        assert await journal.lost_row(None) == max((number for number, *_ in lost), default=0)
        for account in ACCOUNTS[1:]:
            assert await journal.rows(account, newest_first=True, limit=99) == [
                (number, f"{size}") for number, of, size in reversed(model) if of == account
            ]
            assert await journal.lost_row(account) >= max(
                (number for number, of, _ in lost if of == account), default=0
            )


@few_examples(25)
@given(batches, bounds)
def test_journal_keeps_the_latest_entries_within_its_bounds(
    added: list[list[tuple[str | None, int]]], limits: tuple[int, int, int]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteStore(Path(folder) / "store.db", is_shared=True)) as store,
    ):
        asyncio.run(fill(store, added, limits))


def test_cleared_account_takes_no_entry_from_before(tmp_path: Path) -> None:
    async def story(store: SqliteStore) -> None:
        assert store.peers is not None
        journal = store.peers.journal
        many = (9, 9, 999)
        await journal.add_rows([("acct_a", 5, 1, "old"), ("acct_b", 5, 1, "other")], many)
        await journal.delete_rows("acct_a", 10)
        await journal.add_rows([("acct_a", 9, 1, "late"), ("acct_a", 10, 1, "new"), ("acct_b", 9, 1, "b")], many)
        assert [record for _, record in await journal.rows(None, limit=9)] == ["other", "new", "b"]
        newest = await journal.newest_row()
        await journal.delete_rows(None, 20)
        await journal.add_rows([("acct_a", 19, 1, "late"), (None, 20, 1, "new")], many)
        assert await journal.rows(None, limit=9) == [(newest + 1, "new")]

    with closing(SqliteStore(tmp_path / "store.db", is_shared=True)) as store:
        asyncio.run(story(store))
