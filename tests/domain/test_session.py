from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver.domain.errors import SessionCompleted, SessionError, SessionExpired
from mockserver.domain.session import (
    ID_LENGTH,
    LIFETIME,
    NUMBER_LENGTH,
    TRANSITIONS,
    Attempt,
    CheckoutSession,
    SessionEvent,
    Status,
    carries_number,
    is_session_id,
    session_id,
    session_number,
)
from tests.builders import NOON, a_session
from tests.matrix import few_examples

MOST = 62**NUMBER_LENGTH - 1
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("event", list(SessionEvent))
def test_session_events_follow_transition_table_or_are_refused(status: Status, event: SessionEvent) -> None:
    session = a_session(status=status)
    if event in TRANSITIONS[status]:
        assert session.refusal(event) is None
        assert session.after(event, NOON).status is TRANSITIONS[status][event]
    else:
        with pytest.raises(SessionError):
            session.after(event, NOON)


def test_refusal_distinguishes_paid_and_expired_sessions() -> None:
    assert isinstance(a_session(status=Status.COMPLETED).refusal(SessionEvent.PAY), SessionCompleted)
    assert isinstance(a_session(status=Status.EXPIRED).refusal(SessionEvent.PAY), SessionExpired)


def test_pending_session_expires_at_end_of_lifetime() -> None:
    session = a_session()
    assert session.at(session.created_at + LIFETIME - MILLISECOND).status is Status.PENDING
    assert session.at(session.created_at + LIFETIME).status is Status.EXPIRED


def test_closed_session_does_not_change_with_time() -> None:
    for status in (Status.COMPLETED, Status.EXPIRED):
        session = a_session(status=status)
        assert session.at(NOON + 10 * LIFETIME) is session


def test_payment_records_its_time() -> None:
    assert a_session().after(SessionEvent.PAY, NOON + LIFETIME / 2).completed_at == NOON + LIFETIME / 2


def test_attempts_are_appended() -> None:
    first, second = Attempt(NOON, "0002", "generic_decline"), Attempt(NOON, "4242", "paid")
    assert a_session().with_attempt(first).with_attempt(second).attempts == (first, second)


def test_session_id_has_stripes_form_for_any_entropy() -> None:
    names = [session_id(bytes([byte]) * ID_LENGTH) for byte in range(256)]
    assert [name for name in names if not is_session_id(name) or len(name) != 66] == []


@pytest.mark.parametrize("text", ["", "cs_test_", "cs_live_" + "a" * 58, "cs_test_" + "a" * 57, "cs_test_" + "é" * 58])
def test_other_texts_are_not_session_ids(text: str) -> None:
    assert not is_session_id(text)


class Life(RuleBasedStateMachine):
    """Random sequences of time steps and events on a session."""

    session: CheckoutSession

    @initialize(life=st.integers(1, 100_000))
    def open(self, life: int) -> None:
        self.now = NOON
        self.session = a_session(life=timedelta(milliseconds=life))
        self.closed: Status | None = None
        self.paid = 0

    @rule(by=st.integers(0, 60_000))
    def wait(self, by: int) -> None:
        self.now += timedelta(milliseconds=by)

    @rule(event=st.sampled_from(list(SessionEvent)))
    def happen(self, event: SessionEvent) -> None:
        seen = self.session.at(self.now)
        try:
            self.session = seen.after(event, self.now)
        except (SessionCompleted, SessionExpired):
            assert seen.status is not Status.PENDING
        else:
            assert seen.status is Status.PENDING
            self.paid += event is SessionEvent.PAY

    @precondition(lambda self: self.session.status is Status.PENDING)
    @rule()
    def look(self) -> None:
        self.session = self.session.at(self.now)

    @invariant()
    def closed_stays_closed(self) -> None:
        status = self.session.at(self.now).status
        if self.closed is not None:
            assert status is self.closed
        elif status is not Status.PENDING:
            self.closed = status

    @invariant()
    def paid_at_most_once(self) -> None:
        assert self.paid <= 1
        assert (self.session.status is Status.COMPLETED) == (self.paid == 1)

    @invariant()
    def pending_only_within_its_life(self) -> None:
        if self.session.at(self.now).status is Status.PENDING:
            assert self.now < self.session.expires_at


TestLife = Life.TestCase
TestLife.settings = few_examples(40)


@given(st.binary(min_size=ID_LENGTH, max_size=ID_LENGTH), st.integers(0, MOST))
def test_id_carries_a_number_behind_its_random_part(entropy: bytes, number: int) -> None:
    name = session_id(entropy, number)
    assert is_session_id(name)
    assert session_number(name) == number
    assert carries_number(name, number)
    assert not carries_number(name, number + 1)
    assert name[:-NUMBER_LENGTH] == session_id(entropy)[:-NUMBER_LENGTH]


def test_ids_of_successive_numbers_have_little_in_common() -> None:
    ends = [session_id(bytes(ID_LENGTH), number)[-NUMBER_LENGTH:] for number in range(1, 1_000)]
    assert len({end[0] for end in ends}) == 62


@pytest.mark.parametrize("text", ["", "cs_test_x", "cs_test_" + "é" * 58, "cs_live_" + "a" * 58])
def test_text_of_another_form_carries_no_number(text: str) -> None:
    assert session_number(text) is None
    end = session_id(bytes(ID_LENGTH), 7)[-NUMBER_LENGTH:]
    assert not carries_number(text + end, 7)
