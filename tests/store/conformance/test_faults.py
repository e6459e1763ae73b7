"""Planned faults, as every store keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mockserver.domain.planned_fault import FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.store import Store, Transaction
from tests.builders import ACCOUNT, OTHER
from tests.store.conformance.transactions import in_failed_transaction, in_transaction

HOUR = timedelta(hours=1)
FAULTS = (
    PlannedFault("fault_1", Match(), FaultKind.TRUNCATE),
    PlannedFault(
        "fault_2",
        Match("GET", "/billing/*", ACCOUNT),
        FixedAnswer(503, (("Retry-After", "2"), ("X-Ü", "ü")), b'{"\xff'),
        timedelta(milliseconds=1_500),
        None,
        0.25,
        -7,
        3,
        2,
    ),
    PlannedFault("fault_3", Match(account=OTHER), delay=HOUR),
)


def planned(store: Store) -> None:
    for fault in FAULTS:
        in_transaction(store, lambda tx, kept=fault: tx.add_fault(kept))  # type: ignore[misc]  # a default binds the loop's value


def test_faults_are_loaded_as_stored_in_planning_order(store: Store) -> None:
    planned(store)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS


def test_spent_fault_is_stored_but_no_longer_waits(store: Store) -> None:
    planned(store)
    spent, _ = FAULTS[0].after_match()
    in_transaction(store, lambda tx: tx.put_fault(spent))
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == (spent, *FAULTS[1:])
    assert tuple(in_transaction(store, lambda tx: tx.faults(waiting=True))) == FAULTS[1:]


def test_deleted_fault_does_not_come_back(store: Store) -> None:
    planned(store)
    in_transaction(store, lambda tx: tx.drop_fault("fault_2"))
    in_transaction(store, lambda tx: tx.drop_fault("fault_unknown"))
    in_transaction(store, lambda tx: tx.put_fault(FAULTS[1].after_match()[0]))
    assert [fault.id for fault in in_transaction(store, lambda tx: tx.faults())] == ["fault_1", "fault_3"]


def test_failed_transaction_leaves_faults_unchanged(store: Store) -> None:
    planned(store)

    async def work(tx: Transaction) -> None:
        await tx.put_fault(FAULTS[0].after_match()[0])
        await tx.drop_fault("fault_2")
        await tx.add_fault(PlannedFault("fault_4", Match(), FaultKind.EMPTY))

    in_failed_transaction(store, work)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS


@pytest.mark.parametrize(("forgotten", "left"), [(ACCOUNT, ["fault_1", "fault_3"]), (None, [])])
def test_deletion_of_account_includes_its_faults(store: Store, forgotten: str | None, left: list[str]) -> None:
    planned(store)

    async def forget(tx: Transaction) -> None:
        await tx.forget(forgotten)

    in_failed_transaction(store, forget)
    assert tuple(in_transaction(store, lambda tx: tx.faults())) == FAULTS
    in_transaction(store, forget)
    assert [fault.id for fault in in_transaction(store, lambda tx: tx.faults())] == left
