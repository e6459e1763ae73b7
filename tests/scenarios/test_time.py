from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from tests.matrix import IS_LONG
from tests.store.backends import BACKENDS
from tests.web.mock_client import KEY, OTHER, Mock, SettableWall, a_mock, refused

Move = Callable[[Mock], None]


def statuses(mock: Mock, name: str, *, key: str = KEY) -> set[str]:
    """The statuses of a session in the list, the control API and the page; one if they agree."""
    (listed,) = [session["status"] for session in mock.listed(key=key, limit=100) if session["id"] == name]
    page = {200: "pending", 410: "expired"}[mock.get(f"/c/pay/{name}").status_code]
    found = [one["status"] for one in mock.get("/_mock/sessions").json()["sessions"] if one["id"] == name]
    return {listed, page, mock.session(name)["status"], *found}


def is_over(mock: Mock, name: str, *, key: str = KEY) -> bool:
    """The session is expired in every endpoint and cannot be paid."""
    assert statuses(mock, name, key=key) == {"expired"}
    for verb in ("pay", "cancel", "expire"):
        refused(mock.post(f"/_mock/sessions/{name}/{verb}"), 410, "session_expired")
    assert mock.balance(key=key) == 0
    return True


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize("how", ["clock", "wall"])
def test_session_is_payable_a_second_before_its_expiry(store: str, key: str | None, how: str) -> None:
    with a_mock(store=store) as mock:
        name = mock.create()
        if how == "clock":
            mock.advance("23h59m59s", key=key)
        else:
            mock.real_time.advance(hours=23, minutes=59, seconds=59)
        assert statuses(mock, name) == {"pending"}
        assert mock.pay(name).status_code == 200
        assert mock.balance() == 50


@pytest.mark.parametrize("how", ["one account's clock", "every clock", "an instant", "real time", "step by step"])
def test_session_after_its_lifetime_is_expired_everywhere(store: str, how: str) -> None:
    with a_mock(store=store) as mock:
        name = mock.create()
        match how:
            case "one account's clock":
                mock.advance("24h", key=KEY)
            case "every clock":
                mock.advance("24h")
            case "an instant":
                mock.post("/_mock/clock", {"now": "2030-01-16T12:00:00Z"})
            case "real time":
                mock.real_time.advance(hours=24)
            case _:
                mock.advance("23h59m59s")
                assert statuses(mock, name) == {"pending"}
                mock.advance("0.999")
                assert statuses(mock, name) == {"pending"}
                mock.advance("0.001")
        assert is_over(mock, name)


def test_every_endpoint_finds_the_session_expired_first(store: str) -> None:
    looks: list[Callable[[Mock, str], str]] = [
        lambda mock, _: str(mock.listed()[0]["status"]),
        lambda mock, name: str(mock.session(name)["status"]),
        lambda mock, _: str(mock.get("/_mock/sessions").json()["sessions"][0]["status"]),
        lambda mock, _: str(mock.get("/_mock/sessions?status=expired").json()["sessions"][0]["status"]),
        lambda mock, name: {410: "expired"}.get(mock.get(f"/pay/{name}").status_code, "open"),
        lambda mock, name: {410: "expired"}.get(mock.pay(name).status_code, "open"),
    ]
    with a_mock(store=store) as mock:
        for look in looks:
            name = mock.create()
            mock.advance("24h", key=KEY)
            assert look(mock, name) == "expired"


def test_account_s_clock_leaves_other_accounts_unchanged(store: str) -> None:
    with a_mock(store=store) as mock:
        mine, theirs = mock.create(), mock.create(key=OTHER)
        mock.advance("24h", key=KEY)
        assert is_over(mock, mine)
        assert statuses(mock, theirs, key=OTHER) == {"pending"}
        assert mock.pay(theirs).status_code == 200
        assert mock.balance(key=OTHER) == 50


def ahead(mock: Mock) -> None:
    mock.advance("24h", key=KEY)


def all_ahead(mock: Mock) -> None:
    mock.advance("24h")


def all_ahead_and_frozen(mock: Mock) -> None:
    mock.advance("24h")
    mock.post("/_mock/clock", {"frozen": True})


def ahead_and_frozen(mock: Mock) -> None:
    mock.post("/_mock/clock", {"frozen": True, "key": KEY})
    mock.advance("24h", key=KEY)


def set_ahead(mock: Mock) -> None:
    mock.post("/_mock/clock", {"now": "2030-01-16T12:00:00Z", "key": KEY})


def behind_the_common_one_and_back(mock: Mock) -> None:
    mock.advance("0s", key=KEY)
    mock.advance("12h")
    mock.advance("12h", key=KEY)


def drop_own(mock: Mock) -> None:
    mock.delete(f"/_mock/clock?key={KEY}")


