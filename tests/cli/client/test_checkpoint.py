"""`mockserver checkpoint`: named states of a running mock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

import pytest

from mockserver import AccountMock, Mock
from tests.cli.conftest import Cli

_numbers = count()


@pytest.fixture
def account(mock: Mock) -> AccountMock:
    return mock.account()


@pytest.fixture
def name(account: AccountMock) -> Iterator[str]:
    """The name of a checkpoint, which is deleted after the test."""
    given = f"before the purchase {next(_numbers)}"
    yield given
    for each in account.control("GET", "/checkpoints")["checkpoints"]:
        if each["name"].startswith(given):
            account.control("DELETE", "/checkpoints", query={"name": each["name"]})


def test_account_is_saved_compared_and_loaded(cli: Cli, account: AccountMock, mock: Mock, name: str) -> None:
    where = ("--url", mock.url, "--key", account.api_key)
    session = account.create(amount=5)
    assert cli("checkpoint", "save", name, *where) == (0, f"saved 1 account as {name}\n", "")
    assert cli("checkpoint", "diff", name, "--url", mock.url) == (0, "no difference\n", "")
    account.pay(session)
    code, out, _ = cli("checkpoint", "diff", name, "--url", mock.url)
    assert (code, "the balance went from 0 credits to 5 credits" in out.splitlines()) == (1, True)
    cli("checkpoint", "save", f"{name} 2", *where)
    assert cli("checkpoint", "diff", name, f"{name} 2", "--url", mock.url)[1] == out
    code, out, _ = cli("checkpoint", "load", name, "--url", mock.url)
    assert (code, out) == (
        0,
        f"loaded {session['account']}: 1 account, 1 session; the journal of what was there before is deleted\n",
    )
    assert account.balance == 0


def test_checkpoints_are_listed_and_deleted(cli: Cli, account: AccountMock, mock: Mock, name: str) -> None:
    session = account.create(amount=5)
    cli("checkpoint", "save", name, "--url", mock.url, "--key", account.api_key)
    code, out, _ = cli("checkpoint", "list", "--url", mock.url)
    assert (code, [session["account"] in line for line in out.splitlines() if name in line]) == (0, [True])
    _, out, _ = cli("checkpoint", "list", "--url", mock.url, "--json")
    assert name in [each["name"] for each in json.loads(out)["checkpoints"]]
    assert cli("checkpoint", "delete", name, "--url", mock.url) == (0, f"deleted {name}\n", "")
    code, _, err = cli("checkpoint", "load", name, "--url", mock.url)
    assert (code, err.startswith(f"mockserver: there is no checkpoint {name!r}")) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["save"], "checkpoint save takes 1 name; 0 were given"),
        (["list", "a"], "checkpoint list takes 0 names; 1 were given"),
        (["diff"], "checkpoint diff takes 1 or 2 names; 0 were given"),
        (["diff", "a", "b", "c"], "checkpoint diff takes 1 or 2 names; 3 were given"),
    ],
)
def test_wrong_number_of_names_is_wrong_usage(cli: Cli, mock: Mock, arguments: list[str], sentence: str) -> None:
    assert cli("checkpoint", *arguments, "--url", mock.url) == (2, "", f"mockserver: {sentence}\n")
