"""Each contradiction of clocks and lifetimes, in a history that contains it."""

from __future__ import annotations

import pytest

from tests.auditor.story import KEY, LOST, OTHER, Story, at, item, session


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.mark.parametrize("key", [None, KEY])
def test_clock_that_goes_back_is_found(story: Story, key: str | None) -> None:
    story.clock("POST", 24, key=key)
    story.clock("GET", 0, key=key)
    assert story.broken() == {"clock-goes-back": 1}


def test_times_of_creation_and_payment_are_readings_of_the_clock(story: Story) -> None:
    created, paid = story.create(1), story.create(2)
    story.pay(paid)
    story.view(created, "pending", created_at=at(5))
    story.clock("GET", 1)
    assert story.broken() == {"clock-goes-back": 1}
    story.exchanges[-2:] = []
    story.view(paid, "completed", completed_at=at(5))
    story.clock("GET", 1)
    assert story.broken() == {"clock-goes-back": 1}


def test_clock_goes_back_when_it_is_deleted(story: Story) -> None:
    story.clock("POST", 24)
    story.clock("DELETE", 0)
    story.clock("GET", 0)
    assert not story.broken()


def test_accounts_with_own_clocks_show_other_times(story: Story) -> None:
    story.clock("POST", 24, key=KEY)
    story.clock("GET", 0, key=OTHER)
    story.clock("GET", 0)
    assert not story.broken()


def test_account_without_its_own_clock_shows_the_common_time(story: Story) -> None:
    story.clock("POST", 24)
    story.clock("GET", 0, key=OTHER)
    assert story.broken() == {"clock-goes-back": 1}


def test_pending_session_after_its_lifetime_is_found(story: Story) -> None:
    name = story.create(1)
    story.clock("POST", 24)
    story.view(name, "pending")
    assert story.broken() == {"open-after-its-lifetime": 1}


def test_lifetime_begins_with_the_creation_that_a_list_shows(story: Story) -> None:
    answer = {"data": {"url": f"http://localhost/c/pay/{session(1)}"}}
    story.call("POST", "/billing/topup", 200, answer, key=KEY, body={"amount": 5})
    story.sessions(item(session(1), "pending", hours=2))
    story.clock("POST", 25)
    story.act(session(1), "cancel")
    assert not story.broken()
    story.clock("POST", 26)
    story.act(session(1), "cancel")
    assert story.broken() == {"open-after-its-lifetime": 1}


def test_open_page_after_the_lifetime_is_found_unless_it_is_a_receipt(story: Story) -> None:
    paid, late = story.create(1), story.create(2)
    story.pay(paid)
    story.clock("POST", 24)
    story.call("GET", f"/c/pay/{paid}")
    assert not story.broken()
    story.call("GET", f"/c/pay/{late}")
    assert story.broken() == {"open-after-its-lifetime": 1}


def test_session_is_over_after_its_lifetime_even_if_the_clock_goes_back(story: Story) -> None:
    name = story.create(1)
    story.clock("POST", 24)
    story.clock("DELETE", 0)
    story.pay(name)
    assert story.broken() == {"open-after-its-lifetime": 1}


def test_payment_and_clock_move_at_the_same_time_may_go_either_way(story: Story) -> None:
    paid, late = story.create(1), story.create(2)
    story.pay(paid, within=(10, 20))
    story.pay(late, 410, within=(10, 20))
    story.clock("POST", 24, within=(15, 25))
    story.moment = 30
    story.sessions(item(late, "expired"), item(paid, "completed"))
    story.usage(5)
    story.invoices(5)
    assert not story.broken()


def test_payment_before_its_session_was_over_by_its_own_times_is_needed(story: Story) -> None:
    name = story.create(1)
    story.pay(name)
    story.view(name, "completed", completed_at="2030-01-02T00:00:00.000Z")
    assert story.broken() == {"open-after-its-lifetime": 1}


def test_session_that_expires_while_time_stands_still_is_found(story: Story) -> None:
    name = story.create(1)
    story.view(name, "expired")
    assert story.broken() == {"expired-early": 1}
    assert not story.broken(skew=None), "time may have passed"
    assert not story.broken(lifetime=2.0)


@pytest.mark.parametrize("key", [KEY, None])
def test_session_that_expires_before_the_clock_was_moved_far_enough_is_found(story: Story, key: str | None) -> None:
    name = story.create(1)
    story.clock("POST", 12, key=key)
    story.clock("POST", 23, key=key)
    story.view(name, "expired")
    assert story.broken() == {"expired-early": 1}


@pytest.mark.parametrize(("hours", "is_over"), [(25, True), (23, False)])
def test_session_that_was_over_when_its_clock_went_back_is_expired(story: Story, hours: int, is_over: bool) -> None:
    name = story.create(1)
    story.clock("POST", hours, key=KEY)
    story.clock("DELETE", 0, key=KEY)
    story.view(name, "expired")
    assert story.broken() == ({} if is_over else {"expired-early": 1})


def test_clock_that_went_back_before_a_session_was_created_did_not_expire_it(story: Story) -> None:
    story.clock("POST", 25, key=KEY)
    story.clock("DELETE", 0, key=KEY)
    name = story.create(1)
    story.view(name, "expired")
    assert story.broken() == {"expired-early": 1}


def test_session_that_expires_before_its_clock_shows_an_earlier_time_is_found(story: Story) -> None:
    name = story.create(1)
    story.clock("POST", 0, LOST, within=(5, 6))
    story.moment = 10
    story.view(name, "expired")
    assert not story.broken()
    story.clock("GET", 23)
    assert story.broken() == {"expired-early": 1}


def test_clock_move_without_an_answer_may_have_expired_a_session(story: Story) -> None:
    name, other = story.create(1), story.create(2, key=OTHER)
    story.clock("POST", 0, LOST, key=KEY)
    story.view(name, "pending")
    story.view(name, "expired")
    assert not story.broken()
    story.view(other, "expired", key=OTHER)
    assert story.broken() == {"expired-early": 1}


def test_expiry_without_an_answer_explains_an_expired_session(story: Story) -> None:
    name = story.create(1)
    story.act(name, "expire", LOST)
    story.view(name, "pending")
    story.view(name, "expired")
    assert not story.broken()


def test_reset_of_an_account_gives_it_the_common_clock(story: Story) -> None:
    story.create(1)
    story.clock("POST", 24, key=KEY)
    story.reset()
    story.clock("GET", 0, key=KEY)
    story.sessions()
    assert not story.broken()
