"""A run leaves a running mock as it found it."""

from __future__ import annotations

import httpx
import pytest

from mockserver import running
from mockserver.cli import main
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import serving
from tests.matrix import long_but


def accounts_at(url: str) -> list[str]:
    listed = httpx.get(f"{url}/_mock/accounts", params={"limit": 100}).json()["accounts"]
    return [account["id"] for account in listed]


def order(url: str, key: str) -> None:
    headers = {"x-access-token": key}
    assert httpx.post(f"{url}/billing/checkout", json={"amount": 1}, headers=headers).status_code == 200


@pytest.mark.parametrize("command", long_but("check", of=["check", "drift"]))
def test_no_account_of_the_run_stays_and_no_other_goes(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDEO_DB_API_KEY", raising=False)
    with running(store="memory") as mock:
        order(mock.url, "sk-of-somebody")
        before = accounts_at(mock.url)
        # The rules of the check open accounts; the comparison opens others for the same.
        assert main([command, mock.url, *(["--claims-only"] if command == "drift" else [])]) == 0
        assert accounts_at(mock.url) == before


def test_no_account_of_a_run_stays_that_ends_at_its_time_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDEO_DB_API_KEY", raising=False)
    with running(store="memory") as mock:
        before = accounts_at(mock.url)
        assert main(["check", mock.url, "--max-examples", "100000", "--time-budget", "1"]) == 3
        assert accounts_at(mock.url) == before


def test_account_of_the_key_that_the_user_named_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-of-mine")
    with running(store="memory") as mock:
        order(mock.url, "sk-of-mine")
        before = accounts_at(mock.url)
        assert main(["check", mock.url, "--token-env", "MY_KEY", "--claims-only"]) == 0
        assert accounts_at(mock.url) == before


def test_server_that_is_no_mock_is_asked_to_reset_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-of-mine")
    other = Other()
    with serving(other) as url:
        main(["check", url, "--claims-only"])
    assert "/_mock/reset" not in {path for _, path, _, _ in other.seen}
