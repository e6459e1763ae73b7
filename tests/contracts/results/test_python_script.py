"""The script of a finding of state runs on any server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mockserver_contracts.defects import with_defects
from mockserver_contracts.defects.registry import find_defects
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.results.captures import find_captures
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.python_script import python_script

from mockserver import Settings, create_app
from tests.contracts.reports.runs import a_finding
from tests.contracts.servers.local import serving

BASE = "http://127.0.0.1:1"
KEY = ApiKey("sk-secret", "THE_KEY", stand_in="sk-check")
JSON = {"content-type": "application/json"}
ID = "cs_test_0123456789"


def an_exchange(method: str, path: str, body: bytes = b"", answer: bytes = b"{}", status: int = 200) -> Exchange:
    headers = {"x-access-token": "sk-secret-7", **JSON} if path.startswith("/billing") else JSON
    return Exchange(Request(method, BASE + path, headers, body), Response(status, JSON, answer))


ORDER = an_exchange("POST", "/billing/checkout", b'{"amount": 50}', f'{{"data": {{"id": "{ID}"}}}}'.encode())
PAY = an_exchange("POST", f"/_mock/sessions/{ID}/pay", b"{}")
PAID_TWICE = a_finding(steps=((ORDER,), (PAY,), (PAY,)), expected="a refusal (4xx)", actual="200")


def run_script(finding: Finding, folder: Path, target: str) -> list[str]:
    file = folder / "script.py"
    file.write_text(python_script(finding, BASE, KEY), "utf-8")
    environment = {**os.environ, "PYTHONWARNINGS": "error::SyntaxWarning"}
    done = subprocess.run(
        [sys.executable, str(file), target], check=True, capture_output=True, text=True, env=environment, timeout=30
    )
    return done.stdout.splitlines()


def test_id_of_an_answer_is_captured_where_a_later_request_repeats_it() -> None:
    [capture] = find_captures(PAID_TWICE.steps)
    assert (capture.turn, capture.answer, capture.path, capture.value) == (0, 0, ("data", "id"), ID)


@pytest.mark.parametrize(("defects", "second"), [((), 409), (("paying-again-credits-again",), 200)])
def test_script_shows_the_status_of_each_step_beside_the_one_seen(
    tmp_path: Path, defects: tuple[str, ...], second: int
) -> None:
    application = with_defects(create_app(Settings(store="memory")), find_defects(defects))
    with serving(application) as url:
        lines = run_script(PAID_TWICE, tmp_path, url)
    assert [line[:16] for line in lines[:3]] == ["200 (seen: 200) ", "200 (seen: 200) ", f"{second} (seen: 200) "]
    assert lines[-2:] == ["expected: a refusal (4xx)", "seen:     200"]


def test_requests_at_the_same_time_are_sent_at_the_same_time(tmp_path: Path) -> None:
    finding = a_finding(steps=((ORDER,), (PAY,) * 4))
    with serving(create_app(Settings(store="memory"))) as url:
        lines = run_script(finding, tmp_path, url)
    assert sorted(line[:3] for line in lines[1:5]) == ["200", "409", "409", "409"]
    assert "at_once(" in python_script(finding, BASE, KEY)


def test_script_holds_neither_the_key_nor_an_id_of_the_run() -> None:
    script = python_script(PAID_TWICE, BASE, KEY)
    assert "sk-secret" not in script
    assert ID not in script
    assert "KEY + '-7'" in script


def test_same_request_many_times_is_a_loop() -> None:
    usage = an_exchange("GET", "/billing/usage")
    script = python_script(a_finding(steps=((usage,),) * 30), BASE, KEY)
    assert "for _ in range(30):" in script
    assert script.count("send('GET'") == 1


@pytest.mark.parametrize("body", [b"\x00\xff'\"\\\n", "日本".encode(), b'"""'])
def test_any_bytes_of_a_body_are_sent_as_they_were(tmp_path: Path, body: bytes) -> None:
    seen: list[bytes] = []

    async def remember(scope: object, receive: object, send: object) -> None:
        message = await receive()  # type: ignore[operator]
        seen.append(message.get("body", b""))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    with serving(remember) as url:
        run_script(a_finding(steps=((an_exchange("POST", "/billing/topup", body),),)), tmp_path, url)
    assert seen == [body]


@pytest.mark.parametrize("text", ["'''", '"""', "{x}", "\\", "\n", "\ud800", "\u202e"])
def test_texts_of_a_server_cannot_leave_their_string(text: str) -> None:
    finding = a_finding(steps=((ORDER,),), title=text, expected=text, actual=text)
    compile(python_script(finding, BASE, KEY), "script", "exec")
