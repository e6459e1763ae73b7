"""`serve --state FILE --state-on-exit`."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from mockserver import AccountMock
from mockserver.cli import main
from tests.scenarios.process import serving

KEY = "sk-state-file"


def test_state_lives_on_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    flags = ("--store", "memory", "--quiet", "--state", str(file), "--state-on-exit")
    with serving(tmp_path, *flags) as served:
        account = AccountMock(served.url, api_key=KEY)
        account.pay(account.create(amount=20))
        assert served.interrupt(signal.SIGTERM) == 0
    assert json.loads(file.read_text())["version"] == 1
    with serving(tmp_path, *flags) as served:
        account = AccountMock(served.url, api_key=KEY)
        assert (account.balance, [each["status"] for each in account.sessions]) == (20, ["completed"])
        assert served.interrupt(signal.SIGINT) == 0
    assert [path.name for path in tmp_path.glob("*.json")] == ["state.json"]


@pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="these tests run under nohup")
def test_end_of_the_terminal_leaves_the_state(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with serving(tmp_path, "--store", "memory", "--quiet", "--state", str(file), "--state-on-exit") as served:
        assert served.interrupt(signal.SIGHUP) == 0
    assert json.loads(file.read_text())["version"] == 1


def test_program_that_ignores_the_end_of_the_terminal_goes_on(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; the process inherits it
    try:
        with serving(tmp_path, "--store", "memory", "--quiet") as served:
            served.process.send_signal(signal.SIGHUP)
            assert AccountMock(served.url, api_key=KEY).balance == 0
            assert served.interrupt() == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_interrupt_ends_a_program_in_the_background(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for a program with & behind it
    try:
        with serving(tmp_path, "--store", "memory", "--quiet") as served:
            assert served.interrupt(signal.SIGINT) == 0
    finally:
        signal.signal(signal.SIGINT, before)


def test_state_stays_as_it_is_without_the_flag(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with serving(tmp_path, "--store", "memory", "--quiet", "--state", str(file), "--state-on-exit") as served:
        AccountMock(served.url, api_key=KEY).give(5)
        served.interrupt()
    before = file.read_bytes()
    with serving(tmp_path, "--store", "memory", "--quiet", "--state", str(file)) as served:
        AccountMock(served.url, api_key=KEY).give(5)
        served.interrupt()
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "flags", "sentence"),
    [
        (None, ["--store", "memory", "--state", "state.json"], "cannot be read: no such file or directory"),
        ("{", ["--store", "memory", "--state", "state.json"], "is not JSON"),
        ('{"version": 1, "version": 1}', ["--store", "memory", "--state", "state.json"], 'has the key "version" twice'),
        ('{"version": 2}', ["--store", "memory", "--state", "state.json"], "written by a newer mock"),
        ("{}", ["--store", "sqlite:///mock.db", "--state", "state.json"], "give --store memory"),
        (None, ["--store", "memory", "--state-on-exit"], "state_on_exit needs state, the file to write"),
    ],
)
def test_unusable_state_refuses_the_start_with_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    flags: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("state.json").write_text(content)
    assert main(["serve", "--port", "0", *flags]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert sentence in error
