"""The coverage of the contract by a test run, over all mocks and all workers of pytest-xdist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.coverage.rendering.forms import FORMS, write_report
from mockserver.coverage.rendering.text import headline, render_text
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import NoCoverage, read_report, report_json
from mockserver.coverage.report.merge import merge_reports
from mockserver.pytest_plugin.options import COVERAGE_FLAG, FAIL_UNDER_FLAG, URL_FLAG
from mockserver.server import Mock

if TYPE_CHECKING:
    from mockserver.client.control_api import ControlApi

_TERM: Final = "term"
_OUTPUT: Final = "videodb_coverage"


class RunCoverage:
    """Collects the coverage of each mock before it ends, and reports it when the run ends."""

    NAME: Final = "videodb-coverage"

    def __init__(self, config: pytest.Config) -> None:
        """Read the options. Raises pytest.UsageError."""
        self._config = config
        self._files, self._has_term = _parse_forms(config.getoption(COVERAGE_FLAG) or _TERM)
        self._least = _parse_percent(config.getoption(FAIL_UNDER_FLAG))
        self._reports: dict[str, CoverageReport] = {}
        """The latest report of each mock, by its address."""
        self._of_workers: list[CoverageReport] = []
        self._problems: dict[str, str] = {}
        self._lines: list[str] = []

    def collect(self, api: ControlApi) -> None:
        """Read the counts of a mock. They take the place of its earlier ones."""
        from mockserver.client.http_client import NoAnswer
        from mockserver.domain.errors import CheckoutError, CoverageOff

        url = api.url
        try:
            self._reports[url] = read_report(api.call("GET", "/coverage"))
        except CoverageOff:
            self._problems[url] = f"the mock at {url} does not count; start it with coverage=True or --coverage"
        except (NoAnswer, CheckoutError, NoCoverage, ValueError) as error:
            self._problems[url] = f"the coverage of the mock at {url} is missing: {error}"
        finally:
            api.close()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the counts of a worker that ends."""
        output = json.loads(getattr(node, "workeroutput", {}).get(_OUTPUT, "{}"))
        self._problems |= output.get("problems", {})
        if "report" in output:
            self._of_workers.append(read_report(output["report"]))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the counts to the controller of the workers, or report them."""
        url = self._config.getoption(URL_FLAG)
        output = getattr(self._config, "workeroutput", None)
        if url is not None and output is None:
            self.collect(Mock(url.rstrip("/"), None).control_api())  # the workers share this mock
        report = merge_reports([*self._reports.values(), *self._of_workers])
        if output is not None:
            output[_OUTPUT] = json.dumps({"report": report_json(report), "problems": self._problems})
            return
        self._lines = [*self._conclude(report, session), *self._problems.values()]

    def _conclude(self, report: CoverageReport, session: pytest.Session) -> list[str]:
        if not report.operations:
            lines = ["no test used a mock that counts"]
        else:
            lines = [render_text(report).rstrip() if self._has_term else headline(report)]
            lines += [self._write(form, file, report) for form, file in self._files]
        percent = report.total.percent if report.operations else 0
        if percent < self._least:
            lines.append(f"FAILED: the coverage is {percent} %; {FAIL_UNDER_FLAG} asks for {self._least:g} %")
            if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return lines

    def _write(self, form: str, file: Path, report: CoverageReport) -> str:
        try:
            file.absolute().parent.mkdir(parents=True, exist_ok=True)
            write_report(form, file, report)
        except OSError as error:
            return f"{file} cannot be written: {(error.strerror or str(error)).lower()}"
        return f"{form}: {file}"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show the result."""
        if self._lines:
            terminalreporter.section("coverage of VideoDB's contract")
            terminalreporter.write_line("\n".join(self._lines))


def _parse_forms(given: str) -> tuple[list[tuple[str, Path]], bool]:
    files, has_term = [], False
    for each in given.split(","):
        form, _, name = each.strip().partition(":")
        if form == _TERM and not name:
            has_term = True
        elif form in FORMS and name:
            files.append((form, Path(name)))
        else:
            needed = ", ".join([_TERM, *(f"{each}:FILE" for each in FORMS)])
            raise pytest.UsageError(f"{COVERAGE_FLAG}={given}: {needed} is needed; write {COVERAGE_FLAG}={_TERM}")
    return files, has_term


def _parse_percent(given: str | None) -> float:
    try:
        percent = float(given or 0)
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        raise pytest.UsageError(f"{FAIL_UNDER_FLAG} is {given!r}; a number from 0 to 100 is needed")
    return percent
