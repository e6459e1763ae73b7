"""The command `mockserver replay`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mockserver_contracts.defects import with_defects
from mockserver_contracts.defects.registry import find_defects

from mockserver import Settings, create_app
from mockserver.cli import main
from tests.cli.conftest import Cli
from tests.contracts.servers.local import closed_port, serving
from tests.matrix import long_but

Report = dict[str, Any]


@pytest.fixture(autouse=True)
def _a_plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VIDEO_DB_API_KEY", raising=False)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis")
    # the report of the last run is a test's own, the corpora are everybody's
    monkeypatch.setattr(
        "mockserver_contracts.reports.reproduction.last_run.last_run_file", lambda: tmp_path / "last-run.json"
    )


def a_mock(*defects: str) -> Any:
    return with_defects(create_app(Settings(store="memory")), find_defects(defects))


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    """A mock where a completed session can be paid again, an amount may be text, and a refusal is a page."""
    with serving(a_mock("paying-again-credits-again", "quoted-amount-is-accepted")) as url:
        yield url


@pytest.fixture(scope="module")
def report(faulty: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.json"
    assert main(["check", faulty, "--report", f"json={file}"]) == 1
    return file


def id_of(report: Path, check: str) -> str:
    findings = json.loads(report.read_text("utf-8"))["findings"]
    return str(next(finding["id"] for finding in findings if finding["check"] == check))


@pytest.mark.parametrize(
    "check",
    long_but(
        "rule-paid-once",
        "negative_data_rejection",
        of=["rule-paid-once", "amount-nothing-but-a-number", "negative_data_rejection"],
    ),
)
def test_finding_still_fails_on_the_faulty_server(cli: Cli, report: Path, faulty: str, check: str) -> None:
    code, out, _ = cli("replay", id_of(report, check), "--from", str(report))
    assert code == 1
    assert f"on {faulty}: " in out
    assert "\nstill fails: expected a refusal" in out


def test_finding_of_state_shows_its_steps(cli: Cli, report: Path) -> None:
    _, out, _ = cli("replay", id_of(report, "rule-paid-once"), "--from", str(report))
    assert "   1  POST /billing/checkout {" in out
    assert "POST /_mock/sessions/{id_1}/pay {} -> 200\nstill fails: " in out


def test_finding_fails_no_more_on_the_right_server(cli: Cli, report: Path) -> None:
    with serving(a_mock()) as url:
        code, out, _ = cli("replay", id_of(report, "rule-paid-once"), url, "--from", str(report))
    assert (code, out.splitlines()[-1]) == (0, "fails no more")


def test_server_that_is_gone_is_not_tested(cli: Cli, report: Path) -> None:
    target = f"http://127.0.0.1:{closed_port()}"
    code, out, _ = cli("replay", id_of(report, "rule-paid-once"), target, "--from", str(report))
    assert code == 3
    assert out.splitlines()[-1].startswith("not tested: ")


@pytest.mark.long
def test_drift_is_compared_again(cli: Cli, faulty: str, tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    main(["drift", faulty, "--claims-only", "--report", f"json={file}"])
    name = json.loads(file.read_text("utf-8"))["findings"][0]["id"]
    code, out, _ = cli("replay", name, "--from", str(file))
    assert code == 1
    assert "\nstill fails: " in out


def test_report_of_the_last_run_is_the_default(cli: Cli, faulty: str) -> None:
    main(["check", faulty, "--claims-only"])
    code, _, err = cli("replay", "fuzz-000000000000")
    assert code == 2
    assert f"is no finding of the run on {faulty}, which has " in err


def test_without_a_run_the_error_says_how_to_get_a_report(cli: Cli) -> None:
    code, _, err = cli("replay", "fuzz-000000000000")
    assert code == 2
    assert "no run has left a report yet; --report json=FILE of check and drift writes one" in err


@pytest.mark.parametrize("content", ["", "[]", "{}", "[" * 100_000, '{"findings": 7}'])
def test_file_that_is_no_report_is_refused(cli: Cli, tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, "utf-8")
    code, _, err = cli("replay", "fuzz-000000000000", "--from", str(file))
    assert code == 2
    assert "is no JSON report of a run" in err
