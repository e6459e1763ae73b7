from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockserver.domain.identifier import account_of
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused

THIRD = "sk-three"


def clock(mock: Mock, key: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = mock.get("/_mock/clock", params={"key": key} if key else {}).json()
    return found


def now(mock: Mock, key: str | None = None) -> str:
    return str(clock(mock, key)["now"])


def move(mock: Mock, **body: object) -> httpx.Response:
    return mock.post("/_mock/clock", body)


def test_clock_shows_real_time_until_it_is_moved(mock: Mock) -> None:
    assert clock(mock) == clock(mock, KEY) == {"now": "2030-01-15T12:00:00.000Z", "offset_seconds": 0, "frozen": False}
    mock.real_time.advance(milliseconds=1500)
    assert now(mock) == now(mock, KEY) == "2030-01-15T12:00:01.500Z"


def test_all_clocks_are_shown_at_once(mock: Mock) -> None:
    mock.usage(key=THIRD)
    move(mock, advance="1h")
    move(mock, advance="24h", key=KEY)
    move(mock, frozen=True, key=OTHER)
    shown = mock.get("/_mock/clocks").json()
    assert shown["common"] == clock(mock)
    assert {each.pop("account"): each for each in shown["own"]} == {
        account_of(key): clock(mock, key) for key in (KEY, OTHER)
    }
    mock.delete("/_mock/clock", params={"key": KEY})
    assert [each["account"] for each in mock.get("/_mock/clocks").json()["own"]] == [account_of(OTHER)]


@pytest.mark.parametrize(
    ("by", "shown", "offset"),
    [
        ("90s", "2030-01-15T12:01:30.000Z", 90),
        ("15m", "2030-01-15T12:15:00.000Z", 900),
        ("24h", "2030-01-16T12:00:00.000Z", 86_400),
        ("2d", "2030-01-17T12:00:00.000Z", 172_800),
        ("1h30m", "2030-01-15T13:30:00.000Z", 5_400),
        ("PT24H", "2030-01-16T12:00:00.000Z", 86_400),
        ("P1DT1H", "2030-01-16T13:00:00.000Z", 90_000),
        (60, "2030-01-15T12:01:00.000Z", 60),
        ("60", "2030-01-15T12:01:00.000Z", 60),
        (0.5, "2030-01-15T12:00:00.500Z", 0.5),
        (0, "2030-01-15T12:00:00.000Z", 0),
    ],
)
def test_clock_is_advanced_by_a_duration(mock: Mock, by: object, shown: str, offset: float) -> None:
    answer = move(mock, advance=by)
    assert answer.status_code == 200
    assert answer.json() == clock(mock) == {"now": shown, "offset_seconds": offset, "frozen": False}


@pytest.mark.parametrize("by", ["-1h", -1, "1y", "P1M", "P1Y", "PT", "", "soon", True, [], {}, "30m1h", "99999999d"])
def test_malformed_duration_is_refused(mock: Mock, by: object) -> None:
    refused(move(mock, advance=by), 400, "invalid_request")
    assert now(mock) == "2030-01-15T12:00:00.000Z"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2030-01-15T12:00:00Z", "2030-01-15T12:00:00.000Z"),
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00.000Z"),
        ("2031-01-01T01:30:00.123456+01:30", "2031-01-01T00:00:00.123Z"),
    ],
)
def test_clock_is_set_to_an_instant_and_goes_on_from_there(mock: Mock, given: str, shown: str) -> None:
    assert move(mock, now=given).json()["now"] == now(mock) == shown
    mock.real_time.advance(hours=1)
    assert now(mock)[11:13] == f"{int(shown[11:13]) + 1:02}"


@pytest.mark.parametrize("given", ["2030-01-16", "2030-01-16T00:00:00", "tomorrow", 1894752000, "2030-02-30T00:00:00Z"])
def test_malformed_instant_is_refused(mock: Mock, given: object) -> None:
    refused(move(mock, now=given), 400, "invalid_request")
    assert now(mock) == "2030-01-15T12:00:00.000Z"