def drop_all(mock: Mock) -> None:
    mock.delete("/_mock/clock")


def set_back(mock: Mock) -> None:
    for who in ({}, {"key": KEY}):
        mock.post("/_mock/clock", {"now": "2030-01-15T12:00:00Z", **who})


def resume(mock: Mock) -> None:
    for who in ({}, {"key": KEY}):
        mock.post("/_mock/clock", {"frozen": False, **who})


def reset_another(mock: Mock) -> None:
    mock.post("/_mock/reset", {"key": OTHER})


FORWARD: list[Move] = [
    ahead,
    all_ahead,
    all_ahead_and_frozen,
    ahead_and_frozen,
    set_ahead,
    behind_the_common_one_and_back,
]
BACK: list[Move] = [drop_own, drop_all, set_back, resume, reset_another]


def moves() -> Iterator[tuple[str, Move, Move]]:
    """The kinds of stores, moves ahead and moves back: all in memory, in other stores each move once or twice."""
    for (number, forward), (turn, back), store in product(enumerate(FORWARD), enumerate(BACK), BACKENDS):
        if IS_LONG or store == "memory" or number % len(BACK) == turn:
            yield store, forward, back


@pytest.mark.parametrize(("store", "forward", "back"), list(moves()), indirect=["store"])
def test_expired_session_is_not_revived_by_any_clock_move(store: str, forward: Move, back: Move) -> None:
    with a_mock(store=store) as mock:
        name = mock.create()
        forward(mock)
        back(mock)
        drop_all(mock)
        assert mock.get("/_mock/clock").json()["now"] == "2030-01-15T12:00:00.000Z"
        assert is_over(mock, name)


def test_unexpired_session_survives_a_clock_reset(store: str) -> None:
    with a_mock(store=store) as mock:
        old = mock.create()
        mock.advance("12h")
        young = mock.create()
        mock.advance("12h")
        drop_all(mock)
        assert is_over(mock, old)
        assert statuses(mock, young) == {"pending"}
        assert mock.session(young)["expires_at"] == "2030-01-17T00:00:00.000Z"


def test_restart_keeps_clocks_and_expired_sessions(sqlite: str) -> None:
    real_time = SettableWall()
    with a_mock(store=sqlite, real_time=real_time) as mock:
        due, theirs = mock.create(), mock.create(key=OTHER)
        mock.advance("24h", key=KEY)
        mock.advance("1h")
        mock.post("/_mock/clock", {"frozen": True, "key": OTHER})
        shown = [mock.get("/_mock/clock", params=who).json() for who in ({}, {"key": KEY}, {"key": OTHER})]
    with a_mock(store=sqlite, real_time=real_time) as mock:
        assert [mock.get("/_mock/clock", params=who).json() for who in ({}, {"key": KEY}, {"key": OTHER})] == shown
        assert is_over(mock, due)
        assert statuses(mock, theirs, key=OTHER) == {"pending"}
    real_time.advance(hours=24)
    with a_mock(store=sqlite, real_time=real_time) as mock:
        assert statuses(mock, theirs, key=OTHER) == {"pending"}, "the clock of that account stands still"
        assert mock.delete(f"/_mock/clock?key={OTHER}").json()["now"] == "2030-01-16T13:00:00.000Z"
        assert is_over(mock, theirs, key=OTHER)


@pytest.mark.parametrize("back", [drop_own, drop_all])
def test_restart_between_two_moves_revives_no_session(sqlite: str, back: Move) -> None:
    real_time = SettableWall()
    with a_mock(store=sqlite, real_time=real_time) as mock:
        name = mock.create()
        mock.advance("24h", key=KEY)
    with a_mock(store=sqlite, real_time=real_time) as mock:
        back(mock)
    with a_mock(store=sqlite, real_time=real_time) as mock:
        assert is_over(mock, name)


def test_restart_keeps_sessions_credits_plans_and_open_pages(sqlite: str) -> None:
    real_time = SettableWall()
    with a_mock(store=sqlite, real_time=real_time) as mock:
        paid = mock.create(mode="subscription", plan_id="plan-é\x00")
        mock.pay(paid, card="4000000000000002")
        mock.pay(paid)
        pending = mock.create(amount=7, success_url="https://a.example/?{CHECKOUT_SESSION_ID}")
        before = (mock.session(paid), mock.session(pending), mock.usage(), mock.listed())
        page = mock.get(f"/c/pay/{pending}").text
    with a_mock(store=sqlite, real_time=real_time) as mock:
        assert (mock.session(paid), mock.session(pending), mock.usage(), mock.listed()) == before
        assert mock.get(f"/c/pay/{pending}").text == page
        refused(mock.pay(paid), 409, "session_completed")
        assert mock.pay(pending).status_code == 200
        assert mock.balance() == 27
