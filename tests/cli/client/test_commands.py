from __future__ import annotations

import json
import socket
from itertools import count
from pathlib import Path

import httpx
import pytest

from mockserver import Mock
from mockserver.domain.identifier import account_of, key_hint
from tests.cli.conftest import Cli
from tests.web.control.journal.har_format import har_faults

_numbers = count()


@pytest.fixture
def key() -> str:
    return f"sk-cli-{next(_numbers)}"


def created(mock: Mock, key: str, **fields: object) -> str:
    body = {"amount": 50, **fields}
    answer = httpx.post(f"{mock.url}/billing/checkout", json=body, headers={"x-access-token": key})
    name: str = answer.json()["id"]
    return name


def test_sessions_lists_sessions_of_a_key(cli: Cli, mock: Mock, key: str) -> None:
    name = created(mock, key)
    code, out, err = cli("sessions", "--url", mock.url, "--key", key)
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["ID", "STATUS", "AMOUNT", "CREDITS", "ACCOUNT", "CREATED"]
    assert row.split()[:5] == [name, "pending", "50", "50", account_of(key)]


def test_accounts_are_listed_and_named(cli: Cli, mock: Mock, key: str) -> None:
    created(mock, key)
    code, out, err = cli("accounts", "--url", mock.url, "--key", key, "--name", "My shop")
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["ID", "KEY", "NAME", "BALANCE", "SESSIONS", "LAST", "ACTIVITY"]
    assert row.split()[:6] == [account_of(key), key_hint(key), "My", "shop", "0", "1"]
    named = json.loads(cli("accounts", "--url", mock.url, "--key", key, "--json")[1])
    assert [each["name"] for each in named["accounts"]] == ["My shop"]
    found = json.loads(cli("accounts", "--url", mock.url, "--search", account_of(key)[5:], "--json")[1])
    assert [each["id"] for each in found["accounts"]] == [account_of(key)]
    assert cli("accounts", "--url", mock.url, "--key", key, "--no-name")[1].splitlines()[1].split()[2] == "-"


def test_name_of_no_account_is_wrong_usage(cli: Cli, mock: Mock) -> None:
    code, _, err = cli("accounts", "--url", mock.url, "--name", "My shop")
    assert (code, err) == (2, "mockserver: a name belongs to one account; --key names it\n")


def test_sessions_filters_by_status_and_limit_as_json(cli: Cli, mock: Mock, key: str) -> None:
    names = [created(mock, key) for _ in range(3)]
    cli("pay", names[0], "--url", mock.url)
    _, out, _ = cli("sessions", "--url", mock.url, "--key", key, "--status", "pending", "--limit", "1", "--json")
    assert [session["id"] for session in json.loads(out)["sessions"]] == [names[2]]


def test_pay_prints_new_state_of_session(cli: Cli, mock: Mock, key: str) -> None:
    name = created(mock, key, success_url="https://shop.example/ok?s={CHECKOUT_SESSION_ID}")
    assert cli("pay", name, "--url", mock.url) == (
        0,
        f"{name} is completed\nthe buyer goes to https://shop.example/ok?s={name}\n",
        "",
    )


def test_refusal_is_one_sentence_and_exits_with_1(cli: Cli, mock: Mock, key: str) -> None:
    name = created(mock, key)
    code, out, err = cli("pay", name, "--card", "4000000000000002", "--url", mock.url)
    assert (code, out) == (1, "")
    assert err == "mockserver: Your card was declined. (card_declined)\n"


def test_cancel_leaves_session_open_and_expire_ends_it(cli: Cli, mock: Mock, key: str) -> None:
    name = created(mock, key)
    assert cli("cancel", name, "--url", mock.url)[1] == f"{name} is pending\n"
    assert cli("expire", name, "--url", mock.url)[1] == f"{name} is expired\n"
    assert cli("expire", name, "--url", mock.url)[0] == 1


def test_clock_is_printed_and_moved(cli: Cli, mock: Mock, key: str) -> None:
    common = ("--url", mock.url, "--key", key)
    assert cli("clock", *common)[1].endswith(", 0 s ahead of real time\n")
    assert "86400 s ahead" in cli("clock", "advance", "24h", *common)[1]
    assert "2090-01-01T00:00:0" in cli("clock", "set", "2090-01-01T00:00:00Z", *common)[1]
    assert "is frozen at 2090" in cli("clock", "freeze", *common)[1]
    assert json.loads(cli("clock", "unfreeze", "--json", *common)[1])["frozen"] is False
    assert cli("clock", "set", "2030-01-01T00:00:00Z", *common)[0] == 1
    assert cli("clock", "reset", *common)[1].endswith(", 0 s ahead of real time\n")


@pytest.mark.parametrize("words", [["advance"], ["set"], ["freeze", "24h"], ["reset", "now"], ["jump"]])
def test_wrong_clock_command_is_refused_before_sending(cli: Cli, words: list[str]) -> None:
    code, _, err = cli("clock", *words, "--url", "http://127.0.0.1:1")
    assert code == 2
    assert err.startswith("mockserver: ")


def test_credits_are_added_to_an_account(cli: Cli, mock: Mock, key: str) -> None:
    assert cli("credits", key, "100", "--url", mock.url)[1] == "the balance is 100 credits\n"
    assert cli("credits", key, "2.5", "--url", mock.url)[1] == "the balance is 102.5 credits\n"
    assert cli("credits", key, "many", "--url", mock.url)[0] == 2
    assert cli("credits", key, "0", "--url", mock.url)[0] == 1