@pytest.mark.parametrize("key", [None, KEY])
def test_clock_is_never_set_back(mock: Mock, key: str | None) -> None:
    who = {"key": key} if key else {}
    refused(move(mock, now="2030-01-15T11:59:59.999Z", **who), 409, "clock_moves_back")
    move(mock, advance="1h", **who)
    refused(move(mock, now="2030-01-15T12:30:00Z", **who), 409, "clock_moves_back")
    assert now(mock, key) == "2030-01-15T13:00:00.000Z"


def test_frozen_clock_stands_still_and_resumes_from_there(mock: Mock) -> None:
    assert move(mock, frozen=True).json()["frozen"] is True
    mock.real_time.advance(hours=5)
    assert clock(mock) == {"now": "2030-01-15T12:00:00.000Z", "offset_seconds": -5 * 3600, "frozen": True}
    assert move(mock, frozen=False).json() == {
        "now": "2030-01-15T12:00:00.000Z",
        "offset_seconds": -5 * 3600,
        "frozen": False,
    }
    mock.real_time.advance(hours=1)
    assert now(mock) == "2030-01-15T13:00:00.000Z"


def test_frozen_clock_can_be_advanced_and_set_and_stays_frozen(mock: Mock) -> None:
    move(mock, frozen=True)
    move(mock, advance="1h")
    mock.real_time.advance(hours=5)
    assert now(mock) == "2030-01-15T13:00:00.000Z"
    assert move(mock, now="2030-01-15T14:00:00Z").json()["frozen"] is True
    mock.real_time.advance(hours=5)
    assert now(mock) == "2030-01-15T14:00:00.000Z"


def test_freezing_and_resuming_twice_changes_nothing(mock: Mock) -> None:
    for frozen in (True, True, False, False):
        assert move(mock, frozen=frozen).json()["now"] == "2030-01-15T12:00:00.000Z"
    mock.real_time.advance(hours=1)
    assert now(mock) == "2030-01-15T13:00:00.000Z"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": KEY},
        {"advance": "1h", "now": "2031-01-01T00:00:00Z"},
        {"advance": "1h", "frozen": True},
        {"advance": None},
        {"frozen": None},
    ],
)
def test_request_with_two_moves_is_refused(mock: Mock, body: dict[str, object]) -> None:
    refused(move(mock, **body), 400, "invalid_request")
    assert clock(mock) == {"now": "2030-01-15T12:00:00.000Z", "offset_seconds": 0, "frozen": False}


@pytest.mark.parametrize("frozen", ["true", 1, 0, [], "false"])
def test_frozen_is_true_or_false(mock: Mock, frozen: object) -> None:
    assert pointers(refused(move(mock, frozen=frozen), 400, "invalid_request")) == {"/frozen"}


def test_clock_ends_in_the_year_9000(mock: Mock) -> None:
    refused(move(mock, now="9000-01-01T00:00:00.001Z"), 400, "invalid_request")
    assert move(mock, now="9000-01-01T00:00:00Z").status_code == 200
    refused(move(mock, advance="1s"), 400, "invalid_request")
    assert mock.session(mock.create())["expires_at"] == "9000-01-02T00:00:00.000Z"


def test_account_follows_the_common_clock_without_its_own(mock: Mock) -> None:
    move(mock, advance="1h")
    assert now(mock, KEY) == "2030-01-15T13:00:00.000Z"
    move(mock, advance="1h", key=KEY)
    assert now(mock, KEY) == "2030-01-15T14:00:00.000Z"
    assert now(mock) == now(mock, OTHER) == "2030-01-15T13:00:00.000Z"


