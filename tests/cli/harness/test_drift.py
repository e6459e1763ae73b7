"""`mockserver drift`, from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from mockserver.cli import main
from mockserver.contract import spec_folder
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import closed_port, serving

KEY = "sk-a-secret-of-somebody"


@pytest.fixture(autouse=True)
def _a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", KEY)
    monkeypatch.delenv("VIDEODB_STAGING_KEY", raising=False)


def test_drift_has_both_answers_in_every_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {form: tmp_path / f"drift.{form}" for form in ("json", "junit", "html")}
    flags = [word for form, file in files.items() for word in ("--report", f"{form}={file}")]
    with serving(Other("422_for_400", control=True)) as url:
        assert main(["drift", url, *flags]) == 1
    report = json.loads(files["json"].read_text("utf-8"))
    jsonschema_rs.validator_for(json.loads((spec_folder() / "report.schema.json").read_text("utf-8"))).validate(report)
    assert report["command"] == "drift"
    assert report["summary"]["drifts"] == len(report["findings"]) > 0
    [status] = [
        finding
        for finding in report["findings"]
        if (finding["title"], finding["operation"]) == ("Another status: 422 for 400", "any refusal")
    ]
    assert (status["mock_response"]["status"], status["response"]["status"]) == (400, 422)
    assert status["severity"] == "warning"
    page = files["html"].read_text("utf-8")
    assert f"Drift: comparison of {url} with the mock" in page
    assert "the mock&#39;s answer" in page
    assert "<mark>422</mark>" in page
    told = capsys.readouterr()
    assert "Another status: 422 for 400" in told.out
    for text in (told.out, told.err, page, *(file.read_text("utf-8") for file in files.values())):
        assert KEY not in text


def test_dry_run_prints_requests_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    server = Other()
    with serving(server) as url:
        assert main(["drift", url, "--dry-run"]) == 0
    assert server.asked == 0
    assert "no rails" in capsys.readouterr().out
    assert main(["drift", "staging", "--dry-run"]) == 0
    told = capsys.readouterr().out
    for words in (
        "https://staging-api.videodb.io",
        "at most 400 requests, 10 a second",
        "no payment",
        "Nothing was sent.",
    ):
        assert words in told


@pytest.mark.parametrize(
    "given", ["production", "https://api.videodb.io", "HTTPS://API.VIDEODB.IO./v1", "http://api.videodb.io:8443"]
)
@pytest.mark.parametrize("flags", [[], ["--dry-run"], ["--allow-production", "staging-api.videodb.io"]])
def test_production_is_refused_in_every_spelling(
    given: str, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drift", given, *flags]) == 2
    assert "--allow-production api.videodb.io" in capsys.readouterr().err


def test_production_is_allowed_if_its_host_is_given_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "production", "--dry-run", "--allow-production", "API.videodb.io"]) == 0
    assert "at most 400 requests" in capsys.readouterr().out


def test_unreachable_server_is_not_a_drift() -> None:
    assert main(["drift", f"http://127.0.0.1:{closed_port()}"]) == 3


def test_drift_needs_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift"]) == 2
    assert "TARGET" in capsys.readouterr().err


def test_key_is_not_in_process_list() -> None:
    server = Other()
    with serving(server) as url:
        command = [sys.executable, "-m", "mockserver", "drift", url, "--claims-only", "--time-budget", "1s"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        words = Path(f"/proc/{process.pid}/cmdline").read_bytes() if Path("/proc").is_dir() else b""
        output, errors = process.communicate(timeout=60)
    for text in (words, output, errors):
        assert KEY.encode() not in text
