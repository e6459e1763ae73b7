"""Each contradiction of one session, in a history that contains it."""

from __future__ import annotations

import pytest

from tests.auditor.story import KEY, LOST, OTHER, Story, item, session


@pytest.fixture
def story() -> Story:
    return Story()


def test_history_without_exchanges_is_accepted(story: Story) -> None:
    assert not story.broken()


def test_session_id_issued_twice_is_found(story: Story) -> None:
    story.create(1)
    story.create(1)
    assert story.broken() == {"id-issued-twice": 1}


def test_session_that_no_request_created_is_found_in_a_list(story: Story) -> None:
    story.create(1)
    story.sessions(item(session(2), "pending"), item(session(1), "pending"))
    assert story.broken()["session-without-creation"] == 1


def test_accepted_payment_of_an_uncreated_session_is_found(story: Story) -> None:
    story.pay(session(7))
    assert story.broken() == {"session-without-creation": 1}


def test_session_in_the_list_of_another_account_is_found(story: Story) -> None:
    name = story.create(1)
    story.sessions(item(name, "pending"), key=OTHER)
    assert story.broken()["session-of-another-account"] == 1


def test_changed_amount_is_found(story: Story) -> None:
    name = story.create(1, 5)
    story.sessions(item(name, "pending", amount=6))
    assert story.broken() == {"order-changed": 1}


def test_changed_credits_are_found(story: Story) -> None:
    story.view(story.create(1), "pending", credits=6)
    assert story.broken() == {"order-changed": 1}


def test_two_answered_payments_of_a_session_are_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name, within=(2, 5))
    story.pay(name, within=(2, 5))
    assert story.broken() == {"paid-twice": 1}


def test_two_answered_expiries_of_a_session_are_found(story: Story) -> None:
    name = story.create(1)
    story.act(name, "expire")
    story.act(name, "expire")
    assert story.broken() == {"expired-twice": 1}


@pytest.mark.parametrize("status", ["completed", "expired"])
def test_session_that_is_completed_and_expired_is_found(story: Story, status: str) -> None:
    name = story.create(1)
    story.act(name, "expire")
    story.pay(name, 409 if status == "completed" else 200)
    assert "completed-and-expired" in story.broken()


def test_payment_with_a_declining_card_is_found(story: Story) -> None:
    story.pay(story.create(1), body={"card": "4000 0000 0000 0002"})
    assert story.broken() == {"declining-card-pays": 1}


@pytest.mark.parametrize("verb", ["pay", "expire"])
def test_lost_payment_or_expiry_is_found_when_the_session_is_pending_later(story: Story, verb: str) -> None:
    name = story.create(1)
    story.act(name, verb)
    story.view(name, "pending")
    assert story.broken() == {"open-after-its-end": 1}


def test_decline_or_cancellation_after_a_payment_is_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name)
    story.pay(name, 402)
    assert story.broken() == {"open-after-its-end": 1}


def test_open_page_of_an_expired_session_is_found(story: Story) -> None:
    name = story.create(1)
    story.act(name, "expire")
    story.call("GET", f"/c/pay/{name}")
    assert story.broken() == {"open-after-its-end": 1}


def test_completed_session_without_a_payment_is_found(story: Story) -> None:
    story.view(story.create(1), "completed")
    assert story.broken() == {"completed-without-payment": 1}


def test_session_completed_before_its_payment_was_sent_is_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name, 409)
    story.pay(name, 200)
    assert story.broken() == {"completed-without-payment": 1}


def test_declined_payment_without_an_answer_explains_no_completion(story: Story) -> None:
    name = story.create(1)
    story.pay(name, LOST, body={"card": "4000000000000002"})
    story.pay(name, 409)
    assert story.broken() == {"completed-without-payment": 1}


def test_payment_that_ended_before_the_session_was_pending_explains_nothing(story: Story) -> None:
    name = story.create(1)
    story.pay(name, LOST, within=(2, 3))
    story.act(name, "cancel", within=(4, 5))
    story.pay(name, 409, within=(6, 7))
    assert story.broken() == {"completed-without-payment": 1}


