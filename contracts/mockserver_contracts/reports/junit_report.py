"""The run as JUnit XML: what is red there is what fails the run.

Rule 1: a claim is a test case of its voice, any other finding one of its kind; that the target can be tested is one.
Rule 2: undecided, or violated and not promised, is skipped with the reason.
Rule 3: accepted is skipped with the reason.
Rule 4: an outage is an error, never a failure.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as Xml

from mockserver_contracts.reports.record import Record, Shown
from mockserver_contracts.reports.text import body_text, cut, lines, printable
from mockserver_contracts.reports.voices import VOICES
from mockserver_contracts.results.verdict import ClaimVerdict

_MOST: Final = 4_000
# XML 1.0 knows neither; Python calls some of them printable.
_NO_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(record: Record) -> str:
    """The record as a JUnit document."""
    suites = [_target(record), *(_voice(record, voice) for voice in _voices(record))]
    suites += [_kind(record, kind) for kind in ("claim", "fuzz", "drift")]
    root = Xml.Element("testsuites", name="mockserver check", time=f"{record.end.duration:.3f}")
    root.extend(suite for suite in suites if len(suite))
    for element in (*root, root):
        _count(element)
    for suite in root:
        suite.set("timestamp", record.began.isoformat(timespec="seconds").removesuffix("+00:00"))
        suite.set("hostname", _line(record.target) or "unknown")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _voices(record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*VOICES, *(claim.voice for claim in record.claims))))


def _target(record: Record) -> Xml.Element:
    suite, end = Xml.Element("testsuite", name="target"), record.end
    properties = Xml.SubElement(suite, "properties")
    for name, value in (("profile", record.profile), ("seed", record.seed), ("requests_sent", end.requests_sent)):
        Xml.SubElement(properties, "property", name=name, value=_line(str(value)))
    case = _case(suite, "target", "the target can be tested")
    if end.failure is not None:
        _outcome(case, "error", end.failure.message, type=end.failure.code)
    elif end.stopped is not None and end.exit_code == 3:
        _outcome(case, "error", end.stopped, type="broke_off")
    elif end.stopped is not None:
        _outcome(case, "skipped", f"incomplete: {end.stopped}")
    return suite


def _voice(record: Record, voice: str) -> Xml.Element:
    suite = Xml.Element("testsuite", name=voice)
    for claim in record.claims:
        if claim.voice == voice:
            _claim(record, claim, _case(suite, voice, claim.id))
    return suite


def _claim(record: Record, claim: ClaimVerdict, case: Xml.Element) -> None:
    found = record.findings_of(claim)
    grave = [shown for shown in found if record.fails(shown.finding.severity)]
    about = f"{claim.statement}\n{claim.voice}: {record.place(claim.id)}"
    accepted = record.accepted_of(claim)
    if accepted and not found and claim.verdict != "undecided":
        _outcome(case, "skipped", f"accepted: {'; '.join(each.reason for each in accepted)}", about)
    elif grave or (claim.promised and claim.verdict == "violated" and not found):
        reason = "; ".join(shown.finding.title for shown in grave) or claim.reason or claim.statement
        _outcome(case, "failure", reason, "\n\n".join((about, *map(_evidence, found))), type="violated")
    elif claim.verdict == "violated":
        why = "violated, below what fails the run" if found else "violated; the profile does not promise it"
        details = "\n\n".join((about, *map(_evidence, found)))
        _outcome(case, "skipped", f"{why}: {claim.reason}" if claim.reason else why, details)
    elif claim.verdict == "undecided" and claim.promised and record.fails("undecided"):
        _outcome(case, "failure", f"undecided: {claim.reason}", about, type="undecided")
    elif claim.verdict == "undecided":
        _outcome(case, "skipped", f"undecided: {claim.reason}", about)


def _kind(record: Record, kind: str) -> Xml.Element:
    suite = Xml.Element("testsuite", name="findings without a claim" if kind == "claim" else kind)
    told = {shown.id for claim in record.claims for shown in record.findings_of(claim)}
    for shown in record.findings:
        if shown.finding.kind == kind and shown.id not in told:
            case = _case(suite, shown.finding.operation, f"{shown.finding.title} [{shown.id}]")
            if record.fails(shown.finding.severity):
                _outcome(case, "failure", shown.finding.actual, _evidence(shown), type=shown.finding.check)
            else:
                _outcome(case, "skipped", f"{shown.finding.severity}: {shown.finding.actual}", _evidence(shown))
    of_claims = {each.id for claim in record.claims for each in record.accepted_of(claim)}
    for each in record.accepted:
        if each.kind == kind and each.id not in of_claims:
            _outcome(_case(suite, each.operation, f"{each.title} [{each.id}]"), "skipped", f"accepted: {each.reason}")
    return suite


def _evidence(shown: Shown) -> str:
    finding = shown.finding
    told = [
        f"{finding.severity}: {finding.title} [{shown.id}]",
        f"operation: {finding.operation}" + (f" at {finding.pointer}" if finding.pointer else ""),
        f"expected: {finding.expected}",
        f"actual: {finding.actual}",
        shown.curl,
    ]
    if finding.response is not None:
        told.append(f"answer: {finding.response.status} {body_text(finding.response.body)}")
    return "\n".join(cut(each, _MOST) for each in told)


def _case(suite: Xml.Element, classname: str, name: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=_line(classname), name=_line(name), time="0")


def _outcome(case: Xml.Element, outcome: str, message: str, details: str = "", **attributes: str) -> None:
    element = Xml.SubElement(case, outcome, message=_line(cut(message, _MOST)))
    element.attrib.update({name: _line(value) for name, value in attributes.items()})
    element.text = _legal(lines(details)) or None


def _count(element: Xml.Element) -> None:
    for attribute, name in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        element.set(attribute, str(sum(1 for _ in element.iter(name))))


def _line(text: str) -> str:
    return _legal(printable(text))


def _legal(text: str) -> str:
    return _NO_XML.sub(lambda found: ascii(found[0])[1:-1], text)