@pytest.mark.parametrize("own", [{"advance": "0s"}, {"now": "2030-01-15T12:00:00Z"}, {"frozen": False}])
def test_any_move_with_a_key_gives_the_account_its_own_clock(mock: Mock, own: dict[str, object]) -> None:
    move(mock, key=KEY, **own)
    move(mock, advance="1h", key=OTHER)
    move(mock, now="2030-01-15T15:00:00Z")
    assert now(mock, KEY) == "2030-01-15T15:00:00.000Z"
    move(mock, advance="1h", key=KEY)
    assert now(mock) == "2030-01-15T15:00:00.000Z"


def test_reading_a_clock_creates_no_own_clock(mock: Mock) -> None:
    clock(mock, KEY)
    mock.usage()
    move(mock, advance="1h")
    assert now(mock, KEY) == "2030-01-15T13:00:00.000Z"


def test_keyless_advance_moves_the_common_clock_and_every_own_one(mock: Mock) -> None:
    move(mock, advance="1h", key=KEY)
    move(mock, frozen=True, key=OTHER)
    move(mock, advance="2h")
    assert (now(mock), now(mock, KEY), now(mock, OTHER), now(mock, THIRD)) == (
        "2030-01-15T14:00:00.000Z",
        "2030-01-15T15:00:00.000Z",
        "2030-01-15T14:00:00.000Z",
        "2030-01-15T14:00:00.000Z",
    )


def test_keyless_freeze_stops_the_common_clock_and_every_own_one(mock: Mock) -> None:
    move(mock, advance="1h", key=KEY)
    move(mock, frozen=True)
    mock.real_time.advance(hours=3)
    assert (now(mock), now(mock, KEY), now(mock, OTHER)) == (
        "2030-01-15T12:00:00.000Z",
        "2030-01-15T13:00:00.000Z",
        "2030-01-15T12:00:00.000Z",
    )
    move(mock, frozen=False)
    mock.real_time.advance(hours=1)
    assert now(mock, KEY) == "2030-01-15T14:00:00.000Z"


def test_keyless_instant_sets_the_common_clock_and_every_own_one(mock: Mock) -> None:
    move(mock, advance="1h", key=KEY)
    move(mock, frozen=True, key=OTHER)
    move(mock, now="2030-01-15T20:00:00Z")
    assert now(mock) == now(mock, KEY) == now(mock, OTHER) == now(mock, THIRD) == "2030-01-15T20:00:00.000Z"


def test_keyless_instant_before_any_clock_moves_no_clock(mock: Mock) -> None:
    move(mock, advance="1h", key=KEY)
    move(mock, advance="9h", key=OTHER)
    before = (now(mock), now(mock, KEY), now(mock, OTHER))
    refused(move(mock, now="2030-01-15T20:00:00Z"), 409, "clock_moves_back")
    assert (now(mock), now(mock, KEY), now(mock, OTHER)) == before


def test_deleted_own_clock_follows_the_common_one_again(mock: Mock) -> None:
    move(mock, advance="9h", key=KEY)
    move(mock, advance="1h")
    assert mock.delete(f"/_mock/clock?key={KEY}").json()["now"] == "2030-01-15T13:00:00.000Z"
    move(mock, advance="1h")
    assert now(mock, KEY) == "2030-01-15T14:00:00.000Z"


def test_keyless_delete_resets_every_clock_to_real_time(mock: Mock) -> None:
    move(mock, advance="9h", key=KEY)
    move(mock, frozen=True)
    mock.real_time.advance(hours=1)
    answer = mock.delete("/_mock/clock").json()
    assert answer == {"now": "2030-01-15T13:00:00.000Z", "offset_seconds": 0, "frozen": False}
    assert clock(mock) == clock(mock, KEY) == answer
    move(mock, advance="1h")
    assert now(mock, KEY) == "2030-01-15T14:00:00.000Z"


def test_move_of_an_unknown_account_is_refused(mock: Mock) -> None:
    refused(move(mock, advance="1h", key="acct_0123456789ab"), 404, "not_found")
    refused(move(mock, advance="1h", key="nobody"), 400, "invalid_request")
    assert now(mock) == "2030-01-15T12:00:00.000Z"
