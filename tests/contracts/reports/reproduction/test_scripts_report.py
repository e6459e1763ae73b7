"""The folder of scripts: one for each finding."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.reports.reproduction.scripts_report import ScriptsReport
from mockserver_contracts.results.curl import ApiKey, curl_line
from mockserver_contracts.results.events import FindingReported

from tests.contracts.reports.runs import a_finding, a_hostile_run, a_record
from tests.contracts.runs import KEY
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import serving


def reported(body: bytes, url: str = "http://127.0.0.1:1") -> FindingReported:
    headers = {"x-access-token": KEY, "content-type": "application/json"}
    finding, key = a_finding(request=Request("POST", f"{url}/a", headers, body)), ApiKey(KEY, "THE_KEY")
    whole, short = (curl_line(finding.request, key, body_file=file) for file in (None, f"{finding.id}.body"))
    return FindingReported(finding, whole, short)


def written(folder: Path, *events: FindingReported) -> list[str]:
    report = ScriptsReport(folder, a_record(()))
    for event in events:
        report.handle(event)
    report.close()
    return sorted(file.name for file in folder.iterdir())


def test_short_request_is_a_shell_script_of_its_own(tmp_path: Path) -> None:
    event = reported(b'{"amount": 1}')
    assert written(tmp_path / "scripts", event) == [f"{event.finding.id}.sh"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("body", [b'{"amount": 1}', b"x" * 5_000, b"\x00\xff\r\n'" * 900])
def test_script_sends_the_body_as_it_was_from_any_folder(tmp_path: Path, body: bytes) -> None:
    other = Other()
    with serving(other) as url:
        event = reported(body, url)
        written(tmp_path / "scripts", event)
        script = tmp_path / "scripts" / f"{event.finding.id}.sh"
        environment = {**os.environ, "THE_KEY": "sk-real"}
        subprocess.run([str(script)], check=True, capture_output=True, env=environment, timeout=10, cwd=tmp_path)
    [(_, _, received, seen)] = other.seen
    assert received == body
    assert seen["x-access-token"] == "sk-real"


def test_long_body_has_a_file_beside_the_script(tmp_path: Path) -> None:
    event = reported(b"x" * 5_000)
    assert written(tmp_path, event) == [f"{event.finding.id}.body", f"{event.finding.id}.sh"]
    assert len((tmp_path / f"{event.finding.id}.sh").read_bytes()) < 1_000


def test_finding_of_state_is_a_python_script(tmp_path: Path) -> None:
    turn = (Exchange(a_finding().request, Response(200, {})),)
    finding = a_finding(steps=(turn, turn))
    assert written(tmp_path, FindingReported(finding, "curl x", "curl x", "print(1)\n")) == [f"{finding.id}.py"]


def test_no_file_holds_the_key_and_no_text_of_a_server_is_a_command(tmp_path: Path) -> None:
    events = [event for event in a_hostile_run() if isinstance(event, FindingReported)]
    evil = a_finding(title="x\ntouch evil", expected="a\r\nb", actual=KEY)
    written(tmp_path, *events, FindingReported(evil, "true", "true"))
    text = "".join(file.read_text("latin-1") for file in tmp_path.iterdir())
    assert KEY not in text
    assert all(line.startswith("#") for line in text.splitlines() if "touch" in line)
