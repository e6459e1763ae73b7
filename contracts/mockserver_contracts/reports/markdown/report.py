"""The record of a run as Markdown: the verdict first, then the gravest findings.

Rule 1: the report has less than MOST characters, whatever was found, and says how much is left out. GitHub takes 65,536
characters for a comment and more for a step summary.
Rule 2: foreign text is harmless or code; see `mockserver.markdown_text`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from mockserver.markdown_text import code, code_block, inline
from mockserver.printable import escape_line
from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.reports.markdown.section import section
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.reproduction.again import command_again
from mockserver_contracts.reports.reproduction.steps import step_lines
from mockserver_contracts.reports.text import count, decode_body
from mockserver_contracts.reports.verdict_line import verdict_line
from mockserver_contracts.results.finding import SEVERITIES
from mockserver_contracts.results.run_command import run_title
from mockserver_contracts.results.verdict import ClaimVerdict

MOST: Final = 60_000
_ROOM_FOR_CURL: Final = 8_000
_ROOM_FOR_FINDINGS: Final = 15_000
_MOST_STEPS: Final = 12
# For each of the other lists.
_ROOM: Final = 3_000


def render_markdown(record: RunRecord) -> str:
    """Render the record as Markdown."""
    groups = sorted(record.groups, key=lambda group: SEVERITIES.index(group[0].finding.severity))
    blocks = [
        *_head(record),
        *(_gravest(groups[0]) if groups else ()),
        section(
            f"More causes ({len(groups) - 1})",
            [_cause(group) for group in groups[1:]],
            "cause",
            room=_ROOM_FOR_FINDINGS,
        ),
        *_claims(record),
        *_baseline(record),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(record: RunRecord) -> Iterator[str]:
    end = record.end
    # GitHub would make a link of the target.
    yield f"## {run_title(record.command, code(record.target))}"
    yield f"**{verdict_line(record)}**"
    if end.failure is not None and not record.failed_checks:
        yield f"The target could not be tested ({inline(end.failure.code)}): {inline(end.failure.message, 500)}"
    if end.stopped is not None:
        yield f"Incomplete: {inline(end.stopped)}"
    strict = ", strict" if record.is_strict else ""
    yield (
        f"Profile {inline(record.profile) or 'unknown'}{strict}, seed {record.seed}; "
        f"{count(len(record.findings), 'finding')}, {count(end.requests_sent, 'request')} in {end.duration:.1f} s; "
        f"mockserver {record.command} {inline(record.version)}"
    )
    failed = [f"{inline(each.name)}: {inline(each.reason)}" for each in record.failed_checks]
    yield section("Checks that failed to run", failed, "check", room=_ROOM)


def _gravest(group: Sequence[ReportedFinding]) -> Iterator[str]:
    reported, finding = group[0], group[0].finding
    left, right = ("Mock", "Target") if finding.kind == "drift" else ("Expected", "Actual")
    yield f"### Gravest finding\n\n{_cause(group)}"
    pointer = f" at {code(finding.pointer)}" if finding.pointer else ""
    lines = [f"- Check: {code(finding.check)}{pointer}"]
    lines += [f"- {name}: {code(side, 500)}" for name, side in ((left, finding.expected), (right, finding.actual))]
    for name, response in (("Answer", finding.response), ("Answer of the mock", finding.mock_response)):
        if response is not None:
            lines.append(f"- {name}: {code(f'{response.status} {decode_body(response.body)}', 500)}")
    yield "\n".join(lines)
    # What a finding of state depends on are its steps; the command replays them.
    steps = [f"# {escape_line(line)}" for line in step_lines(finding.steps)[-_MOST_STEPS:]]
    block = code_block("\n".join((*steps, command_again(reported, _ROOM_FOR_CURL // 2))), "sh")
    too_long = f"The curl line has {count(len(reported.curl), 'character')}; --report json=FILE has it whole."
    yield block if len(block) <= _ROOM_FOR_CURL else too_long


def _cause(group: Sequence[ReportedFinding]) -> str:
    reported, finding = group[0], group[0].finding
    more = f" and {count(len(group) - 1, 'more finding')}" if len(group) > 1 else ""
    return f"**{finding.severity}** {inline(finding.title)}: {code(finding.operation)} ({code(reported.id)}){more}"


def _claims(record: RunRecord) -> Iterator[str]:
    violated = [claim for claim in record.claims if claim.verdict == "violated"]
    promised = [_claim(record, claim) for claim in violated if claim.promised]
    others = [_claim(record, claim) for claim in violated if not claim.promised]
    yield section("Violated claims", promised, "claim", room=_ROOM)
    yield section("Violated claims that the profile does not promise", others, "claim", room=_ROOM)
    decided = [each for each in record.contradictions if each.alignment != "undecided"]
    sides = [f"{' / '.join(map(code, each.claims))}: {each.sides_with or each.alignment}" for each in decided]
    yield section("Where the voices contradict each other, the target follows", sides, "contradiction", room=_ROOM)
    reasons = Counter(claim.reason for claim in record.claims if claim.verdict == "undecided")
    yield section("Undecided claims", [_undecided(*each) for each in sorted(reasons.items())], "reason", room=_ROOM)


def _claim(record: RunRecord, claim: ClaimVerdict) -> str:
    accepted = ", accepted" if record.accepted_of(claim) else ""
    reason = f" Seen: {inline(claim.reason)}" if claim.reason else ""
    return f"{code(claim.id)} ({claim.voice}{accepted}): {inline(claim.statement)}{reason}"


def _undecided(reason: str, number: int) -> str:
    advice = f" ({needed} would decide)" if (needed := how_to_decide(reason)) else ""
    return f"{count(number, 'claim')}: {inline(reason)}{advice}"


def _baseline(record: RunRecord) -> Iterator[str]:
    accepted = [
        f"{'From now on: ' if each.is_new else ''}{inline(each.title)}: {code(each.operation)} ({code(each.id)}): "
        f"{inline(each.reason)}"
        for each in record.accepted
    ]
    vanished = [f"{inline(each.title)} ({code(each.id)}): {inline(each.reason)}" for each in record.vanished]
    yield section(f"Accepted findings ({len(accepted)})", accepted, "finding", room=_ROOM)
    yield section(f"Vanished findings ({len(vanished)})", vanished, "finding", room=_ROOM)
