"""A store that is gone or damaged is noticed at the next request: 503, and one line of the log says what to do."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

import mockserver

KEY = {"x-access-token": "sk-lost"}


def remove(file: Path) -> None:
    for each in file.parent.glob("mock.db*"):
        each.unlink()


def replace(file: Path) -> None:
    remove(file)
    sqlite3.connect(file).close()
    file.touch()


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    "deleted": (remove, "is gone; restart the mock"),
    "replaced": (replace, "was replaced by another file; restart the mock"),
}


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.exc_info for record in errors] == [None] * len(errors)
    return [record.getMessage() for record in errors]


@pytest.mark.parametrize("harm", HARM)
def test_lost_store_is_a_503_and_one_line_of_the_log(
    harm: str, tmp_path: Path, sqlite: str, caplog: pytest.LogCaptureFixture
) -> None:
    with mockserver.running(store=sqlite) as mock, httpx.Client(base_url=mock.url, headers=KEY) as client:
        assert client.post("/billing/checkout", json={"amount": 5}).status_code == 200
        do_harm, sentence = HARM[harm]
        do_harm(tmp_path / "mock.db")
        answers = [client.get("/billing/checkouts") for _ in range(3)]
        answers += [client.post("/billing/checkout", json={"amount": 5}), client.get("/_mock/accounts")]
        answers += [client.get("/_mock/health")]
        for answer in answers:
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.json()["error_code"] == "store_unavailable"
            assert sentence in answer.json()["message"]
        assert client.get("/_mock/live").status_code == 200
    assert [sentence in line for line in lines_of(caplog)] == [True]


def test_damaged_store_is_a_503_and_one_line_of_the_log(
    tmp_path: Path, sqlite: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "mock.db"
    with mockserver.running(store=sqlite) as mock, httpx.Client(base_url=mock.url, headers=KEY) as client:
        for _ in range(200):
            client.post("/billing/checkout", json={"amount": 5})
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        [root] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sessions'").fetchone()
    db.close()
    with file.open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(b"\xff" * 4096)
    with mockserver.running(store=sqlite) as mock, httpx.Client(base_url=mock.url, headers=KEY) as client:
        for answer in (client.get("/billing/checkouts"), client.post("/billing/checkout", json={"amount": 5})):
            assert answer.status_code == 503
            assert "cannot be used (database disk image is malformed)" in answer.json()["message"]
    assert ["malformed" in line for line in lines_of(caplog)] == [True]
