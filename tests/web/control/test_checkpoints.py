"""Checkpoints: saved under a name, loaded, compared and deleted, on every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mockserver
from mockserver import AccountMock
from mockserver.billing import checkpoints
from mockserver.client.state_diff import diff_states
from tests.store.backends import BACKENDS
from tests.web.conftest import Start
from tests.web.mock_client import KEY, OTHER, Mock, pointers, refused


@pytest.fixture(params=list(BACKENDS))
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AccountMock]:
    with mockserver.running(store=BACKENDS[request.param].address(tmp_path)) as running:
        yield running.account()


def saved(mock: Mock, name: str, **fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = mock.post("/_mock/checkpoints", {"name": name, **fields}).json()["checkpoint"]
    return found


def differences(mock: Mock, **fields: Any) -> list[str]:
    found: list[str] = mock.post("/_mock/state/diff", fields).json()["differences"]
    return found


def test_account_returns_to_its_checkpoint_even_after_a_reset(account: AccountMock) -> None:
    account.pay(account.create(amount=5))
    state = account.checkpoint()
    account.control("POST", "/checkpoints", body={"name": "paid é☃", "key": account.api_key})
    account.control("POST", "/reset", body={})
    listed = account.control("GET", "/checkpoints")["checkpoints"]
    assert [(each["name"], each["account"], each["accounts"], each["sessions"]) for each in listed] == [
        ("paid é☃", state["accounts"][0]["id"], 1, 1)
    ]
    document = account.control("GET", "/state", query={"checkpoint": "paid é☃"})
    assert [each["sessions"] for each in document["accounts"]] == [each["sessions"] for each in state["accounts"]]
    answer = account.control("POST", "/state", query={"checkpoint": "paid é☃"})
    assert answer == {"loaded": state["accounts"][0]["id"], "accounts": 1, "sessions": 1}
    assert account.balance == 5


def test_checkpoint_of_everything_is_loaded_and_replaced(mock: Mock) -> None:
    for key in (KEY, OTHER):
        mock.create(key=key)
    assert saved(mock, " all ")["name"] == "all"
    mock.create()
    assert mock.post("/_mock/state?checkpoint=all").json() == {"loaded": "everything", "accounts": 2, "sessions": 2}
    mock.create()
    assert saved(mock, "all")["sessions"] == 3
    assert len(mock.get("/_mock/checkpoints").json()["checkpoints"]) == 1


def test_checkpoint_of_one_account_is_loaded_into_another(mock: Mock) -> None:
    mock.pay(mock.create())
    saved(mock, "paid", key=KEY)
    mock.post(f"/_mock/state?checkpoint=paid&key={OTHER}")
    assert (mock.balance(), mock.balance(key=OTHER)) == (50, 50)


def test_deleted_checkpoint_is_gone(mock: Mock) -> None:
    saved(mock, "a/b")
    assert mock.delete("/_mock/checkpoints", params={"name": "a/b"}).json() == {"deleted": "a/b"}
    assert mock.get("/_mock/checkpoints").json() == {"checkpoints": []}
    refused(mock.delete("/_mock/checkpoints", params={"name": "a/b"}), 404, "not_found")
    for method in ("GET", "POST"):
        refused(mock.request(method, "/_mock/state", params={"checkpoint": "a/b"}), 404, "not_found")
    refused(mock.post("/_mock/state/diff", {"before": "a/b"}), 404, "not_found")
    refused(mock.delete("/_mock/checkpoints"), 400, "invalid_request")


@pytest.mark.parametrize("name", [None, "", " ", "x" * 81, "a\n", 5, "sk-live-key"])
def test_checkpoint_without_a_proper_name_is_refused(mock: Mock, name: object) -> None:
    assert pointers(refused(mock.post("/_mock/checkpoints", {"name": name}), 400, "invalid_request")) == {"/name"}


def test_state_is_given_once(mock: Mock) -> None:
    state = mock.get("/_mock/state").json()
    saved(mock, "all")
    refused(mock.post("/_mock/state?checkpoint=all", state), 400, "invalid_request")


def test_checkpoints_are_few_and_bounded(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    mock = start()
    monkeypatch.setattr(checkpoints, "MOST", 2)
    saved(mock, "a")
    saved(mock, "b")
    message = refused(mock.post("/_mock/checkpoints", {"name": "c"}), 400, "invalid_request")["message"]
    assert message == "there are 2 checkpoints, the most that are kept; delete one first"
    saved(mock, "b")
    monkeypatch.setattr(checkpoints, "LONGEST", 10)
    refused(mock.post("/_mock/checkpoints", {"name": "b"}), 400, "invalid_request")


def test_difference_is_that_of_the_command(mock: Mock) -> None:
    before = mock.get("/_mock/state", params={"key": KEY}).json()
    saved(mock, "before", key=KEY)
    mock.create(key=OTHER)
    mock.pay(mock.create())
    after = mock.get("/_mock/state", params={"key": KEY}).json()
    expected = diff_states(before, after)
    assert "the balance went from 0 credits to 50 credits" in expected
    assert differences(mock, before="before") == expected, "of the account of the checkpoint"
    assert differences(mock, before=before, after=after) == expected
    assert differences(mock, before="before", after=None, key=KEY) == expected
    assert differences(mock, before="before", after="before") == []
    saved(mock, "after", key=KEY)
    assert differences(mock, before="before", after="after") == expected


def test_difference_of_whole_mocks_names_accounts(mock: Mock) -> None:
    saved(mock, "empty")
    mock.create()
    lines = differences(mock, before="empty")
    assert any(line.endswith("was opened") for line in lines)
    assert differences(mock) == []
    mock.post("/_mock/reset")
    assert differences(mock, before="empty") == []


def test_difference_to_a_deleted_account_says_so(mock: Mock) -> None:
    mock.create()
    name = saved(mock, "mine", key=KEY)["account"]
    mock.post("/_mock/reset")
    assert differences(mock, before="mine") == [f"account {name} was deleted"]


@pytest.mark.parametrize("field", ["before", "after"])
@pytest.mark.parametrize("value", [5, [], True, {"version": 1}])
def test_comparison_of_something_else_is_refused(mock: Mock, field: str, value: object) -> None:
    refused(mock.post("/_mock/state/diff", {field: value}), 400, "invalid_request")


def test_checkpoints_have_no_key(mock: Mock) -> None:
    mock.create(
        key="sk-live-0123456789abcdefghijklmnop",
        amount=5,
        success_url="https://a.example/?token=sk-live-0123456789abcdef",
    )
    saved(mock, "all")
    assert "sk-live" not in mock.get("/_mock/state?checkpoint=all").text
