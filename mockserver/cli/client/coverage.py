"""`mockserver coverage`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_url_flag
from mockserver.cli.errors import EXIT_OK, EXIT_REFUSED, UsageError

if TYPE_CHECKING:
    from mockserver.contract import Contract
    from mockserver.coverage.report.coverage_report import CoverageReport

SUMMARY: Final = "Show the parts of the contract that requests have exercised, of a running mock or from files."
EXAMPLE: Final = """\
mockserver coverage --report html=coverage.html --fail-under 60
mockserver coverage http://127.0.0.1:8765 http://127.0.0.1:8766
mockserver coverage unit.json browser.har --report markdown=coverage.md"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="Mock by its URL, or file: a coverage report as JSON, an HTTP archive (HAR), the output of mockserver"
        " requests --json. Several are merged. [default: the mock at --url]",
    )
    add_url_flag(parser)
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORM=FILE",
        help="Write a report: html=FILE, markdown=FILE or json=FILE; may be repeated.",
    )
    parser.add_argument("--fail-under", metavar="PERCENT", help="End with 1 if fewer goals were reached. [default: 0]")
    parser.add_argument("--profile", metavar="NAME|FILE", default="page", help="Profile of exchanges. [default: page]")
    parser.add_argument("--spec", metavar="FILE", type=Path, help="OpenAPI document of exchanges. [default: bundled]")
    parser.add_argument("--base", metavar="URL", help="Count the exchanges of archives below this URL. [default: all]")
    parser.add_argument("--forget", action="store_true", help="Let the mock at --url forget its counts afterwards.")
    parser.add_argument("--json", action="store_true", help="Print the report as JSON.")


def run(arguments: argparse.Namespace) -> int:
    """Print the coverage, and write the reports; exit code 1 if it is too low."""
    from mockserver.coverage.rendering.forms import render
    from mockserver.coverage.rendering.text import render_text
    from mockserver.coverage.report.merge import merge_reports

    reports = [_parse_report(each) for each in arguments.report]
    least = parse_percent(arguments.fail_under, "--fail-under")
    if arguments.forget and arguments.sources:
        raise UsageError("--forget is about the mock at --url; it takes no SOURCE")
    report = merge_reports(_read(arguments))
    _write(reports, report)
    print(render("json", report) if arguments.json else render_text(report), end="")
    if report.total.percent < least:
        print(f"the coverage is {report.total.percent} %; at least {least:g} % is needed", file=sys.stderr)
        return EXIT_REFUSED
    return EXIT_OK


def _read(arguments: argparse.Namespace) -> Iterator[CoverageReport]:
    for source in arguments.sources or [arguments.url]:
        if source.startswith(("http://", "https://")):
            yield _of_mock(source, forget=arguments.forget)
        else:
            yield _of_file(Path(source), arguments)


def _of_mock(url: str, *, forget: bool) -> CoverageReport:
    from mockserver.coverage.report.json_form import NoCoverage, read_report

    control = ControlClient(url, token=os.environ.get("MOCKSERVER_CONTROL_TOKEN"))
    try:
        report = read_report(control.get("/coverage"))
    except NoCoverage as error:
        raise UsageError(f"the coverage of {url} cannot be read: {error}") from None
    if forget:
        control.delete("/coverage")
    return report


def _of_file(file: Path, arguments: argparse.Namespace) -> CoverageReport:
    from mockserver.coverage.report.json_form import NoCoverage
    from mockserver.coverage.sources.files import read_file

    try:
        return read_file(file, lambda: _load(arguments), base=arguments.base)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except NoCoverage as error:
        raise UsageError(f"{file}: {error}") from None


def _load(arguments: argparse.Namespace) -> tuple[Contract, str]:
    from mockserver.contract import ContractError, load

    try:
        contract, profile = load(arguments.profile, spec=arguments.spec)
    except ContractError as error:
        raise UsageError(str(error)) from None
    return contract, profile.name


def _parse_report(given: str) -> tuple[str, Path]:
    from mockserver.coverage.rendering.forms import FORMS

    form, _, name = given.partition("=")
    if form not in FORMS or not name:
        raise UsageError(f"--report {given!r}: {', '.join(f'{each}=FILE' for each in FORMS)} is needed")
    return form, Path(name)


def _write(reports: list[tuple[str, Path]], report: CoverageReport) -> None:
    from mockserver.coverage.rendering.forms import write_report

    for form, file in reports:
        try:
            write_report(form, file, report)
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {(error.strerror or str(error)).lower()}") from None


def parse_percent(given: str | None, name: str) -> float:
    """A share of a hundred; 0 if none is given. Raises UsageError."""
    try:
        percent = float(given or 0)
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        raise UsageError(f"{name} is {given!r}; a number from 0 to 100 is needed")
    return percent
