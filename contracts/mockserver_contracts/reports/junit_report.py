"""The record of a run as JUnit XML. A test case fails only if it fails the run.

Rule 1: a claim is a test case in the suite of its voice. Any other finding is one in the suite of its kind.
Rule 2: the first test case says whether the target can be tested. An outage is an error, never a failure.
Rule 3: undecided claims, and violated claims that the profile does not promise, are skipped with the reason.
Rule 4: accepted findings are skipped with the reason.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as Xml

from mockserver.printable import escape_line
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.text import decode_body, escape_lines, truncate
from mockserver_contracts.results.claims import VOICES
from mockserver_contracts.results.verdict import ClaimVerdict

_LENGTH: Final = 4_000
# XML 1.0 forbids these characters, some of which Python calls printable.
_ILLEGAL: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(record: RunRecord) -> str:
    """Render the record as a JUnit document."""
    suites = [_target(record), *(_voice(record, voice) for voice in _voices(record))]
    suites += [_kind(record, kind) for kind in ("claim", "fuzz", "drift")]
    root = Xml.Element("testsuites", name=f"mockserver {record.command}", time=f"{record.end.duration:.3f}")
    root.extend(suite for suite in suites if len(suite))
    for element in (*root, root):
        _count(element)
    for suite in root:
        suite.set("timestamp", record.began.isoformat(timespec="seconds").removesuffix("+00:00"))
        suite.set("hostname", _escape_line(record.target) or "unknown")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _voices(record: RunRecord) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*VOICES, *(claim.voice for claim in record.claims))))


def _target(record: RunRecord) -> Xml.Element:
    suite, end = Xml.Element("testsuite", name="target"), record.end
    properties = Xml.SubElement(suite, "properties")
    values = {"title": record.title, "profile": record.profile, "seed": record.seed, "requests_sent": end.requests_sent}
    for name, value in values.items():
        Xml.SubElement(properties, "property", name=name, value=_escape_line(str(value)))
    case = _case(suite, "target", "the target can be tested")
    if end.failure is not None:
        _outcome(case, "error", end.failure.message, type=end.failure.code)
    elif end.stopped is not None and end.exit_code == 3:
        _outcome(case, "error", end.stopped, type="broke_off")
    elif end.stopped is not None:
        _outcome(case, "skipped", f"incomplete: {end.stopped}")
    return suite


def _voice(record: RunRecord, voice: str) -> Xml.Element:
    suite = Xml.Element("testsuite", name=voice)
    for claim in record.claims:
        if claim.voice == voice:
            _claim(record, claim, _case(suite, voice, claim.id))
    return suite


def _claim(record: RunRecord, claim: ClaimVerdict, case: Xml.Element) -> None:
    found = record.findings_of(claim)
    grave = [reported for reported in found if record.fails(reported.finding.severity)]
    about = f"{claim.statement}\n{claim.voice}: {record.place(claim.id)}"
    accepted = record.accepted_of(claim)
    if accepted and not found and claim.verdict not in ("undecided", "failed"):
        _outcome(case, "skipped", f"accepted: {'; '.join(each.reason for each in accepted)}", about)
    elif grave or (claim.promised and claim.verdict == "violated" and not found):
        reason = "; ".join(reported.finding.title for reported in grave) or claim.reason or claim.statement
        _outcome(case, "failure", reason, "\n\n".join((about, *map(_evidence, found))), type="violated")
    elif claim.verdict == "violated":
        why = "violated, below what fails the run" if found else "violated; the profile does not promise it"
        details = "\n\n".join((about, *map(_evidence, found)))
        _outcome(case, "skipped", f"{why}: {claim.reason}" if claim.reason else why, details)
    elif claim.verdict == "undecided" and claim.promised and record.fails("undecided"):
        _outcome(case, "failure", f"undecided: {claim.reason}", about, type="undecided")
    elif claim.verdict == "failed":
        _outcome(case, "error", f"failed to run: {claim.reason}", about, type="check_failed")
    elif claim.verdict == "undecided":
        _outcome(case, "skipped", f"undecided: {claim.reason}", about)


def _kind(record: RunRecord, kind: str) -> Xml.Element:
    suite = Xml.Element("testsuite", name="findings without a claim" if kind == "claim" else kind)
    of_claims = {reported.id for claim in record.claims for reported in record.findings_of(claim)}
    for reported in record.findings:
        if reported.finding.kind == kind and reported.id not in of_claims:
            finding = reported.finding
            case = _case(suite, finding.operation, f"{finding.title} [{reported.id}]")
            if record.fails(finding.severity):
                _outcome(case, "failure", finding.actual, _evidence(reported), type=finding.check)
            else:
                _outcome(case, "skipped", f"{finding.severity}: {finding.actual}", _evidence(reported))
    accepted_of_claims = {each.id for claim in record.claims for each in record.accepted_of(claim)}
    for each in record.accepted:
        if each.kind == kind and each.id not in accepted_of_claims:
            _outcome(_case(suite, each.operation, f"{each.title} [{each.id}]"), "skipped", f"accepted: {each.reason}")
    return suite


def _evidence(reported: ReportedFinding) -> str:
    finding = reported.finding
    lines = [
        f"{finding.severity}: {finding.title} [{reported.id}]",
        f"operation: {finding.operation}" + (f" at {finding.pointer}" if finding.pointer else ""),
        f"expected: {finding.expected}",
        f"actual: {finding.actual}",
        reported.curl,
    ]
    if finding.response is not None:
        lines.append(f"answer: {finding.response.status} {decode_body(finding.response.body)}")
    return "\n".join(truncate(each, _LENGTH) for each in lines)


def _case(suite: Xml.Element, classname: str, name: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=_escape_line(classname), name=_escape_line(name), time="0")


def _outcome(case: Xml.Element, outcome: str, message: str, details: str = "", **attributes: str) -> None:
    element = Xml.SubElement(case, outcome, message=_escape_line(truncate(message, _LENGTH)))
    element.attrib.update({name: _escape_line(value) for name, value in attributes.items()})
    element.text = _escape_illegal(escape_lines(details)) or None


def _count(element: Xml.Element) -> None:
    for attribute, name in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        element.set(attribute, str(sum(1 for _ in element.iter(name))))


def _escape_line(text: str) -> str:
    return _escape_illegal(escape_line(text))


def _escape_illegal(text: str) -> str:
    return _ILLEGAL.sub(lambda found: ascii(found[0])[1:-1], text)
