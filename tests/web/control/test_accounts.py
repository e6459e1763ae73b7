from __future__ import annotations

import hashlib
from typing import Any

import pytest

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.domain.identifier import key_hint
from mockserver.journal.reader import OwnJournal
from mockserver.store.memory.transaction import MemoryTransaction
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused


def account_of(key: str) -> str:
    return "acct_" + hashlib.sha256(key.encode()).hexdigest()[:12]


def accounts(mock: Mock, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = mock.get("/_mock/accounts", params=query).json()["accounts"]
    return found


def test_account_list_is_empty_at_first(mock: Mock) -> None:
    assert accounts(mock) == []


def test_account_has_an_id_from_its_key_credits_sessions_and_time(mock: Mock) -> None:
    mock.pay(mock.create(amount=50))
    mock.create(amount=7)
    mock.advance("1h", key=KEY)
    assert accounts(mock) == [
        {
            "id": account_of(KEY),
            "key_hint": key_hint(KEY),
            "name": None,
            "credit_balance": 50,
            "sessions": 2,
            "last_activity": "2030-01-15T12:00:00.000Z",
            "now": "2030-01-15T13:00:00.000Z",
            "offset_seconds": 3600,
            "frozen": False,
        }
    ]


def test_keys_with_a_common_prefix_are_separate_accounts(mock: Mock) -> None:
    keys = ["sk-a", "sk-A", "sk-a-", "sk-" + "a" * 200]
    for key in keys:
        mock.create(key=key)
    assert [account["id"] for account in accounts(mock)] == [account_of(key) for key in keys]


def test_accounts_are_listed_in_pages(mock: Mock) -> None:
    for number in range(3):
        mock.usage(key=f"sk-{number}")
    assert [account["id"] for account in accounts(mock, limit=1, offset=1)] == [account_of("sk-1")]
    assert accounts(mock, offset=3) == []
    newest = [account["id"] for account in accounts(mock, order="newest", limit=2)]
    assert newest == [account_of("sk-2"), account_of("sk-1")]
    assert [account["id"] for account in accounts(mock, order="newest", search="sk-0")] == [account_of("sk-0")]
    refused(mock.get("/_mock/accounts?order=best"), 400, "invalid_request")


def test_accounts_are_found_by_id_name_hint_and_key(mock: Mock) -> None:
    keys = [f"sk-{number:0>20}" for number in range(3)]
    for key, name in zip(keys, ("Buyer É", "Seller", None), strict=True):
        mock.post("/_mock/accounts", {"key": key, "name": name})

    def found(search: str, **query: Any) -> list[int]:
        ids = [account_of(key) for key in keys]
        return [ids.index(account["id"]) for account in accounts(mock, search=search, **query)]

    assert found("buyer é") == [0]
    assert found("ELLER") == [1]
    assert found(account_of(keys[2])[5:]) == [2]
    assert found("…0002") == [2]
    assert found(keys[1]) == [1]
    assert found("sk-" + "9" * 20) == []
    assert found("er") == [0, 1]
    assert found("er", limit=1, offset=1) == [1]
    assert found("er", offset=2) == []
    assert found("er", key=keys[1]) == [1]
    assert found("") == [0, 1, 2]


def test_search_opens_no_account(mock: Mock) -> None:
    assert accounts(mock, search="sk-nobody") == []
    assert accounts(mock) == []


def test_search_finds_the_last_of_many_accounts(mock: Mock) -> None:
    for number in range(1_001):
        mock.usage(key=f"sk-{number}")
    assert [account["id"] for account in accounts(mock, search="sk-1000")] == [account_of("sk-1000")]


def test_credits_are_a_starting_balance(mock: Mock) -> None:
    answer = mock.post("/_mock/credits", {"key": KEY, "credits": 100}).json()
    assert answer["usage"]["credit_balance"] == 100
    assert mock.post("/_mock/credits", {"key": account_of(KEY), "credits": 0.5}).json()["usage"] == mock.usage()
    assert mock.balance() == 100.5
    assert mock.balance(key=OTHER) == 0


def test_credits_are_exact(mock: Mock) -> None:
    for _ in range(3):
        mock.post("/_mock/credits", {"key": KEY, "credits": 0.1})
    assert mock.balance() == 0.3


@pytest.mark.parametrize("credits", [0, -1, "100", True, 0.0000001, 1e13, [], {}])
def test_credits_of_another_kind_are_refused(mock: Mock, credits: object) -> None:
    refused(mock.post("/_mock/credits", {"key": KEY, "credits": credits}), 400, "invalid_request")
    assert mock.balance() == 0


@pytest.mark.parametrize(
    ("body", "missing"), [({"credits": 1}, "/key"), ({"key": KEY}, "/credits"), ({"key": None, "credits": 1}, "/key")]
)
def test_credits_need_a_key_and_a_number(mock: Mock, body: object, missing: str) -> None:
    assert pointers(refused(mock.post("/_mock/credits", body), 400, "invalid_request")) == {missing}


@pytest.mark.parametrize("body", [{"key": "acct_0123456789ab", "credits": 1}])
def test_unknown_account_id_is_not_found(mock: Mock, body: object) -> None:
    refused(mock.post("/_mock/credits", body), 404, "not_found")
    refused(mock.get("/_mock/clock?key=acct_0123456789ab"), 404, "not_found")
    refused(mock.get("/_mock/sessions?key=acct_0123456789ab"), 404, "not_found")
    refused(mock.get("/_mock/requests?key=acct_0123456789ab"), 404, "not_found")
    refused(mock.post("/_mock/reset", {"key": "acct_0123456789ab"}), 404, "not_found")
    assert accounts(mock) == []


@pytest.mark.parametrize("key", ["", "sk-", "sk-é", "pk-1", "sk-a b", "sk-" + "a" * 201, "acct_0123456789AB", "acct_1"])
def test_malformed_key_is_refused(mock: Mock, key: str) -> None:
    assert pointers(refused(mock.post("/_mock/reset", {"key": key}), 400, "invalid_request")) == {"/key"}
    refused(mock.get("/_mock/sessions", params={"key": key}), 400, "invalid_request")
    assert accounts(mock) == []


@pytest.mark.parametrize("key", [1, True, [], {}])
def test_non_text_key_is_refused(mock: Mock, key: object) -> None:
    assert pointers(refused(mock.post("/_mock/reset", {"key": key}), 400, "invalid_request")) == {"/key"}


def test_unknown_well_formed_key_opens_an_account(mock: Mock) -> None:
    assert mock.get("/_mock/sessions?key=sk-new").json() == {"sessions": []}
    assert [account["id"] for account in accounts(mock)] == [account_of("sk-new")]


def test_reset_with_a_key_deletes_only_that_account(mock: Mock) -> None:
    for key in (KEY, OTHER):
        mock.pay(mock.create(key=key))
        mock.advance("1h", key=key)
    gone = mock.create()
    assert mock.post("/_mock/reset", {"key": KEY}).status_code == 200
    assert mock.listed() == []
    assert mock.balance() == 0
    assert mock.get(f"/_mock/clock?key={KEY}").json()["offset_seconds"] == 0
    assert len(mock.journal(key=KEY)) == 2  # the two last requests
    refused(mock.get(f"/_mock/sessions/{gone}"), 404, "session_not_found")
    assert mock.get(f"/c/pay/{gone}").status_code == 404
    assert len(mock.listed(key=OTHER)) == 1
    assert mock.balance(key=OTHER) == 50
    assert mock.get(f"/_mock/clock?key={OTHER}").json()["offset_seconds"] == 3600


def test_reset_without_a_key_deletes_everything(mock: Mock) -> None:
    for key in (KEY, OTHER):
        mock.pay(mock.create(key=key))
        mock.advance("1h", key=key)
    mock.advance("1h")
    assert mock.post("/_mock/reset").status_code == 200
    assert accounts(mock) == []
    assert mock.get("/_mock/sessions").json() == {"sessions": []}
    assert mock.journal() == []
    assert mock.get("/_mock/clock").json() == {
        "now": "2030-01-15T12:00:00.000Z",
        "offset_seconds": 0,
        "frozen": False,
    }


def test_page_of_a_deleted_session_pays_nothing(mock: Mock) -> None:
    gone = mock.create()
    mock.post("/_mock/reset", {"key": KEY})
    refused(mock.pay(gone), 404, "session_not_found")
    assert mock.balance() == 0


def test_unknown_outcome_is_a_504_that_asks_for_no_repetition(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lose(*_: object) -> None:
        raise OutcomeUnknown("the database was lost")

    monkeypatch.setattr(MemoryTransaction, "add_entry", lose)
    answer = mock.post("/_mock/credits", {"key": "sk-mine", "credits": 5})
    assert refused(answer, 504, "outcome_unknown")["message"] == "the database was lost"
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("change", ["reset", "load"])
def test_store_lost_after_a_change_is_a_504_since_the_change_holds(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    async def lose(*_: object) -> None:
        raise StoreUnavailable("the database is away")

    empty = mock.get("/_mock/state").json()
    mock.pay(mock.create())
    monkeypatch.setattr(OwnJournal, "forget", lose)
    answer = mock.post("/_mock/reset", {}) if change == "reset" else mock.post("/_mock/state", empty)
    assert "the database is away" in refused(answer, 504, "outcome_unknown")["message"]
    assert accounts(mock) == []
