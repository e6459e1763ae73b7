"""The starts in the chapter on states: each row of the table, run as it stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver import running
from mockserver.cli import main
from tests.docs.markdown import MarkdownPage

ROWS: Final = dict(
    re.findall(r"^\| (an? [^|]+) \| (.*mockserver state save.*) \|$", MarkdownPage("docs/control-api.md").text, re.M)
)


def saved_by(row: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The account of the state that the row's commands save."""
    monkeypatch.chdir(folder)
    named = re.search(r"profile `(\w+)`", row)
    with running(store="memory", profile=named[1] if named else "page") as mock:
        monkeypatch.setenv("MOCKSERVER_URL", mock.url)
        for command in re.findall(r"`(mockserver [^`]+)`", row):
            words = shlex.split(command)[1:]
            if "ID" in words:
                words[words.index("ID")] = mock.account("sk-a").sessions[0]["id"]
            assert main(words) == 0, command
    [file] = folder.iterdir()
    [account] = json.loads(file.read_text("utf-8"))["accounts"]
    return dict(account)


def test_subscriber_has_a_plan_and_an_invoice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = saved_by(ROWS["a subscriber with a paid invoice"], tmp_path, monkeypatch)
    assert (account["plan"], len(account["invoices"])) == ("plan-basic", 1)


def test_overdrawn_account_is_below_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = saved_by(ROWS["an overdrawn account"], tmp_path, monkeypatch)
    assert sum(entry["microcredits"] for entry in account["entries"]) < 0


def test_expiring_checkout_is_pending_for_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = saved_by(ROWS["a checkout about to expire"], tmp_path, monkeypatch)
    [session] = account["sessions"]
    assert session["status"] == "pending"
    assert account["clock"]["now"][:16] < session["expires_at"][:16]


def test_every_start_of_the_table_has_a_test() -> None:
    assert len(ROWS) == 3
