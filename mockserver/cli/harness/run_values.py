"""Parse the values of the flags of a run. Each function raises UsageError."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mockserver.cli.errors import UsageError


def parse_fail_on(levels: list[str]) -> frozenset[str]:
    """The levels that fail a run: the given ones and all graver ones; without any, the default."""
    from mockserver_contracts.results.exit_code import DEFAULT_FAIL_ON

    if not levels:
        return DEFAULT_FAIL_ON
    graver = {"info": ("info", "warning", "error"), "warning": ("warning", "error")}
    return frozenset({"error"}).union(*(graver.get(level, (level,)) for level in levels))


def parse_reports(given: list[str]) -> list[tuple[str, Path]]:
    """The reports to write, as pairs of form and file."""
    files = [_parse_report(each) for each in given]
    if len({file.absolute() for _, file in files}) < len(files):
        raise UsageError(f"--report {', '.join(given)}: each report needs a file of its own")
    return files


def _parse_report(given: str) -> tuple[str, Path]:
    from mockserver_contracts.reports.forms import FORMS, SCRIPTS

    form, _, name = given.partition("=")
    if form not in (*FORMS, SCRIPTS) or not name:
        raise UsageError(f"--report {given!r}: {report_values()} is needed")
    file = Path(name)
    is_right = (file.is_dir() or not file.exists()) if form == SCRIPTS else not file.is_dir()
    if not is_right or not file.absolute().parent.is_dir():
        noun = "folder" if form == SCRIPTS else "file"
        raise UsageError(f"--report {given!r}: {file} cannot be written; a {noun} in an existing folder is needed")
    return form, file


def report_values() -> str:
    """The values of --report, as a sentence lists them."""
    from mockserver_contracts.reports.forms import FORMS, SCRIPTS

    return f"{', '.join(f'{form}=FILE' for form in FORMS)} or {SCRIPTS}=FOLDER"


def parse_time_budget(given: str | None) -> float | None:
    """The time budget in seconds; None without one."""
    if given is None:
        return None
    from mockserver.domain.duration import duration
    from mockserver.domain.errors import InvalidRequest

    try:
        seconds = duration(given).total_seconds()
    except InvalidRequest as error:
        raise UsageError(f"--time-budget: {error}") from None
    if seconds == 0:
        raise UsageError("--time-budget is 0; a duration above 0 is needed")
    return seconds


def parse_control_url(arguments: argparse.Namespace) -> str | None:
    """The URL of the control API, if given."""
    from urllib.parse import urlsplit

    given: str | None = arguments.control
    if given is None:
        return None
    if arguments.target is None:
        raise UsageError("--control needs a TARGET; the mock in-process has a control API of its own")
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"--control {given!r}: an http(s) URL without query or fragment is needed")
    return given.rstrip("/")


def read_second_key(arguments: argparse.Namespace) -> str | None:
    """The key of the second account, from the environment."""
    name = arguments.second_token_env
    if name is None:
        return None
    if arguments.target is None:
        raise UsageError("--second-token-env needs a TARGET; the mock in-process opens an account for each key")
    value: str = os.environ.get(name, "")
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise UsageError(f"{name} holds no API key; a key is printable ASCII without spaces around it")
    return value
