"""The flags of a run of the harness."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.harness.baseline_flags import add_baseline_flags
from mockserver.cli.harness.run_values import report_values

LEVELS: Final = ("error", "warning", "info", "undecided", "incomplete")


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the flags that `check`, `drift` and `calibrate` share."""
    add_target_flags(parser)
    _add_part_flags(parser)
    add_corpus_flags(parser)
    _add_result_flags(parser)
    add_baseline_flags(parser)


def add_target_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the flags that say how the target is reached and what it is held to."""
    parser.add_argument(
        "--token-env",
        metavar="NAME",
        help="Environment variable with the API key. "
        "[default: VIDEO_DB_API_KEY; for staging VIDEODB_STAGING_KEY; for a mock a fresh key]",
    )
    parser.add_argument(
        "--profile",
        metavar="P",
        help="Profile of the contract. [default: page and openapi in-process; a mock's own profile; else page]",
    )
    parser.add_argument("--spec", metavar="FILE", help="OpenAPI document. [default: the published one]")
    parser.add_argument(
        "--second-token-env",
        metavar="NAME",
        help="Environment variable with the key of a second account of TARGET, to check that accounts are separate.",
    )
    parser.add_argument(
        "--control", metavar="URL", help="Control API of TARGET, for clock and payments. [default: TARGET/_mock]"
    )
    parser.add_argument(
        "--allow-production",
        metavar="HOST",
        help="Allow requests to the document's production host, given here again. The limits for production stay.",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="Require exact statuses and parser limits, as for the mock. Without it, any 4xx is a refusal.",
    )


def _add_part_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="Print the requests and their target, and send nothing.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--claims-only", action="store_true", help="Check only the claims of the page.")
    only.add_argument("--fuzz-only", action="store_true", help="Skip the claims.")


def add_corpus_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the flags that choose the requests, and the time for them."""
    from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED

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


def _add_result_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=LEVELS,
        metavar="LEVEL",
        help="Fail on this level: warning, info or undecided with exit code 1, incomplete (a run cut short) with 3; "
        "error always fails; may be repeated. [default: error and incomplete]",
    )
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORM=FILE",
        help=f"Write a report: {report_values()}; may be repeated.",
    )


def _at_least_one(given: str) -> int:
    return _number(given, least=1)


def _at_least_zero(given: str) -> int:
    return _number(given, least=0)


def _number(given: str, *, least: int) -> int:
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise argparse.ArgumentTypeError(f"{given!r} is not a whole number from {least}")
    return int(given)
