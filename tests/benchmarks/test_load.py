"""wrk's output, and the requests that it sends."""

from __future__ import annotations

import re
import shutil
import socketserver
import threading
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, Final

import pytest

from benchmarks.load import WRK, Load, LoadError, parse_load, require_answers, run_load
from benchmarks.workload import Workload

OUTPUT: Final = """Running 3s test @ http://127.0.0.1:8765/
  1 threads and 16 connections
  Latency Distribution
     50%    1.84ms
     99%    3.80ms
Requests/sec:   7815.07

{"requests": 23445, "microseconds": 3000000, "p99_microseconds": 3800, "refused": 0, "socket_errors": 0}
"""
LOAD: Final = Load(23_445, 3_000_000, 3_800, 0, 0)


def test_output_of_wrk_is_parsed() -> None:
    assert parse_load(OUTPUT) == LOAD
    assert LOAD.per_second == pytest.approx(7815)


def test_output_without_a_result_is_an_error_with_the_output() -> None:
    with pytest.raises(LoadError, match="no result: unable to connect"):
        parse_load("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_accepted_answers_are_expected() -> None:
    require_answers(LOAD, Workload.CHECKOUT, is_refused=False)
    with pytest.raises(LoadError, match="checkout: 23445 answers, 1 of them refused"):
        require_answers(replace(LOAD, refused=1), Workload.CHECKOUT, is_refused=False)


def test_refused_answers_are_expected_from_a_server_that_refuses() -> None:
    require_answers(replace(LOAD, refused=LOAD.requests), Workload.REFUSED, is_refused=True)
    with pytest.raises(LoadError, match="23445 refused answers"):
        require_answers(LOAD, Workload.REFUSED, is_refused=True)


@pytest.mark.parametrize("change", [{"socket_errors": 1}, {"requests": 0}])
def test_load_with_a_broken_connection_or_no_answer_is_an_error(change: dict[str, int]) -> None:
    with pytest.raises(LoadError):
        require_answers(replace(LOAD, **change), Workload.LIST, is_refused=False)


class _Recorder(socketserver.BaseRequestHandler):
    """A connection that answers each read, and keeps the bytes."""

    received: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        with suppress(ConnectionError):
            while data := self.request.recv(65_536):
                self.received.append(data)
                self.request.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@pytest.mark.skipif(shutil.which(WRK) is None, reason="wrk is not installed; tools/wrk.sh installs it")
def test_two_loads_have_no_body_in_common_and_many_keys() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Recorder) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for _ in range(2):
            run_load(server.server_address[1], Workload.CHECKOUT, seconds=1, is_refused=False)
        server.shutdown()
    received = b"".join(_Recorder.received)
    bodies = re.findall(rb"\{[^}]*\}", received)
    assert len(bodies) == len(set(bodies)) > 100
    assert len(set(re.findall(rb"sk-bench-\d+", received))) > 50
