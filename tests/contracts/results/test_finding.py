"""A finding's id, and the repeats of a finding."""

from __future__ import annotations

from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.results.finding import SEVERITIES, Findings

from tests.contracts.reports.runs import (
    a_finding,
)


def test_id_derives_from_kind_check_operation_pointer_and_cause_alone() -> None:
    same = a_finding(title="x", expected="x", actual="x", severity="info", response=None)
    assert same.id == a_finding().id
    others = {a_finding(**{name: "x"}).id for name in ("kind", "check", "operation", "pointer", "cause")}
    assert len(others - {a_finding().id}) == 5


def test_repeats_are_one_finding_with_the_smallest_request() -> None:
    findings = Findings()
    small = Request("GET", "http://127.0.0.1/", {})
    for request in (a_finding().request, small, a_finding().request):
        findings.add(a_finding(request=request))
    assert [finding.request for finding in findings.sorted()] == [small]


def test_repeats_are_one_finding_of_the_worst_severity_with_its_request() -> None:
    small = Request("GET", "http://127.0.0.1/", {})
    harmless, harmful = a_finding(severity="info", request=small), a_finding(severity="error")
    for order in ((harmless, harmful), (harmful, harmless)):
        findings = Findings()
        for finding in order:
            findings.add(finding)
        [kept] = findings.sorted()
        assert (kept.severity, kept.request) == ("error", harmful.request)


def test_finding_is_known_if_it_is_no_more_severe() -> None:
    findings = Findings()
    findings.add(a_finding(severity="warning"))
    known = [severity for severity in SEVERITIES if a_finding(severity=severity) in findings]
    assert known == ["warning", "info"]


def test_very_long_answer_is_kept_by_its_beginning_and_shared() -> None:
    long, short = Response(200, {"a": "b"}, b"x" * 3_000_000), Response(200, {}, b"y" * 100_000)
    step = (Exchange(a_finding().request, long),)
    findings = Findings()
    for check in ("one", "other"):
        findings.add(a_finding(check=check, response=long, mock_response=short, steps=(step,)))
    one, other = findings.sorted()
    assert one.response is not None
    assert other.response is not None
    assert len(one.response.body) < 300_000
    assert one.response.body is other.response.body is one.steps[0][0].response.body
    assert one.response.headers == long.headers
    assert one.mock_response is short
