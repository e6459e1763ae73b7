"""Each contradiction of a list of sessions, in a history that contains it."""

from __future__ import annotations

import pytest

from tests.auditor.rules import account_of
from tests.auditor.story import KEY, LOST, Story, item, session


@pytest.fixture
def story() -> Story:
    return Story()


def test_list_without_a_session_of_an_earlier_answer_is_found(story: Story) -> None:
    names = [story.create(number) for number in (1, 2)]
    story.sessions(item(names[1], "pending"))
    assert story.broken() == {"session-not-listed": 1}


def test_list_lacks_a_session_whose_creation_overlaps_it(story: Story) -> None:
    story.create(1, within=(10, 20))
    story.sessions(within=(11, 12))
    assert not story.broken()


def test_missing_session_is_found_on_the_last_page(story: Story) -> None:
    names = [story.create(number) for number in (1, 2, 3)]
    story.sessions(item(names[2], "pending"), item(names[1], "pending"), query={"limit": "2"})
    story.sessions(query={"limit": "2", "offset": "2"})
    assert story.broken() == {"session-not-listed": 1}


def test_session_of_an_unreadable_answer_is_missed_too(story: Story) -> None:
    story.call("POST", "/billing/checkout", 200, None, key=KEY, body={"amount": 5})
    story.sessions()
    assert story.broken() == {"session-not-listed": 1}


def test_unexpected_session_is_that_of_an_unreadable_answer_first(story: Story) -> None:
    story.call("POST", "/billing/checkout", 200, None, key=KEY, body={"amount": 5})
    story.create(2, status=LOST)
    for _ in range(2):
        story.sessions(item(session(1), "pending"))
    assert not story.broken()


def test_session_listed_twice_is_found(story: Story) -> None:
    names = [story.create(number) for number in (1, 2)]
    story.sessions(*[item(names[1], "pending")] * 2, query={"limit": "2"})
    assert story.broken() == {"session-listed-twice": 1}


def test_older_session_before_a_newer_one_is_found(story: Story) -> None:
    names = [story.create(number) for number in (1, 2)]
    story.sessions(*[item(name, "pending") for name in names])
    assert story.broken() == {"list-not-in-order": 1}


def test_sessions_of_overlapping_creations_have_any_order(story: Story) -> None:
    names = [story.create(number, within=(1, 3)) for number in (1, 2)]
    story.moment = 5
    story.sessions(*[item(name, "pending") for name in names])
    story.sessions(*[item(name, "pending") for name in names[::-1]])
    assert not story.broken()


def test_page_longer_than_all_sessions_is_found(story: Story) -> None:
    names = [story.create(number) for number in (1, 2)]
    story.sessions(*[item(name, "pending") for name in names[::-1]], query={"offset": "1"})
    assert story.broken() == {"wrong-number-of-sessions": 1}


def test_wrong_number_of_sessions_of_an_account_is_found(story: Story) -> None:
    story.create(1)
    account = {"id": account_of(KEY), "credit_balance": 0, "sessions": 2, "now": "2030-01-01T00:00:00Z"}
    story.call("GET", "/_mock/accounts", 200, {"accounts": [account]})
    assert story.broken() == {"wrong-number-of-sessions": 1}


def test_list_of_the_control_api_is_held_to_the_same(story: Story) -> None:
    names = [story.create(number) for number in (1, 2)]
    view = {**item(names[1], "pending"), "account": account_of(KEY), "credits": 5, "attempts": []}
    times = {"expires_at": "2030-01-02T00:00:00Z", "completed_at": None}
    for query in ({}, {"status": "pending", "key": KEY}):
        story.call("GET", "/_mock/sessions", 200, {"sessions": [{**view, **times}]}, query=query)
    assert not story.broken(), "neither of them is the list of one account in all statuses"
    story.call("GET", "/_mock/sessions", 200, {"sessions": [{**view, **times}]}, query={"key": KEY})
    assert story.broken() == {"session-not-listed": 1}


def test_refused_creation_creates_nothing(story: Story) -> None:
    story.create(1, status=400)
    story.create(2, status=503)
    story.sessions()
    assert not story.broken()
    story.sessions(item(session(1), "pending"))
    assert story.broken()["session-without-creation"] == 1


@pytest.mark.parametrize("status", [LOST, 500, 502, 504])
def test_creation_with_an_unknown_outcome_is_listed_or_not(story: Story, status: int | None) -> None:
    story.create(1, status=status)
    story.sessions()
    story.sessions(item(session(1), "pending"))
    assert not story.broken()


def test_retried_creation_may_have_created_two_sessions(story: Story) -> None:
    story.create(1, status=LOST)
    story.create(2)
    story.sessions(item(session(2), "pending"), item(session(1), "pending"))
    assert not story.broken()


def test_answer_of_a_planned_fault_means_not_executed(story: Story) -> None:
    then = {"status": 200, "body": {"data": {"id": session(1)}}}
    story.call("POST", "/_mock/faults", 200, {}, body={"then": then})
    story.create(2)
    story.call("POST", "/billing/checkout", 200, {"data": {"id": session(1)}}, key=KEY, body={"amount": 5})
    story.sessions(item(session(2), "pending"))
    assert not story.broken()


def test_error_of_a_planned_fault_means_not_executed(story: Story) -> None:
    name = story.create(1)
    story.call("POST", "/_mock/faults", 200, {}, body={"then": {"status": 500, "body": "down"}})
    story.call("POST", f"/c/pay/{name}", 500, "down", body={"action": "pay"})
    story.pay(name, 409)
    assert story.broken() == {"completed-without-payment": 1}


def test_spoiled_answer_means_executed(story: Story) -> None:
    name = story.create(1)
    story.call("POST", f"/c/pay/{name}", 303, None, body={"action": "pay"})
    story.view(name, "pending")
    assert story.broken() == {"open-after-its-end": 1}