def test_requests_lists_requests_with_contract_verdict(cli: Cli, mock: Mock, key: str) -> None:
    created(mock, key)
    httpx.post(f"{mock.url}/billing/checkout", json={"amount": "x"}, headers={"x-access-token": key}, timeout=30)
    _, out, _ = cli("requests", "--url", mock.url, "--key", key, "--limit", "2")
    _, refused, good = out.splitlines()
    assert "400" in refused
    assert refused.endswith("request broke it")
    assert good.endswith("kept")
    _, out, _ = cli("requests", "--url", mock.url, "--key", key, "--json")
    assert len(json.loads(out)["requests"]) == 2


@pytest.mark.parametrize(
    ("flags", "statuses"),
    [
        (["--violations"], [400]),
        (["--no-violations"], [200, 200]),
        (["--notes"], [200]),
        (["--faults"], []),
        (["--operation", "POST /billing/checkout", "--no-notes"], [400, 200]),
        (["--before", "1"], []),
    ],
)
def test_requests_of_a_kind_are_listed(cli: Cli, mock: Mock, key: str, flags: list[str], statuses: list[int]) -> None:
    for body in ({"amount": 50}, {"amount": "x"}, {"amount": 50, "sucess_url": "https://a.example"}):
        httpx.post(f"{mock.url}/billing/checkout", json=body, headers={"x-access-token": key}, timeout=30)
    _, out, err = cli("requests", "--url", mock.url, "--key", key, "--json", *flags)
    assert ([exchange["status"] for exchange in json.loads(out)["requests"]], err) == (statuses, "")


def test_requests_are_exported_as_an_archive(cli: Cli, mock: Mock, key: str, tmp_path: Path) -> None:
    created(mock, key)
    httpx.post(f"{mock.url}/billing/checkout", json={"amount": "x"}, headers={"x-access-token": key}, timeout=30)
    file = tmp_path / "all.har"
    flags = ["requests", "--url", mock.url, "--key", key, "--har", str(file)]
    assert cli(*flags) == (0, f"saved 2 requests to {file}\n", "")
    archive = json.loads(file.read_text("utf-8"))
    assert har_faults(archive) == []
    assert [entry["response"]["status"] for entry in archive["log"]["entries"]] == [200, 400]
    assert json.loads(cli(*flags, "--violations", "--json")[1]) == {"saved": str(file), "requests": 1}
    assert len(json.loads(file.read_text("utf-8"))["log"]["entries"]) == 1

    code, out, err = cli(*flags[:-1], str(tmp_path / "nowhere" / "all.har"))
    assert (code, out) == (2, "")
    assert "cannot be written" in err


def test_reset_deletes_one_account(cli: Cli, mock: Mock, key: str) -> None:
    created(mock, key)
    assert cli("reset", "--url", mock.url, "--key", key)[1] == f"reset: {account_of(key)}\n"
    assert len(cli("sessions", "--url", mock.url, "--key", key)[1].splitlines()) == 1


def test_missing_mock_exits_with_3_and_one_sentence(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        code, out, err = cli("sessions", "--url", f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert (code, out) == (3, "")
    assert err.startswith("mockserver: no mock answers at http://127.0.0.1:")
    assert "`mockserver serve` starts one" in err


@pytest.mark.parametrize("url", ["nonsense", "ftp://x", "http://[", ""])
def test_invalid_address_exits_with_2(cli: Cli, url: str) -> None:
    code, _, err = cli("sessions", "--url", url)
    assert code == 2
    assert "an address such as" in err


def test_session_id_with_odd_characters_is_escaped_and_not_found(cli: Cli, mock: Mock) -> None:
    for name in ("../../reset", "a/b", "?x", "%2e%2e"):
        code, _, err = cli("expire", name, "--url", mock.url)
        assert code == 1, name
        assert "not_found" in err


def test_usage_consumes_credits_and_prints_balance(cli: Cli, mock: Mock, key: str) -> None:
    cli("credits", key, "10", "--url", mock.url)
    code, out, err = cli("usage", key, "3.5", "--category", "indexing", "--url", mock.url)
    assert (code, out, err) == (0, "the balance is 6.5 credits; 3.5 were used this month\n", "")
    _, out, _ = cli("usage", key, "1", "--url", mock.url, "--json")
    assert json.loads(out)["usage"]["breakdown"] == {"indexing": 3.5, "other": 1}
    code, out, err = cli("usage", key, "100", "--url", mock.url)
    assert (code, out) == (1, "")
    assert "insufficient_credits" in err


def test_usage_consumes_units_of_a_resource(cli: Cli, mock: Mock, key: str) -> None:
    cli("credits", key, "10", "--url", mock.url)
    code, out, err = cli("usage", key, "--resource", "transcription", "--units", "120", "--url", mock.url)
    assert (code, out, err) == (0, "the balance is 8.8 credits; 1.2 were used this month\n", "")
    code, out, err = cli("usage", key, "--resource", "scene", "--units", "1", "--url", mock.url)
    assert (code, out) == (1, "")
    assert "--price NAME=CREDITS" in err


@pytest.mark.parametrize(
    "arguments",
    [(), ("--resource", "llm"), ("--units", "1"), ("5", "--resource", "llm", "--units", "1"), ("--category", "x")],
)
def test_usage_needs_credits_or_units(cli: Cli, mock: Mock, key: str, arguments: tuple[str, ...]) -> None:
    code, _, err = cli("usage", key, *arguments, "--url", mock.url)
    assert code == 2
    assert "give N credits" in err


def test_foreign_characters_do_not_reach_the_terminal(cli: Cli, mock: Mock, key: str) -> None:
    httpx.get(f"{mock.url}/%1b%5b31m%07%0a%c2%9b%e2%80%ae", headers={"x-access-token": key})
    for flags in ([], ["--json"]):
        _, out, _ = cli("requests", "--url", mock.url, "--key", key, *flags)
        assert out.replace("\n", "").isprintable()
        assert "31m" in out
