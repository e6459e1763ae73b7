"""The difference of two states: each change has a sentence."""

from __future__ import annotations

import asyncio
import copy
from contextlib import suppress
from typing import Any

import pytest

import mockserver
from mockserver import AccountMock, Mock
from mockserver.client.state_diff import StateJson, diff_states


@pytest.fixture
def paid(account: AccountMock) -> StateJson:
    session = account.create(amount=50)
    account.decline(session)
    account.pay(session)
    account.fail_next("reset", method="PATCH")
    account.clock.freeze()
    return account.checkpoint()


def test_block_that_raises_tells_its_changes(account: AccountMock) -> None:
    account.give(5)
    with suppress(mockserver.InsufficientCredits), account.changes() as changes:
        account.give(1)
        account.consume(7)
    assert changes == ["ledger: +1 credits, grant", "the balance went from 5 credits to 6 credits"]


def test_async_block_that_raises_tells_its_changes(mock: Mock) -> None:
    async def changed() -> list[str]:
        account = mock.async_account()
        with suppress(mockserver.InsufficientCredits):
            async with account.changes() as changes:
                await account.give(1)
                await account.consume(7)
        return changes

    assert asyncio.run(changed()) == ["ledger: +1 credits, grant", "the balance went from 0 credits to 1 credits"]


def test_block_that_loses_the_mock_raises_its_own_exception() -> None:
    with mockserver.running(store="memory") as gone:
        block = gone.account().changes()
        block.__enter__()
    assert not block.__exit__(ZeroDivisionError, ZeroDivisionError(), None)


def test_reset_tells_all_that_it_deletes(account: AccountMock) -> None:
    session = account.pay(account.create(amount=50))
    account.consume(50)
    invoice = account.invoices[0]["id"]
    with account.changes() as changes:
        account.reset()
    assert changes == [
        f"session {session['id']} was deleted",
        "ledger: +50 credits, purchase, deleted",
        "ledger: -50 credits, consumption (other), deleted",
        f"invoice {invoice} over $50.00 was deleted",
    ]


def test_frozen_clock_that_moved_by_a_moment_is_told(account: AccountMock) -> None:
    account.clock.freeze()
    with account.changes() as changes:
        now = account.clock.advance("1s")
    assert changes == [f"the clock moved by 0:00:01, to {now.isoformat(timespec='milliseconds')[:-6]}Z"]


def test_clock_that_went_back_says_by_how_much(account: AccountMock) -> None:
    account.clock.advance("24h")
    with account.changes() as changes:
        account.clock.reset()
    assert changes[0].startswith(("the clock moved back by 1 day, 0:00:0", "the clock moved back by 23:59:5"))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("sessions 0 order cents", 7000, "session {session}: cents went from 5000 to 7000"),
        (
            "sessions 0 order success_url",
            "http://shop/",
            "session {session}: success_url went from none to http://shop/",
        ),
        ("sessions 0 expires_at", "2030-01-01T00:00:00.000Z", "session {session}: expires_at went from"),
        ("sessions 0 attempts", [], "session {session}: 2 attempts deleted"),
        ("entries 0 at", "2030-01-01T00:00:00.000Z", "ledger: +50 credits, purchase, deleted"),
        ("entries 0 category", "gift", "ledger: +50 credits, purchase (gift)"),
        ("invoices 0 description", "Beer", "invoice {invoice}: description went from 50 credits to Beer"),
        ("invoices", [], "invoice {invoice} over $50.00 was deleted"),
    ],
)
def test_change_by_hand_is_told(paid: StateJson, path: str, value: object, sentence: str) -> None:
    changed = copy.deepcopy(paid)
    *way, last = path.split()
    place: Any = changed["accounts"][0]
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    ids = {kind: paid["accounts"][0][f"{kind}s"][0]["id"] for kind in ("session", "invoice")}
    lines = diff_states(paid, changed)
    assert any(line.startswith(sentence.format(**ids)) for line in lines), lines
    assert diff_states(paid, copy.deepcopy(paid)) == []


def test_changed_fault_is_told(paid: StateJson) -> None:
    changed = copy.deepcopy(paid)
    changed["faults"][0] |= {"times": 3, "struck": 1}
    name = paid["faults"][0]["id"]
    assert diff_states(paid, changed) == [f"fault {name}: times went from 1 to 3", f"fault {name} struck 1 time"]


def test_moved_common_clock_is_told(mock: Mock) -> None:
    state = mock.control_api().call("GET", "/state")
    later = copy.deepcopy(state) | {"clock": {"now": "2999-01-01T00:00:00.000Z", "frozen": True}}
    lines = diff_states(state, later)
    assert lines[0] == "the common clock stands still at 2999-01-01T00:00:00.000Z"
