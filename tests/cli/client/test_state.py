"""`mockserver state`: save, load and diff."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mockserver import Mock
from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def _own_folder(mock: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOCKSERVER_URL", mock.url)


def test_account_is_saved_and_loaded_into_another(cli: Cli, mock: Mock) -> None:
    source = mock.account("sk-cli-state-source")
    source.pay(source.create(amount=20))
    assert cli("state", "save", "start.json", "--key", source.api_key)[1] == "saved 1 account to start.json\n"
    target = mock.account("sk-cli-state-target")
    code, out, _ = cli("state", "load", "start.json", "--key", target.api_key)
    assert (code, ": 1 account, 1 session; the journal of what" in out) == (0, True)
    assert target.balance == 20
    assert [each["status"] for each in target.sessions] == ["completed"]


def test_clock_of_an_older_state_is_behind(cli: Cli, mock: Mock) -> None:
    account = mock.account("sk-cli-state-past")
    account.create(amount=20)
    cli("state", "save", "past.json", "--key", account.api_key)
    state = json.loads(Path("past.json").read_text("utf-8"))
    state["accounts"][0]["clock"]["now"] = "2020-01-01T00:00:00.000Z"
    Path("past.json").write_text(json.dumps(state))
    cli("state", "load", "past.json", "--key", account.api_key)
    shown = cli("clock", "--key", account.api_key)[1]
    assert " 2020-01-01T" in shown
    assert re.search(r", [0-9.]+ s behind real time\n$", shown)


def test_diff_tells_the_changes_and_ends_with_1(cli: Cli, mock: Mock) -> None:
    account = mock.account("sk-cli-state-diff")
    cli("state", "save", "before.json", "--key", account.api_key)
    account.give(5)
    cli("state", "save", "after.json", "--key", account.api_key)
    assert cli("state", "diff", "before.json", "after.json") == (
        1,
        "ledger: +5 credits, grant\nthe balance went from 0 credits to 5 credits\n",
        "",
    )
    assert cli("state", "diff", "before.json", "before.json") == (0, "no difference\n", "")
    code, out, _ = cli("state", "diff", "before.json", "after.json", "--json")
    assert (code, len(json.loads(out)["changes"])) == (1, 2)


@pytest.mark.parametrize(
    ("content", "arguments", "code", "sentence"),
    [
        (None, ["load", "none.json"], 2, "none.json cannot be read: no such file or directory"),
        ("{", ["load", "file.json"], 2, "file.json is not JSON"),
        ("[]", ["load", "file.json"], 2, "file.json is no state of a mock"),
        ('{"version": 1}', ["load", "file.json"], 1, "the state is none that a mock has saved"),
        ('{"version": 9}', ["load", "file.json"], 1, "written by a newer mock"),
        ("{}", ["diff", "file.json", "file.json"], 2, 'file.json: the state is none that a mock has saved: "version"'),
        (
            '{"version": 9}',
            ["diff", "file.json", "file.json"],
            2,
            "file.json: the state has version 9, written by a newer",
        ),
        ("", ["load", "file.json"], 2, "file.json is empty; a JSON text is needed"),
        ('{"version": 1,', ["load", "file.json"], 2, "file.json is not JSON: expecting property name"),
        ('{"version": 1, "version": 1}', ["load", "file.json"], 2, 'file.json has the key "version" twice'),
        ('{"version": NaN}', ["load", "file.json"], 2, "file.json has NaN, which is not a JSON number"),
        ("[" * 100_000, ["load", "file.json"], 2, "file.json is nested deeper than 64 levels"),
        ("\udcff{}", ["load", "file.json"], 2, "file.json is not UTF-8, which it seems to be"),
        ("{}", ["diff", "file.json"], 2, "state diff takes 2 files; 1 were given"),
        ("{}", ["save", "no/such/folder/file.json"], 2, "cannot be written: no such file or directory"),
    ],
)
def test_unusable_file_is_one_sentence(
    cli: Cli, mock: Mock, content: str | None, arguments: list[str], code: int, sentence: str
) -> None:
    if content is not None:
        Path("file.json").write_text(content, "utf-8", "surrogateescape")
    found, out, err = cli("state", *arguments)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert sentence in err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_file_of_another_editor_is_loaded(cli: Cli, mock: Mock, encoding: str) -> None:
    account = mock.account("sk-cli-state-encoding")
    cli("state", "save", "state.json", "--key", account.api_key)
    Path("state.json").write_text(Path("state.json").read_text("utf-8"), encoding)
    assert cli("state", "load", "state.json", "--key", account.api_key)[0] == 0


def test_saved_file_is_replaced_as_a_whole(cli: Cli, mock: Mock) -> None:
    Path("state.json").write_text("old")
    assert cli("state", "save", "state.json", "--key", "sk-cli-state-whole")[0] == 0
    assert json.loads(Path("state.json").read_text())["version"] == 1
    assert sorted(path.name for path in Path().iterdir()) == ["state.json"]
