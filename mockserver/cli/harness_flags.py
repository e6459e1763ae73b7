"""The flags of the harness, and what they are read as; those of a run's targets stand in `subjects`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from mockserver.cli import baseline
from mockserver.cli.command import UsageError

FORMS: Final = ("json", "junit", "html")
LEVELS: Final = ("error", "warning", "info", "undecided")


def configure_run(parser: argparse.ArgumentParser) -> None:
    """Declare how a target is run; whoever compares it with the mock takes the same."""
    from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED

    parser.add_argument(
        "--token-env",
        metavar="NAME",
        help="Environment variable with the API key. "
        "[default: VIDEO_DB_API_KEY; for staging VIDEODB_STAGING_KEY; a mock gets a fresh key]",
    )
    parser.add_argument(
        "--profile",
        metavar="P",
        help="Profile whose contract is held to the target. "
        "[default: in-process page and openapi; a mock's own; else page]",
    )
    parser.add_argument("--spec", metavar="FILE", help="OpenAPI document to use in place of the published one.")
    parser.add_argument(
        "--second-token-env",
        metavar="NAME",
        help="Environment variable with the key of a second account of TARGET, to see that accounts are apart.",
    )
    parser.add_argument(
        "--control", metavar="URL", help="Control API of TARGET, for clock and payments. [default: TARGET/_mock]"
    )
    parser.add_argument(
        "--allow-production",
        metavar="HOST",
        help="Let the run go to the document's production host, named once more here; its rails stay.",
    )
    parser.add_argument("--dry-run", action="store_true", help="Print what would be sent where, and send nothing.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--claims-only", action="store_true", help="Decide the claims of the page and nothing else.")
    only.add_argument("--fuzz-only", action="store_true", help="Leave the claims out.")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="Hold exact statuses and the parser's limits, as with the mock; else any 4xx is a refusal.",
    )
    parser.add_argument(
        "--max-examples",
        type=_at_least_one,
        default=DEFAULT_EXAMPLES,
        metavar="N",
        help="Random requests per operation. [default: %(default)s]",
    )
    parser.add_argument("--time-budget", metavar="TIME", help="Stop after this time: 60s, 5m. [default: none]")
    parser.add_argument(
        "--seed",
        type=_at_least_zero,
        default=DEFAULT_SEED,
        metavar="N",
        help="The same seed sends the same requests. [default: %(default)s]",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=LEVELS,
        metavar="LEVEL",
        help="Exit with 1 on this too: warning, info or undecided; may be repeated. [default: error]",
    )
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORM=FILE",
        help="Write a report: json=FILE, junit=FILE or html=FILE. May be repeated.",
    )
    baseline.configure(parser)


def fail_on(given: list[str]) -> frozenset[str]:
    """The severities that fail a run."""
    # Who minds the lesser minds the graver.
    graver = {"info": ("info", "warning", "error"), "warning": ("warning", "error")}
    return frozenset({"error"}).union(*(graver.get(level, (level,)) for level in given))


def report_files(given: list[str]) -> list[tuple[str, Path]]:
    """The reports to write, each by its form and file; raises UsageError."""
    files = [_report_file(each) for each in given]
    if len({file.absolute() for _, file in files}) < len(files):
        raise UsageError(f"--report {', '.join(given)}: each report needs a file of its own")
    return files


def _report_file(given: str) -> tuple[str, Path]:
    form, _, name = given.partition("=")
    if form not in FORMS or not name:
        raise UsageError(f"--report {given!r}: {' or '.join(f'{form}=FILE' for form in FORMS)} is needed")
    file = Path(name)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UsageError(f"--report {given!r}: {file} cannot be written; a file in an existing folder is needed")
    return form, file


def seconds(given: str | None) -> float | None:
    """The time budget; raises UsageError."""
    if given is None:
        return None
    from mockserver.domain.duration import duration
    from mockserver.domain.errors import InvalidRequest

    try:
        told = duration(given).total_seconds()
    except InvalidRequest as error:
        raise UsageError(f"--time-budget: {error}") from None
    if told == 0:
        raise UsageError("--time-budget is 0; more than nothing is needed")
    return told


def _at_least_one(given: str) -> int:
    return _number(given, least=1)


def _at_least_zero(given: str) -> int:
    return _number(given, least=0)


def _number(given: str, *, least: int) -> int:
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise argparse.ArgumentTypeError(f"{given!r} is no whole number from {least}")
    return int(given)
