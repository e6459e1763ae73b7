"""Sessions in memory: an older one is packed into bytes, and nobody can tell."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.instant import milliseconds
from mockserver.domain.order import Mode, Order
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.session import Attempt, CheckoutSession, Status
from mockserver.store.memory.packed_session import account_of, expired, pack, status_of, unpack
from mockserver.store.memory.session_table import SessionTable
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_order
from tests.matrix import few_examples

URL = "https://shop.example/ok?order=1767000000-123456"
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]))
INSTANTS = st.integers(0, 10**9).map(lambda count: NOON + timedelta(milliseconds=count))
ORDERS = st.builds(
    Order,
    st.sampled_from(Mode),
    TEXTS,
    st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(0),
    st.integers(0),
    TEXTS,
    TEXTS,
)
ATTEMPTS = st.lists(st.builds(Attempt, INSTANTS, st.text("0123456789"), st.text(), st.text())).map(tuple)
SESSIONS = st.builds(
    CheckoutSession,
    st.text(),
    st.sampled_from([ACCOUNT, OTHER]),
    ORDERS,
    INSTANTS,
    INSTANTS,
    st.sampled_from(Status),
    st.none() | INSTANTS,
    ATTEMPTS,
    st.none() | st.builds(Buyer, st.text(), st.text(), st.text(), st.text()),
)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "replace", "restore", "remove"]), st.integers(0, 9)))


@given(SESSIONS)
def test_packed_session_is_the_same_afterwards(session: CheckoutSession) -> None:
    again = unpack(session.id, pack(session))
    assert again == session
    assert [type(value) for value in again.order] == [type(value) for value in session.order]


@given(SESSIONS, INSTANTS)
def test_status_and_account_are_those_of_the_session_packed_or_not(session: CheckoutSession, now: datetime) -> None:
    for row in (session, pack(session)):
        assert account_of(row) == session.account
        assert status_of(row, None) is session.status
        assert status_of(row, milliseconds(now)) is session.at(now).status


@given(SESSIONS)
def test_packed_session_expires_as_the_session_does(session: CheckoutSession) -> None:
    assert unpack(session.id, bytes(expired(pack(session)))) == expired(session)  # type: ignore[arg-type]  # packed


@few_examples(40)
@given(st.lists(SESSIONS, unique_by=lambda session: session.id), INSTANTS, st.integers(0, 3))
def test_due_sessions_expire_and_come_back(sessions: list[CheckoutSession], now: datetime, most_recent: int) -> None:
    table = SessionTable(most_recent=most_recent)
    for session in sessions:
        table.add(session)
    before = table.expire_due([session.id for session in sessions], milliseconds(now))
    assert [table[session.id] for session in sessions] == [session.at(now) for session in sessions]
    table.restore(before)
    assert [table[session.id] for session in sessions] == sessions


@given(STEPS, st.integers(0, 3))
def test_table_does_what_a_dictionary_does(steps: list[tuple[str, int]], most_recent: int) -> None:
    table, model = SessionTable(most_recent=most_recent), dict[str, CheckoutSession]()
    for step, number in steps:
        name = f"cs_test_{number}"
        session = a_session()._replace(id=name)
        if step == "add" and name not in model:
            table.add(session)
            model[name] = session
        elif step == "remove" and name in model:
            table.remove(name)
            del model[name]
        elif name in model:
            before = table.replace(session)
            if step == "restore":
                table.restore(before)
            else:
                model[name] = session
    assert list(reversed(table)) == list(reversed(model))
    assert {name: table[name] for name in reversed(table)} == model


def test_change_of_an_unknown_session_is_refused() -> None:
    with pytest.raises(KeyError):
        SessionTable().replace(a_session())


def test_table_without_some_sessions_leaves_the_first_one_as_it_was() -> None:
    sessions = [a_session() for _ in range(5)]
    table = SessionTable(most_recent=2)
    for session in sessions:
        table.add(session)
    names = [session.id for session in sessions]
    rest = table.without({names[0], names[4]})
    assert (list(reversed(rest)), list(reversed(table))) == (names[3:0:-1], names[::-1])
    assert list(reversed(table.emptied())) == []


def test_older_sessions_are_packed_and_the_newest_are_not() -> None:
    table = SessionTable(most_recent=20)
    sessions = [a_session() for _ in range(100)]
    for session in sessions:
        table.add(session)
    assert [table[each.id] is each for each in sessions[-18:]] == [True] * 18
    assert [table[each.id] is each for each in sessions[:80]] == [False] * 80


def test_packed_session_takes_at_most_208_bytes() -> None:
    order = an_order(dollars=500, success_url=URL, cancel_url=URL)._replace(amount=500)
    packed = pack(a_session(order=order))
    assert sys.getsizeof(packed) <= 208  # with the id, its places in the tables and 16 bytes for each: under 400
