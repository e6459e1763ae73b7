"""`mockserver fault`, against a running mock."""

from __future__ import annotations

import json
from itertools import count

import httpx
import pytest

from mockserver import Mock
from mockserver.domain.identifier import account_of
from tests.cli.conftest import Cli

_numbers = count()


@pytest.fixture
def key() -> str:
    return f"sk-fault-{next(_numbers)}"


def usage(mock: Mock, key: str) -> httpx.Response:
    return httpx.get(f"{mock.url}/billing/usage", headers={"x-access-token": key})


def test_fault_is_planned_listed_and_deleted(cli: Cli, mock: Mock, key: str) -> None:
    where = ("--url", mock.url, "--key", key)
    plan = ("--status", "503", "--header", "Retry-After: 2", "--body", '{"success": false}', "--times", "2")
    code, out, err = cli("fault", "plan", *plan, "--path", "/billing/*", "--method", "get", *where)
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["ID", "THEN", "DELAY", "METHOD", "PATH", "KEY", "STRUCK", "REMAINING"]
    name, *rest = row.split()
    assert rest == ["503", "0", "s", "GET", "/billing/*", account_of(key), "0", "2"]
    answer = usage(mock, key)
    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (503, "2", {"success": False})
    assert cli("fault", "list", *where)[1].splitlines()[1].split()[-2:] == ["1", "1"]
    assert cli("fault", "forget", name, "--url", mock.url)[0] == 0
    assert usage(mock, key).status_code == 200
    assert len(cli("fault", "list", *where)[1].splitlines()) == 1


def test_reset_fault_is_planned_by_its_kind(cli: Cli, mock: Mock, key: str) -> None:
    assert cli("fault", "plan", "reset", "--url", mock.url, "--key", key)[0] == 0
    with pytest.raises(httpx.NetworkError):
        usage(mock, key)
    assert usage(mock, key).status_code == 200


def test_fault_with_always_probability_and_delay_is_printed_as_json(cli: Cli, mock: Mock, key: str) -> None:
    flags = ("--times", "always", "--probability", "0.5", "--seed", "7", "--delay", "1m")
    _, out, _ = cli("fault", "plan", "truncate", *flags, "--json", "--url", mock.url, "--key", key)
    fault = json.loads(out)["fault"]
    assert (fault["times"], fault["probability"], fault["seed"], fault["delay"]) == (None, 0.5, 7, 60)
    assert fault["then"] == "truncate"


def test_text_body_is_sent_unchanged_with_its_content_type(cli: Cli, mock: Mock, key: str) -> None:
    answer = ("--status", "502", "--header", "Content-Type: text/html", "--body", "<h1>Bad Gateway</h1>")
    assert cli("fault", "plan", *answer, "--url", mock.url, "--key", key)[0] == 0
    assert usage(mock, key).text == "<h1>Bad Gateway</h1>"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "explode"), "one of reset, truncate, malformed, empty"),
        (("plan", "reset", "--status", "503"), "excludes --status"),
        (("plan", "--body", "{}"), "need --status"),
        (("plan", "--status", "many"), "--status is 'many'; a number"),
        (("plan", "--status", "200", "--header", "x"), "'NAME: VALUE' is needed"),
        (("plan", "503"), "KIND is '503'; one of reset, truncate, malformed, empty, or --status 503, is needed"),
        (("plan", "--status", "200", "--body", "<p>"), "not JSON; to send text, give its Content-Type"),
        (("plan", "reset", "--times", "often"), "--times is 'often'"),
        (("plan", "reset", "--probability", "nan"), "--probability is 'nan'; a number"),
        (("plan", "reset", "--probability", "1e999"), "--probability is '1e999'; a number"),
        (("wreck",), "invalid choice"),
    ],
)
def test_invalid_plan_is_refused_in_one_sentence(cli: Cli, mock: Mock, words: tuple[str, ...], said: str) -> None:
    code, out, err = cli("fault", *words, "--url", mock.url)
    assert (code, out) == (2, "")
    assert said in err


def test_flags_and_arguments_may_come_in_any_order(cli: Cli, mock: Mock, key: str) -> None:
    code, out, err = cli("fault", "--key", key, "plan", "--path", "/x", "reset", "--url", mock.url)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].split()[1] == "reset"


def test_refusal_of_the_mock_is_printed_in_its_words(cli: Cli, mock: Mock) -> None:
    code, _, err = cli("fault", "plan", "--url", mock.url)
    assert code == 1
    assert "neither then nor delay" in err
