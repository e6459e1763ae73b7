"""`mockserver create`, and the question of `mockserver reset`."""

from __future__ import annotations

import io
import json
import sys
import webbrowser

import pytest

from mockserver import Mock, running
from tests.cli.conftest import Cli


class Terminal(io.StringIO):
    """Standard input at a terminal."""

    def isatty(self) -> bool:
        return True


def test_created_session_is_printed_with_its_page(cli: Cli, mock: Mock) -> None:
    code, out, err = cli("create", "--amount", "7", "--key", "sk-create", "--url", mock.url)
    name, page = out.split()[0], out.split()[-1]
    assert (code, err) == (0, "")
    assert out == f"{name} is pending\nthe buyer pays at {page}\n"
    assert page == f"{mock.url}/c/pay/{name}"
    assert cli("sessions", "--key", "sk-create", "--url", mock.url)[1].splitlines()[1].split()[:3] == [
        name,
        "pending",
        "7",
    ]


@pytest.mark.parametrize(
    ("flags", "mode", "amount"),
    [([], "payment", 50), (["--plan", "plan-basic"], "subscription", 20), (["--amount", "9"], "payment", 9)],
)
def test_session_of_each_kind_is_created(cli: Cli, mock: Mock, flags: list[str], mode: str, amount: int) -> None:
    urls = ["--success-url", "https://shop.example/ok", "--cancel-url", "https://shop.example/no"]
    _, out, _ = cli("create", *flags, *urls, "--json", "--url", mock.url)
    session = json.loads(out)["session"]
    assert (session["mode"], session["amount"]) == (mode, amount)
    assert session["success_url"] == "https://shop.example/ok"


def test_created_session_is_opened(cli: Cli, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    _, out, _ = cli("create", "--open", "--url", mock.url)
    assert opened == [out.split()[-1]]


def test_session_is_created_in_every_profile(cli: Cli) -> None:
    for profile in ("openapi", "python-sample", "javascript-sample"):
        with running(profile=profile) as other:
            assert cli("create", "--url", other.url)[0] == 0


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--amount", "0"], 1, "amount is 0; at least 1 is needed (status 400)"),
        (["--amount", "x"], 2, "--amount is 'x'; a number is needed"),
        (["--key", "secret"], 1, "(status 401)"),
    ],
)
def test_refused_order_is_one_sentence(cli: Cli, mock: Mock, flags: list[str], code: int, words: str) -> None:
    ended, out, err = cli("create", *flags, "--url", mock.url)
    assert (ended, out) == (code, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("yes\n", 0), ("n\n", 2), ("\n", 2), ("", 2)])
def test_reset_of_everything_asks_on_a_terminal(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    with running() as mock:
        cli("create", "--url", mock.url)
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        ended, _, err = cli("reset", "--url", mock.url)
        assert ended == code
        assert err.startswith(f"Delete the data of all accounts of the mock at {mock.url}? [y/N] ")
        left = json.loads(cli("sessions", "--json", "--url", mock.url)[1])["sessions"]
        assert len(left) == (0 if code == 0 else 1)


@pytest.mark.parametrize("flags", [["--yes"], ["--key", "sk-demo"]])
def test_reset_on_a_terminal_does_not_ask_if_told(
    cli: Cli, mock: Mock, monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert cli("reset", *flags, "--url", mock.url)[::2] == (0, "")


def test_requests_are_filtered_by_method_path_and_status(cli: Cli) -> None:
    with running() as mock:
        cli("create", "--url", mock.url)
        cli("create", "--amount", "0", "--url", mock.url)

        def paths(*flags: str) -> list[str]:
            _, out, _ = cli("requests", *flags, "--url", mock.url)
            return [line.split()[3] for line in out.splitlines()[1:]]

        assert paths() == ["400", "200"]
        assert paths("--status", "400", "--path", "/billing/*", "--method", "post") == ["400"]
        assert paths("--method", "GET") == paths("--path", "/nothing") == []
