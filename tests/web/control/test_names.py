"""Names of accounts, and hints of their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mockserver
from mockserver import Mock as RunningMock
from mockserver.domain.identifier import account_of
from tests.store.backends import BACKENDS
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused

REAL = "sk-live-0123456789abcdefghijklmnop-wxyz"


def account(mock: Mock, key: str = KEY) -> dict[str, Any]:
    found: dict[str, Any] = mock.get("/_mock/accounts", params={"key": key}).json()["accounts"][0]
    return found


def test_account_is_named_by_its_key_or_its_id(mock: Mock) -> None:
    named = mock.post("/_mock/accounts", {"key": KEY, "name": "  Buyer é☃ "}).json()["account"]
    assert named == account(mock)
    assert named["name"] == "Buyer é☃"
    assert mock.post("/_mock/accounts", {"key": account_of(KEY), "name": None}).json()["account"]["name"] is None
    refused(mock.post("/_mock/accounts", {"key": "acct_0123456789ab", "name": "a"}), 404, "not_found")


@pytest.mark.parametrize(
    "name", ["", " ", "a" * 81, "a\nb", "\x00", "\u200b", 1, [], "my sk-live-key", "4111 1111 1111 1111"]
)
def test_name_of_another_form_is_refused(mock: Mock, name: object) -> None:
    content = json.dumps({"key": KEY, "name": name})
    answer = mock.post("/_mock/accounts", content=content, headers={"content-type": "application/json"})
    assert pointers(refused(answer, 400, "invalid_request")) == {"/name"}
    assert mock.get("/_mock/accounts").json() == {"accounts": []}


def test_name_must_be_given(mock: Mock) -> None:
    assert pointers(refused(mock.post("/_mock/accounts", {"key": KEY}), 400, "invalid_request")) == {"/name"}


def test_reset_takes_the_name_away_and_leaves_the_hint(mock: Mock) -> None:
    mock.post("/_mock/accounts", {"key": REAL, "name": "Buyer"})
    mock.post("/_mock/reset", {"key": REAL})
    mock.usage(key=REAL)
    assert (account(mock, REAL)["name"], account(mock, REAL)["key_hint"]) == (None, "sk-…wxyz")


def test_hint_comes_with_the_first_request_of_a_key(mock: Mock) -> None:
    mock.create(key=REAL)
    assert account(mock, account_of(REAL))["key_hint"] == "sk-…wxyz"


@pytest.fixture(params=list(BACKENDS))
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningMock]:
    with mockserver.running(store=BACKENDS[request.param].address(tmp_path)) as found:
        yield found


def test_state_keeps_name_and_hint(running: RunningMock) -> None:
    named = running.account(REAL)
    named.control("POST", "/accounts", body={"key": REAL, "name": "Buyer"})
    state = named.checkpoint()
    assert [(each["key_hint"], each["name"]) for each in state["accounts"]] == [("sk-…wxyz", "Buyer")]
    with named.changes() as changes:
        named.control("POST", "/accounts", body={"key": REAL, "name": "Seller"})
    assert changes == ["the name went from Buyer to Seller"]
    named.rewind(state)
    assert named.checkpoint()["accounts"][0]["name"] == "Buyer"
    other = running.account("sk-another-key-of-some-length")
    other.control("POST", "/accounts", body={"key": other.api_key, "name": "Guest"})
    other.rewind(state)
    assert [(each["key_hint"], each["name"]) for each in other.checkpoint()["accounts"]] == [("sk-…ngth", "Guest")]


def test_state_without_name_and_hint_is_loaded(running: RunningMock) -> None:
    account = running.account(REAL)
    state = account.checkpoint()
    for member in ("key_hint", "name"):
        del state["accounts"][0][member]
    account.rewind(state)
    assert account.checkpoint()["accounts"][0]["name"] is None


def test_whole_key_is_nowhere_in_answers(mock: Mock) -> None:
    mock.create(key=REAL)
    mock.post("/_mock/accounts", {"key": REAL, "name": "Buyer"})
    for path in ("/_mock/accounts", "/_mock/state", "/_mock/requests"):
        text = mock.get(path).text
        assert REAL not in text
        assert "mnop-wxyz" not in text


def test_named_accounts_of_one_hint_stay_apart(mock: Mock) -> None:
    for key in (KEY, OTHER):
        mock.post("/_mock/accounts", {"key": key, "name": key.removeprefix("sk-").title()})
    names = [each["name"] for each in mock.get("/_mock/accounts").json()["accounts"]]
    assert names == [key.removeprefix("sk-").title() for key in (KEY, OTHER)]
