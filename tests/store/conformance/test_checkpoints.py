"""Checkpoints, as every store keeps them."""

from __future__ import annotations

import pytest

from mockserver.domain.errors import NotFound
from mockserver.store import CheckpointSummary, Store, Transaction
from tests.builders import ACCOUNT, NOON, OTHER
from tests.store.conformance.contents import STRANGE
from tests.store.conformance.transactions import in_failed_transaction, in_transaction

WHOLE = CheckpointSummary("b", None, NOON, 3, 10**12)
MINE = CheckpointSummary(STRANGE, ACCOUNT, NOON, 1, 0)
DOCUMENT = '{"text": "\\u0000\\ud800 \\\\ \\""}'


async def put(tx: Transaction) -> None:
    await tx.put_checkpoint(WHOLE, DOCUMENT)
    await tx.put_checkpoint(MINE, "{}")


def test_checkpoints_are_loaded_as_stored_in_the_order_of_their_names(store: Store) -> None:
    assert list(in_transaction(store, lambda tx: tx.checkpoints())) == []
    in_transaction(store, put)
    assert list(in_transaction(store, lambda tx: tx.checkpoints())) == [MINE, WHOLE]
    assert in_transaction(store, lambda tx: tx.checkpoint_document("b")) == DOCUMENT
    with pytest.raises(NotFound, match="there is no checkpoint 'c'; GET /_mock/checkpoints lists"):
        in_transaction(store, lambda tx: tx.checkpoint_document("c"))


def test_checkpoint_of_the_same_name_is_replaced(store: Store) -> None:
    in_transaction(store, put)
    again = CheckpointSummary("b", OTHER, NOON, 1, 1)
    in_transaction(store, lambda tx: tx.put_checkpoint(again, "[]"))
    assert list(in_transaction(store, lambda tx: tx.checkpoints())) == [MINE, again]
    assert in_transaction(store, lambda tx: tx.checkpoint_document("b")) == "[]"


def test_checkpoint_is_deleted_by_its_name_alone(store: Store) -> None:
    in_transaction(store, put)
    in_transaction(store, lambda tx: tx.drop_checkpoint("c"))
    in_transaction(store, lambda tx: tx.drop_checkpoint("b"))
    for account in (ACCOUNT, None):
        in_transaction(store, lambda tx, account=account: tx.forget(account))  # type: ignore[misc]  # bound now
        assert list(in_transaction(store, lambda tx: tx.checkpoints())) == [MINE]


def test_checkpoints_of_a_failed_transaction_are_not_stored(store: Store) -> None:
    in_transaction(store, lambda tx: tx.put_checkpoint(MINE, "{}"))
    in_failed_transaction(store, put)
    in_failed_transaction(store, lambda tx: tx.drop_checkpoint(MINE.name))
    assert list(in_transaction(store, lambda tx: tx.checkpoints())) == [MINE]
