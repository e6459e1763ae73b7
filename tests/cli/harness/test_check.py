"""The command `mockserver check`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.results.events import RunEvent, RunFinished
from mockserver_contracts.run.plan import RunPlan

from mockserver.cli import main
from mockserver.cli.harness.run_flags import add_run_flags
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import closed_port, serving
from tests.matrix import long_but


class Braking:
    """An application with fast answers at first and slow ones later: the end of a run takes some seconds."""

    def __init__(self, application: Other) -> None:
        self._application = application
        self._answers = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._answers += 1
        await asyncio.sleep(0 if self._answers < 115 else 0.1)
        await self._application(scope, receive, send)


@pytest.fixture(autouse=True)
def _a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIDEO_DB_API_KEY", "VIDEODB_STAGING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis")


@pytest.mark.parametrize("examples", long_but("20", of=["20", "40"]))
def test_mock_has_no_finding_in_either_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], examples: str
) -> None:
    code = main(["check", "--max-examples", examples, "--report", f"json={tmp_path / 'report.json'}"])
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["findings"] == []
    assert code == 0
    assert report["profile"] == "page, openapi"
    last = capsys.readouterr().out.splitlines()[-1]
    promised = [claim for claim in report["claims"] if claim["promised"]]
    assert {claim["verdict"] for claim in promised} == {"upheld"}
    counts = f"{len(promised)} claims upheld, 0 violated, 3 undecided"
    assert last == f"{counts}; 5 of the unpromised violated; exit 0"
    assert report["requests_sent"] <= 2_000 or examples != "20"


def test_server_is_checked_by_its_url(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-of-mine")
    with serving(Other("no_data_url")) as url:
        report = tmp_path / "report.json"
        code = main(["check", url, "--token-env", "MY_KEY", "--claims-only", "--report", f"json={report}"])
    output = capsys.readouterr()
    assert code == 1
    assert "sk-of-mine" not in output.out + output.err + report.read_text("utf-8")
    assert "${MY_KEY}" in output.out
    assert output.err.startswith(f"Checking {url}, profile page, seed 1")


@pytest.mark.long
def test_real_key_stands_in_no_report_not_even_in_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-Very-Secret-Key")
    monkeypatch.setenv("OTHER_KEY", "sk-of-another")
    report = tmp_path / "report.json"
    flags = ["--token-env", "MY_KEY", "--second-token-env", "OTHER_KEY", "--fuzz-only"]
    with serving(Other("list_of_everyone", control=True)) as url:
        code = main(["check", url, *flags, "--control", f"{url}/_mock", "--strict", "--report", f"json={report}"])
    output = capsys.readouterr()
    told = output.out + output.err + report.read_text("utf-8")
    assert code == 1
    assert "key is compared whole" in told
    assert not [secret for secret in ("Secret-Ke", "sECRET", "of-another") if secret in told]


def test_claims_alone_take_few_requests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--claims-only", "--profile", "openapi"]) == 0
    *_, requests, verdicts = capsys.readouterr().out.splitlines()
    # the fuzzer alone, or the rules, would send several times as many
    assert int(requests.split()[0]) < 250
    assert int(verdicts.split()[0]) > 30


def test_mock_by_url_is_checked_with_its_own_profile(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Other(is_mock=True, profile="openapi")) as url:
        code = main(["check", url, "--fuzz-only"])
    output = capsys.readouterr()
    assert "profile openapi" in output.err
    assert code == 1
    assert output.out.splitlines()[-1] == "no claim decided; exit 1"
    assert "The target is a mock, so exact statuses count, as with --strict." in output.err


def test_unreachable_host_is_exit_3_with_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    code = main(["check", f"http://127.0.0.1:{closed_port()}", "--report", f"json={report}"])
    assert code == 3
    assert json.loads(report.read_text("utf-8"))["error"]["code"] == "unreachable"
    assert "could not be tested (unreachable)" in capsys.readouterr().out


def test_time_budget_is_kept_and_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    flags = ["--max-examples", "100000", "--report", f"json={report}"]
    with serving(Other(is_mock=True)) as url:
        code = main(["check", url, *flags, "--time-budget", "2s"])
        loaded = json.loads(report.read_text("utf-8"))
        assert main(["check", url, *flags, "--time-budget", "0.5", "--fail-on", "error"]) == 0
    assert code == 3
    assert loaded["incomplete"]
    assert loaded["error"] is None
    assert 1.5 < loaded["duration_s"] < 3.5
    assert "Incomplete: the time budget is spent" in capsys.readouterr().out


def test_several_reports_are_written_even_of_an_unreachable_target(tmp_path: Path) -> None:
    files = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "html")}
    flags = [word for form, file in files.items() for word in ("--report", f"{form}={file}")]
    assert main(["check", f"http://127.0.0.1:{closed_port()}", *flags]) == 3
    assert json.loads(files["json"].read_text("utf-8"))["error"]["code"] == "unreachable"
    assert '<error message="' in files["junit"].read_text("utf-8")
    assert "The target could not be tested" in files["html"].read_text("utf-8")


@pytest.mark.parametrize("sent", long_but(signal.SIGTERM, of=[signal.SIGINT, signal.SIGTERM]))
def test_interrupted_run_leaves_reports_with_its_findings(sent: signal.Signals, tmp_path: Path) -> None:
    report, page = tmp_path / "report.json", tmp_path / "report.html"
    # The claims find it, and the rules and the corpus come after them.
    flags = ["--report", f"json={report}", "--report", f"html={page}"]
    with serving(Braking(Other("success_as_text"))) as url:
        command = [sys.executable, "-m", "mockserver", "check", url, *flags]
        environment = {**os.environ, "VIDEO_DB_API_KEY": "sk-tests", "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
        assert process.stderr is not None
        # Once the progress counts the finding, an interrupt could lose it.
        assert any("1 finding" in line for line in process.stderr)
        process.send_signal(sent)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 3, errors
    assert "Traceback" not in errors
    loaded = json.loads(report.read_text("utf-8"))
    assert (loaded["error"]["code"], loaded["exit_code"]) == ("interrupted", 3)
    assert [finding["pointer"] for finding in loaded["findings"]] == ["/success"]
    assert "undecided" in {claim["verdict"] for claim in loaded["claims"]}
    assert "interrupted by the user" in page.read_text("utf-8")


def test_interrupt_during_a_report_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[RunEvent] = []

    def handle(report: ConsoleReport, event: RunEvent) -> None:
        told.append(event)
        if len(told) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(ConsoleReport, "handle", handle)
    assert main(["check", "--claims-only", "--profile", "page"]) == 3
    assert isinstance(told[-1], RunFinished)
    assert told[-1].failure is not None
    assert told[-1].failure.code == "interrupted"


def test_closed_pipe_changes_neither_exit_code_nor_reports(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with serving(Other("no_data_url")) as url:
        flags = ["--claims-only", "--report", f"json={report}"]
        command = [sys.executable, "-m", "mockserver", "check", url, *flags]
        environment = {**os.environ, "VIDEO_DB_API_KEY": "sk-tests"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert b"Traceback" not in errors
    assert json.loads(report.read_text("utf-8"))["exit_code"] == 1


def test_unwritable_report_does_not_prevent_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def removing(order: RunPlan) -> Iterator[RunEvent]:
        folder.rmdir()
        yield RunFinished(0, 1, 0.1)

    monkeypatch.setattr("mockserver_contracts.run.run.run_plan", removing)
    page = tmp_path / "report.html"
    assert main(["check", "--report", f"json={folder / 'report.json'}", "--report", f"html={page}"]) == 2
    assert "a report could not be written" in capsys.readouterr().err
    assert "Nothing found" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["production"], "production host"),
        (["https://api.videodb.io"], "production host"),
        (["staging"], "VIDEODB_STAGING_KEY"),
        (["nowhere"], "neither an http(s) URL nor a server"),
        (["--profile", "none-such"], "none-such"),
        (["--spec", "none-such.yaml"], "none-such.yaml"),
        (["--max-examples", "0"], "whole number from 1"),
        (["--seed", "-1"], "whole number from 0"),
        (["--time-budget", "soon"], "soon"),
        (["--time-budget", "0"], "above 0"),
        (["--report", "xml=a"], "json=FILE"),
        (["--report", "json="], "json=FILE, junit=FILE, html=FILE"),
        (["--report", "json=a", "--report", "html=a"], "a file of its own"),
        (["--report", "json=no/such/folder/report.json"], "cannot be written"),
        (["--fail-on", "nothing"], "nothing"),
        (["--token-env", "MY_KEY"], "in-process"),
        (["--claims-only", "--fuzz-only"], "--claims-only"),
        (["--second-token-env", "MY_KEY"], "in-process"),
        (["http://127.0.0.1:9", "--second-token-env", "NO_SUCH_KEY"], "NO_SUCH_KEY"),
        (["--control", "http://127.0.0.1:9/_mock"], "in-process"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert output.out == ""


def test_help_ends_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    assert "mockserver check http://127.0.0.1:8765" in capsys.readouterr().out.splitlines()[-1]


def test_default_flags_send_the_bundled_corpus() -> None:
    parser = argparse.ArgumentParser()
    add_run_flags(parser)
    defaults = parser.parse_args([])
    assert (defaults.seed, defaults.max_examples) == (DEFAULT_SEED, DEFAULT_EXAMPLES)


def test_interrupt_that_python_drops_ends_the_run_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[RunEvent] = []

    def handle(report: ConsoleReport, event: RunEvent) -> None:
        sent.append(event)
        if len(sent) == 3:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(ConsoleReport, "handle", handle)
    assert main(["check", "--claims-only", "--profile", "page"]) == 3
    assert isinstance(sent[-1], RunFinished)
    assert sent[-1].failure is not None
    assert sent[-1].failure.code == "interrupted"
