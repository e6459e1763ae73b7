"""A file with coverage or with exchanges, read as a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mockserver.contract import Contract
from mockserver.coverage.counter import CoverageCounter, contract_name
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import NoCoverage, read_report
from mockserver.coverage.sources.har import har_exchanges
from mockserver.coverage.sources.listing import listed_exchanges

NEEDED: Final = "a coverage report as JSON, an HTTP archive (HAR), or the output of mockserver requests --json"

LoadContract = Callable[[], tuple[Contract, str]]
"""Loads the contract by which exchanges are counted, and the name of its profile."""


def read_file(file: Path, load: LoadContract, *, base: str | None = None) -> CoverageReport:
    """The report of a file; exchanges are counted, those below a base URL. Raises OSError and NoCoverage."""
    try:
        value: Any = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise NoCoverage(f"it is not JSON; {NEEDED} is needed") from None
    if not isinstance(value, dict):
        raise NoCoverage(f"{NEEDED} is needed")
    if "log" in value:
        exchanges = har_exchanges(value, base)
    elif "requests" in value:
        exchanges = listed_exchanges(value)
    elif "operations" in value:
        return read_report(value)
    else:
        raise NoCoverage(f"{NEEDED} is needed")
    contract, profile = load()
    counter = CoverageCounter(contract, contract_name(contract.document, profile))
    try:
        for exchange in exchanges:
            counter.add(exchange)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoCoverage(f"its exchanges are damaged ({type(error).__name__}: {str(error)[:80]})") from None
    return counter.report()
