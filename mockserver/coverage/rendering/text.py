"""A report as text for a terminal.

Rule: long lists are cut and say by how much; the other renderings have them whole.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from mockserver.coverage.rendering.example_curl import curl_lines
from mockserver.coverage.rendering.misses import KIND_NAMES, misses_of
from mockserver.coverage.report.coverage_report import ClaimCoverage, CoverageReport, OperationCoverage, Score
from mockserver.printable import count, escape_line

WIDTH: Final = 110
MOST_LABELS: Final = 8
MOST_CLAIMS: Final = 5
MOST_OPERATIONS: Final = 20
_BAR: Final = 20


def render_text(report: CoverageReport) -> str:
    """The report as lines of text."""
    return "\n".join(map(escape_line, _lines(report))) + "\n"


def headline(report: CoverageReport) -> str:
    """The result in one line."""
    total = report.total
    return (
        f"Coverage {total.percent} %: {total.covered:,} of {count(total.total, 'goal')}, "
        f"by {count(report.exchanges, 'exchange')} ({'; '.join(report.contracts) or 'no contract'})"
    )


def _lines(report: CoverageReport) -> Iterator[str]:
    yield headline(report)
    yield ""
    for kind, score in report.scores.items():
        yield f"  {KIND_NAMES[kind]:<20}{_bar(score)} {score.covered:>5} of {score.total:<5}{score.percent:>6} %"
    if report.outside:
        yield ""
        yield f"{count(report.outside, 'request')} went to no declared operation."
    sent = [operation for operation in report.operations if operation.exchanges]
    for operation in sent[:MOST_OPERATIONS]:
        yield ""
        yield from _operation(operation)
    if len(sent) > MOST_OPERATIONS:
        yield f"and {count(len(sent) - MOST_OPERATIONS, 'more operation')}"
    unsent = [operation.name for operation in report.operations if not operation.exchanges]
    if unsent:
        yield ""
        yield from _listed("Never sent", unsent)
    if report.untouched:
        yield ""
        yield from _untouched(report.untouched)


def _bar(score: Score) -> str:
    filled = score.covered * _BAR // (score.total or 1)
    return "#" * filled + "." * (_BAR - filled)


def _operation(operation: OperationCoverage) -> Iterator[str]:
    score = operation.score
    yield f"{operation.name}: {count(operation.exchanges, 'exchange')}, {score.covered} of {score.total} goals"
    if operation.surprises:
        surprises = [f"{name} ({times})" for name, times in operation.surprises.items()]
        yield from _listed("  answered, though the contract does not declare it", surprises)
    for misses in misses_of(operation):
        yield from _listed(f"  {misses.heading}", misses.labels)


def _listed(heading: str, labels: Sequence[str]) -> Iterator[str]:
    more = [] if len(labels) <= MOST_LABELS else [f"and {len(labels) - MOST_LABELS} more"]
    text = f"{heading}: {'; '.join([*labels[:MOST_LABELS], *more])}"
    indent = " " * (len(heading) - len(heading.lstrip()) + 2)
    yield from textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _untouched(claims: Sequence[ClaimCoverage]) -> Iterator[str]:
    yield f"{count(len(claims), 'claim')} of the page untouched; requests that would touch the first:"
    for claim in claims[:MOST_CLAIMS]:
        yield f"  {claim.id} ({claim.voice}): {claim.statement}"
        for line in curl_lines(claim.example):
            yield f"    {line}"
    if len(claims) > MOST_CLAIMS:
        yield from _listed("  The others", [claim.id for claim in claims[MOST_CLAIMS:]])
