"""`mockserver doctor`: a line for each check, an exit code, and no change."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import metadata
from pathlib import Path

import pytest

from mockserver import running
from mockserver.cli.doctor.installation import DEVELOPMENT
from tests.cli.conftest import Cli
from tests.contracts.servers.local import closed_port, raw_server

EXTRAS = set(metadata("videodb-mockserver").get_all("Provides-Extra") or ()) - DEVELOPMENT
INSTALLATION = ["python", "packages", *("extra" for _ in EXTRAS)]
SUBJECTS = [*INSTALLATION, "settings", "store", "port", "document", "key"]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-demo")


def levels(output: str) -> dict[str, str]:
    """The level of each subject of the JSON output; the last one of a subject counts."""
    return {check["subject"]: check["level"] for check in json.loads(output)["checks"]}


def test_healthy_machine_has_a_line_for_each_check_and_exit_code_0(cli: Cli) -> None:
    code, out, err = cli("doctor", "--port", "0", "--store", "memory")
    assert (code, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()] == [["ok", subject] for subject in SUBJECTS]


def test_json_has_the_same_checks(cli: Cli) -> None:
    code, out, _ = cli("doctor", "--port", "0", "--store", "memory", "--json")
    result = json.loads(out)
    assert (code, result["ok"]) == (0, True)
    assert [check["subject"] for check in result["checks"]] == SUBJECTS
    assert all(check.keys() == {"subject", "level", "fact", "advice"} for check in result["checks"])


def test_doctor_creates_and_changes_no_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    (tmp_path / "shop.yaml").write_text("openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {/x: {get: {}}}\n")
    before = sorted(tmp_path.rglob("*"))
    assert cli("doctor", "--port", "0", "--spec", "shop.yaml")[0] == 0
    assert cli("doctor", "--port", "0", "--store", "sqlite:///new/mock.db")[0] == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_settings_come_from_flags_variables_and_a_file(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mockserver.toml").write_text('store = "sqlite:///from_file.db"\n')
    monkeypatch.setenv("MOCKSERVER_PORT", "0")
    _, out, _ = cli("doctor", "--profile", "openapi")
    assert "from_file.db is created" in out
    assert "picks a free port" in out
    assert "profile openapi" in out


def test_invalid_setting_is_wrong_and_the_other_checks_go_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_PORT", "abc")
    code, out, _ = cli("doctor")
    assert code == 1
    assert "wrong  settings   MOCKSERVER_PORT is 'abc'; a number from 0 to 65535 is needed\n" in out
    assert [line.split()[1] for line in out.splitlines()] == [*INSTALLATION, "settings", "key"]


def test_mistyped_variable_is_a_note_with_a_suggestion(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_STOER", "memory")
    monkeypatch.setenv("MOCKSERVER_URL", "http://127.0.0.1:8765")
    code, out, _ = cli("doctor", "--port", "0", "--store", "memory")
    [note] = [line for line in out.splitlines() if line.startswith("note")]
    assert code == 0
    assert note.split(maxsplit=2)[1:] == [
        "settings",
        "MOCKSERVER_STOER is set, and no setting has that name; did you mean MOCKSERVER_STORE?",
    ]


def test_running_mock_is_a_note_for_its_port_and_its_store(cli: Cli, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'mock.db'}"
    with running(store=store) as mock:
        code, out, _ = cli("doctor", "--port", mock.url.rpartition(":")[2], "--store", store)
        assert cli("health", "--url", mock.url)[0] == 0
    assert code == 0
    assert f"note   port       a mock answers at {mock.url}: version " in out
    assert f"note   store      the store {tmp_path / 'mock.db'} is in use by a running server; to serve" in out


def test_mock_without_its_store_is_wrong(cli: Cli, tmp_path: Path) -> None:
    with running(store=f"sqlite:///{tmp_path / 'mock.db'}") as mock:
        (tmp_path / "mock.db").unlink()
        code, out, _ = cli("doctor", "--port", mock.url.rpartition(":")[2], "--store", "memory")
    assert code == 1
    assert f"wrong  port       the store of the mock at {mock.url} is unavailable: " in out


def test_other_server_on_the_port_is_wrong(cli: Cli) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")

    with raw_server(talk) as url:
        code, out, _ = cli("doctor", "--port", url.rpartition(":")[2], "--store", "memory")
    assert code == 1
    assert f"wrong  port       another server has the port: the server at {url} is not a mock" in out
    assert "--port 0 picks a free one" in out


def test_other_program_on_the_port_is_wrong(cli: Cli) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 smtp.example\r\n")

    with raw_server(talk) as url:
        port = url.rpartition(":")[2]
        code, out, _ = cli("doctor", "--port", port, "--store", "memory")
    assert code == 1
    assert f"wrong  port       cannot listen at 127.0.0.1, port {port}: address already in use; --port 0" in out


def test_newer_store_is_wrong_with_advice(cli: Cli, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'mock.db'}"
    with running(store=store):
        pass
    with closing(sqlite3.connect(tmp_path / "mock.db", isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    code, out, _ = cli("doctor", "--port", "0", "--store", store)
    assert code == 1
    assert "written by a newer mockserver" in out
    assert "update the mock, or give --store another address" in out


def test_unusable_document_is_wrong(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("openapi: [")
    code, out, _ = cli("doctor", "--port", "0", "--store", "memory", "--spec", "bad.yaml", "--json")
    assert (code, levels(out)["document"]) == (1, "wrong")
    assert "bad.yaml" in out


def test_deviation_of_a_document_is_a_note(cli: Cli, tmp_path: Path) -> None:
    text = "openapi: 3.0.3\ninfo: {title: a}\npaths:\n  /x: {get: {responses: {200: {description: a}}}}\n"
    (tmp_path / "shop.yaml").write_text(text)
    code, out, _ = cli("doctor", "--port", "0", "--store", "memory", "--spec", "shop.yaml", "--json")
    assert (code, levels(out)["document"]) == (0, "note")
    assert "the document is served all the same" in out


def test_target_is_reached_by_one_get_without_a_key(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heads.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")

    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-of-somebody")
    with raw_server(talk) as url:
        code, out, _ = cli("doctor", "--port", "0", "--store", "memory", "--target", url)
    assert (code, out.splitlines()[-1].split()[:2]) == (0, ["ok", "target"])
    [head] = heads
    assert head.startswith(b"GET /_mock/health HTTP/1.1\r\n")
    assert b"sk-of" not in head


def test_target_that_nobody_serves_is_wrong(cli: Cli) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    code, out, _ = cli("doctor", "--port", "0", "--store", "memory", "--target", url)
    assert code == 1
    assert f"wrong  target     nothing answers at {url} (connection refused); start it" in out


@pytest.mark.parametrize(
    ("library", "flags", "subject"),
    [("uvicorn", ["--store", "memory"], "port"), ("jsonschema_rs", [], "document")],
)
def test_missing_library_is_a_line_and_no_traceback(library: str, flags: list[str], subject: str) -> None:
    program = (
        "import sys; sys.modules[sys.argv[1]] = None; from mockserver.cli import main; sys.exit(main(sys.argv[2:]))"
    )
    command = [sys.executable, "-c", program, library, "doctor", "--port", "0", *flags]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    wrong = [line for line in run.stdout.splitlines() if line.startswith("wrong")]
    assert any(line.split()[1] == subject and library in line for line in wrong), run.stdout


def test_invalid_target_is_wrong_usage(cli: Cli) -> None:
    code, out, err = cli("doctor", "--target", "staging")
    assert (code, out) == (2, "")
    assert err.startswith("mockserver: --target is 'staging'; an address such as")


def test_every_flag_of_serve_is_a_flag_of_the_doctor(cli: Cli) -> None:
    serve, doctor = cli("serve", "--help")[1], cli("doctor", "--help")[1]
    flags = {word.strip("[],") for word in serve.split() if word.startswith("--")} - {"--defect"}
    assert len(flags) > 15
    assert [flag for flag in flags if flag not in doctor] == []
