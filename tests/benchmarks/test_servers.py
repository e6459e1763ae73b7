"""The measured servers: the baseline is fair, and a missing peer is a note."""

from __future__ import annotations

from inspect import getsource
from pathlib import Path

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from benchmarks import bare_app
from benchmarks.__main__ import cases_of, main, named
from benchmarks.rounds import Case
from benchmarks.servers import environment
from benchmarks.workload import Workload
from mockserver.server import Server, request_reader
from mockserver.server.http_protocol import HttpProtocol


def test_baseline_has_the_settings_of_the_mocks_server() -> None:
    mock = Server(bare_app.app, ready=lambda: None).config
    bare = bare_app.config(mock.port)
    different = {name for name, value in vars(mock).items() if getattr(bare, name) != value}
    assert different == {"http", "lifespan"}


def test_baseline_has_the_parser_of_the_mocks_server() -> None:
    bare, mock = bare_app.config(0), Server(bare_app.app, ready=lambda: None).config
    bare.load()
    mock.load()
    assert bare.http_protocol_class is HttpToolsProtocol
    assert mock.http_protocol_class is HttpProtocol
    assert "httptools.HttpRequestParser(" in getsource(request_reader)
    assert bare.get_loop_factory() is mock.get_loop_factory()


def test_cases_measure_all_stores_refusals_and_lists(tmp_path: Path) -> None:
    cases, notes = cases_of(tmp_path, with_peers=False)
    assert [case.workload for case in cases] == [Workload.CHECKOUT] * 5 + [Workload.REFUSED, Workload.LIST]
    assert [case.is_refused for case in cases] == [False] * 5 + [True, False]
    assert notes == []


def test_word_selects_the_measured_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases, _ = cases_of(tmp_path, with_peers=False)
    assert [case.name for case in named(cases, "postgresql")] == [
        "bare app, PostgreSQL: an insert and commit",
        "mock, PostgreSQL",
    ]
    assert named(cases, "") == cases
    assert main(["--only", "Oracle"]) == 2
    assert "no row has the word 'Oracle'; rows are: bare ASGI app, mock, SQLite, " in capsys.readouterr().err


def test_peer_without_node_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    cases, notes = cases_of(tmp_path, with_peers=True)
    assert all(isinstance(case, Case) and case.name != "Prism" for case in cases)
    assert notes == ["Prism was not measured: it needs Node with npm."]


def test_settings_of_the_caller_do_not_reach_the_measured_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_LATENCY", "1s")
    assert "MOCKSERVER_LATENCY" not in environment()