def test_lost_session_is_found(story: Story) -> None:
    story.pay(story.create(1), 404)
    assert story.broken() == {"session-lost": 1}


def test_session_that_is_back_is_found(story: Story) -> None:
    name = story.create(1)
    story.reset()
    story.act(name, "cancel")
    assert story.broken() == {"session-back": 1}


def test_completed_session_with_two_payments_in_its_attempts_is_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name)
    story.view(name, "completed", attempts=[{"outcome": "paid"}] * 2)
    assert story.broken() == {"wrong-attempts": 1}


def test_missing_declined_attempt_is_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name, 402)
    story.view(name, "pending")
    assert story.broken() == {"wrong-attempts": 1}


def test_pending_session_with_a_time_of_payment_is_found(story: Story) -> None:
    story.view(story.create(1), "pending", completed_at="2030-01-01T00:00:00Z")
    assert story.broken() == {"wrong-attempts": 1}


def test_form_of_the_checkout_page_pays(story: Story) -> None:
    name = story.create(1)
    story.call("POST", f"/c/pay/{name}", 303, body={"action": "pay", "csrf": "x"})
    story.call("POST", f"/pay/{name}", 409, body={"action": "pay", "csrf": "x"})
    story.usage(5)
    story.invoices(5)
    assert not story.broken()


def test_life_of_a_session_is_accepted(story: Story) -> None:
    story.invoices()
    name = story.create(1)
    story.pay(name, 402)
    story.act(name, "cancel")
    story.pay(name)
    story.pay(name, 409)
    story.view(name, "completed", attempts=[{"outcome": "generic_decline"}, {"outcome": "paid"}])
    story.sessions(item(name, "completed"))
    story.invoices(5)
    story.usage(5)
    assert not story.broken()


def test_payment_without_an_answer_may_have_happened_or_not(story: Story) -> None:
    paid, unpaid = story.create(1), story.create(2)
    story.pay(paid, LOST)
    story.pay(unpaid, LOST)
    story.view(paid, "completed")
    story.view(unpaid, "pending")
    story.usage(5)
    story.invoices(5)
    story.pay(unpaid, 200)
    assert not story.broken()


def test_retried_payment_is_answered_409_if_the_first_one_happened(story: Story) -> None:
    name = story.create(1)
    for status in (503, LOST, 502, 409):
        story.pay(name, status)
    story.usage(5)
    story.invoices(5)
    assert not story.broken()


def test_overlapping_payment_and_expiry_may_end_either_way(story: Story) -> None:
    for number, winner in ((1, "pay"), (2, "expire")):
        name = story.create(number)
        start = story.moment + 1
        for verb in ("pay", "expire"):
            lost = 409 if winner == "pay" else 410
            story.act(name, verb, 200 if verb == winner else lost, within=(start, start + 3))
        story.moment += 5
    assert not story.broken()


def test_creation_without_an_answer_explains_one_session_of_its_amount(story: Story) -> None:
    story.create(1, status=LOST)
    story.sessions(item(session(1), "pending"))
    assert not story.broken()
    story.sessions(item(session(2), "pending"), item(session(1), "pending"))
    assert story.broken()["session-without-creation"] == 1


def test_reset_explains_missing_sessions(story: Story) -> None:
    name = story.create(1)
    story.pay(name)
    story.reset()
    story.pay(name, 404)
    story.sessions()
    story.usage(0)
    story.invoices()
    assert not story.broken()


def test_session_may_be_there_or_gone_after_a_reset_without_an_answer(story: Story) -> None:
    name = story.create(1)
    story.reset(LOST)
    story.view(name, "pending")
    story.pay(name, 404)
    assert not story.broken()
    story.view(name, "pending", key=KEY)
    assert story.broken() == {"session-back": 1}
