from __future__ import annotations

from tests.web.mock_client import Mock, a_mock, refused

KEYS = ["sk-a", "sk-A", "sk-a-", "sk-aa", "sk-b", "sk-" + "a" * 200]


def seen(mock: Mock, key: str) -> tuple[list[str], object]:
    return [session["id"] for session in mock.listed(key=key, limit=100)], mock.balance(key=key)


def test_account_sees_only_its_own_sessions_and_usage(store: str) -> None:
    with a_mock(store=store) as mock:
        made: dict[str, list[str]] = {key: [] for key in KEYS}
        for turn in range(3):
            for dollars, key in enumerate(KEYS, start=1):
                made[key].insert(0, mock.create(key=key, amount=dollars))
                if turn:
                    mock.pay(made[key][0])
        for dollars, key in enumerate(KEYS, start=1):
            assert seen(mock, key) == (made[key], 2 * dollars)
            assert [session["id"] for session in mock.listed(key=key, limit=2, offset=1)] == made[key][1:]
            shown = mock.get("/_mock/sessions", params={"key": key}).json()["sessions"]
            assert [session["id"] for session in shown] == made[key]
            assert len({session["account"] for session in shown}) == 1
        assert seen(mock, "sk-nobody") == ([], 0)


def test_account_s_actions_change_nothing_for_another(store: str) -> None:
    with a_mock(store=store) as mock:
        mine = mock.create(key="sk-mine")
        before = (seen(mock, "sk-mine"), mock.usage(key="sk-mine"), mock.session(mine))
        theirs = mock.create(key="sk-theirs", mode="subscription", plan_id="plan-pro")
        mock.pay(theirs)
        mock.post("/_mock/credits", {"key": "sk-theirs", "credits": 5})
        mock.advance("40d", key="sk-theirs")
        mock.create(key="sk-theirs")
        mock.post("/_mock/reset", {"key": "sk-theirs"})
        assert (seen(mock, "sk-mine"), mock.usage(key="sk-mine"), mock.session(mine)) == before


def test_refused_key_sees_and_opens_nothing(store: str) -> None:
    with a_mock(store=store) as mock:
        mock.create(key="sk-mine")
        for key in ("", "sk-", "SK-mine", "sk-min e", "sk-mine,sk-mine", "acct_0123456789ab"):
            refused(mock.billing("GET", "checkouts", key=key), 401, "unauthorized")
            refused(mock.billing("POST", "checkout", key=key, json={"amount": 5}), 401, "unauthorized")
        assert len(mock.get("/_mock/accounts").json()["accounts"]) == 1
        assert len(mock.get("/_mock/sessions").json()["sessions"]) == 1
