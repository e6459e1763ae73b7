"""A report as Markdown for a pull request.

Rule 1: the text has less than MOST characters, and says what is left out: GitHub takes 65,536 for a comment.
Rule 2: text of a contract or of a server is harmless or code; see `mockserver.markdown_text`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mockserver.coverage.rendering.example_curl import curl_lines
from mockserver.coverage.rendering.misses import KIND_NAMES, misses_of
from mockserver.coverage.report.coverage_report import ClaimCoverage, CoverageReport, OperationCoverage
from mockserver.markdown_text import code, code_block, inline
from mockserver.printable import count

MOST: Final = 60_000
_MOST_LABELS: Final = 12
_MOST_OPERATIONS: Final = 50
_MOST_CLAIMS: Final = 60


def render_markdown(report: CoverageReport) -> str:
    """The report as Markdown."""
    blocks = list(_blocks(report))
    kept: list[str] = []
    left = MOST - 200
    for place, block in enumerate(blocks):
        left -= len(block) + 2
        if left < 0:
            kept.append(f"And {count(len(blocks) - place, 'more section')}; the HTML and JSON reports have them all.")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _blocks(report: CoverageReport) -> Iterator[str]:
    total = report.total
    yield f"## Contract coverage: {total.percent} %"
    contracts = "; ".join(map(inline, report.contracts)) or "no contract"
    yield (
        f"{total.covered:,} of {count(total.total, 'goal')}, by {count(report.exchanges, 'exchange')}"
        f" ({contracts}); {count(report.outside, 'request')} to no declared operation."
    )
    rows = [
        f"| {KIND_NAMES[kind]} | {score.covered} | {score.total} | {score.percent} % |"
        for kind, score in report.scores.items()
    ]
    yield "\n".join(["| | covered | of | |", "|---|--:|--:|--:|", *rows])
    unsent = [code(each.name) for each in report.operations if not each.exchanges]
    if unsent:
        yield f"**Never sent:** {_listed(unsent)}"
    sent = [each for each in report.operations if each.exchanges]
    for operation in sent[:_MOST_OPERATIONS]:
        yield _operation(operation)
    if len(sent) > _MOST_OPERATIONS:
        yield f"And {count(len(sent) - _MOST_OPERATIONS, 'more operation')}."
    if report.untouched:
        yield f"### Claims of the page that no exchange touched ({len(report.untouched)})"
        yield from map(_claim, report.untouched[:_MOST_CLAIMS])


def _operation(operation: OperationCoverage) -> str:
    score = operation.score
    lines = [
        f"### {code(operation.name)}",
        "",
        f"{count(operation.exchanges, 'exchange')}, {score.covered} of {score.total} goals",
        "",
    ]
    if operation.surprises:
        surprises = [f"{inline(name)} ({times})" for name, times in operation.surprises.items()]
        lines.append(f"- **answered, though the contract does not declare it:** {_listed(surprises)}")
    for misses in misses_of(operation):
        lines.append(f"- **{misses.heading}:** {_listed([code(label) for label in misses.labels])}")
    return "\n".join(lines).rstrip()


def _claim(claim: ClaimCoverage) -> str:
    block = code_block("\n".join(curl_lines(claim.example)), "sh")
    summary = f"<summary><code>{claim.id}</code></summary>"
    return f"<details>{summary}\n\n{inline(claim.statement, 500)} ({inline(claim.voice)})\n\n{block}\n\n</details>"


def _listed(labels: Sequence[str]) -> str:
    more = [] if len(labels) <= _MOST_LABELS else [f"and {len(labels) - _MOST_LABELS} more"]
    return ", ".join([*labels[:_MOST_LABELS], *more])
