"""Events and records of runs, for tests of reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mockserver_contracts.exchange import Request, Response
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.curl import ApiKey, curl_line
from mockserver_contracts.results.events import ClaimDecided, FindingReported, RunEvent, RunFinished, RunStarted
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.verdict import ClaimVerdict, Verdict

from tests.contracts.runs import CLAIMS, KEY

URL: Final = "http://127.0.0.1:9000"
HOSTILE: Final = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{ 7*7 }}{% raw %}[bold red]x[/] ]]> &amp; &#x41;"
    " \x1b[2J\x1b]0;owned\x07 \x00\x08\x0b\x7f\x9b \u202etxt.exe\u2066 \ufffe\uffff \ud800 \U0001f4b8 é"
)
"""Text that looks like markup, steers a terminal, breaks XML or turns the reading direction."""


def a_finding(**changes: Any) -> Finding:
    """A server error, with changes."""
    parts: dict[str, Any] = {
        "kind": "fuzz",
        "check": "not_a_server_error",
        "operation": "GET /a",
        "pointer": "",
        "cause": "status 500",
        "severity": "error",
        "title": "Server error",
        "expected": "no 5xx",
        "actual": "500",
        "request": Request("GET", "http://127.0.0.1/a", {"x-access-token": KEY}),
        "response": Response(500, {"content-type": "text/plain"}, b"no"),
    }
    return Finding(**{**parts, **changes})


def a_drift(**changes: Any) -> Finding:
    """A difference between the mock and the target, with changes."""
    parts: dict[str, Any] = {
        "kind": "drift",
        "check": "drift-status",
        "operation": "POST /billing/checkout",
        "title": "Another status: 422 for 400",
        "expected": "400",
        "actual": "422",
        "severity": "warning",
        "response": Response(422, {}, b"{}"),
        "mock_response": Response(400, {}, b"{}"),
    }
    return a_finding(**{**parts, **changes})


def a_hostile_finding() -> Finding:
    """A finding with the texts of a hostile server."""
    raw = HOSTILE.encode("utf-8", "surrogatepass") + b"\xff\xfe\x80"
    return a_finding(
        title=HOSTILE,
        operation=HOSTILE.replace("\ud800", ""),
        expected=HOSTILE,
        actual=HOSTILE,
        request=Request("GET", "http://127.0.0.1/a", {"x-a": HOSTILE}, raw),
        response=Response(500, {HOSTILE: HOSTILE}, raw + b"a" * 3_000_000),
    )


def a_hostile_run() -> tuple[RunEvent, ...]:
    """A run with the texts of a hostile server."""
    finding = a_hostile_finding()
    claim = ClaimVerdict("checkout-is-a-post", "openapi", HOSTILE, True, "violated", HOSTILE, (finding.id,))
    return (
        RunStarted(HOSTILE, HOSTILE, 1),
        ClaimDecided(claim),
        ClaimDecided(ClaimVerdict("success-is-200", "openapi", HOSTILE, True, "undecided", HOSTILE)),
        FindingReported(finding, f"curl {HOSTILE}"),
        RunFinished(exit_code=1, requests_sent=3, duration=1.0, stopped=HOSTILE),
    )


def a_record(events: tuple[RunEvent, ...], **parts: Any) -> RunRecord:
    """The record of the events."""
    record = RunRecord(Redaction([KEY]), **{"version": "1", "claims": CLAIMS, **parts})
    for event in events:
        record.handle(event)
    return record


def a_verdict(claim: str, verdict: Verdict = "upheld", **changes: Any) -> ClaimDecided:
    """The verdict on a claim of the page."""
    of_page = next(each for each in CLAIMS if each.id == claim)
    parts: dict[str, Any] = {"promised": "page" in of_page.promised_by, "reason": "", "evidence": ()}
    return ClaimDecided(ClaimVerdict(claim, of_page.voice, of_page.text, verdict=verdict, **{**parts, **changes}))


@dataclass(frozen=True, slots=True)
class SampleFinding:
    """The parts of a finding, with defaults."""

    check: str
    operation: str
    title: str
    expected: str
    actual: str
    body: bytes = b""
    answer: bytes | None = b""
    status: int = 200
    pointer: str = ""
    kind: str = "fuzz"
    severity: str = "error"

    @property
    def finding(self) -> Finding:
        """The finding of these parts."""
        method, _, path = self.operation.partition(" ")
        headers = {"x-access-token": KEY, "content-type": "application/json"}
        media = "text/html; charset=utf-8" if (self.answer or b"").startswith(b"<") else "application/json"
        response = Response(
            self.status, {"date": "Mon, 01 Jan 2030 00:00:00 GMT", "content-type": media}, self.answer or b""
        )
        return a_finding(
            kind=self.kind,
            check=self.check,
            operation=self.operation,
            pointer=self.pointer,
            cause=self.title,
            severity=self.severity,
            title=self.title,
            expected=self.expected,
            actual=self.actual,
            request=Request(method, URL + path, headers, self.body),
            response=None if self.answer is None else response,
        )


SAMPLES: Final = (
    SampleFinding(
        "session-expires-after-24-hours",
        "POST /billing/checkout",
        "A session outlives its 24 hours",
        "24 hours after its creation the session is expired and can't be paid",
        "24 hours and one second later it is pending, and paying it completed it",
        b'{"amount": 50}',
        b'{"id":"cs_test_a1B2","status":"completed","created_at":"2030-01-01T00:00:00.000Z"}',
        kind="claim",
    ),
    SampleFinding(
        "credits-added-immediately",
        "GET /billing/usage",
        "Credits are missing after a payment",
        "credit_balance: 50",
        "credit_balance: 0",
        answer=b'{"success":true,"data":{"credit_balance":0,"usage_this_month":0,"breakdown":{}}}',
        pointer="/data/credit_balance",
        kind="claim",
    ),
    SampleFinding(
        "amount-whole-dollars",
        "POST /billing/checkout",
        "A fraction of a dollar is sold",
        "400, and no session",
        "200, and a session over 10.5 dollars",
        b'{"amount": 10.5}',
        b'{"success":true,"data":{"url":"https://checkout.stripe.com/c/pay/cs_test_a1B2c3D4"}}',
        kind="claim",
    ),
    SampleFinding(
        "key-in-x-access-token",
        "GET /billing/checkouts?x-access-token=sk-other",
        "A key in the query is taken",
        "the account of the key in the header",
        "the account of the key in the query, with its 3 sessions",
        answer=b'{"success":true,"data":[]}',
        kind="claim",
    ),
    SampleFinding(
        "not_a_server_error",
        "POST /billing/checkout",
        "Server error",
        "no answer of the 5xx family",
        "500",
        b'{"amount": 1e400, "plan_id": "' + b"a" * 300 + b'"}',
        b"<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal Server Error</h1>"
        + b"<pre>Traceback (most recent call last):\n  File app.py, line 12</pre>" * 12
        + b"</body></html>",
        500,
    ),
    SampleFinding(
        "response_schema_conformance",
        "GET /billing/invoices",
        "Response violates schema",
        "data/0/amount is a number",
        'data/0/amount is "50.00"',
        answer=b'{"success":true,"data":[{"id":"in_1","amount":"50.00"}]}',
        pointer="/data/0/amount",
    ),
    SampleFinding(
        "error_body",
        "POST /billing/checkout",
        "A refusal without the error body",
        '{"success": false, "message": ..., "error_code": ...}',
        '{"detail": "Bad Request"}',
        b"[1, 2, 3]",
        b'{"detail":"Bad Request"}',
        400,
    ),
    SampleFinding(
        "answers_in_time",
        "GET /billing/usage",
        "No whole answer",
        "an answer",
        "the connection was closed after 3 of 412 bytes",
        answer=None,
    ),
    SampleFinding(
        "pages_do_not_overlap",
        "GET /billing/checkouts?limit=2&offset=2",
        "Two pages of the list share a session",
        "each session on one page",
        "cs_test_a1B2 is on both",
        answer=b'{"success":true,"data":[{"id":"cs_test_a1B2"}]}',
    ),
    SampleFinding(
        "allow_header",
        "DELETE /billing/checkout",
        "405 without Allow",
        "Allow: POST, OPTIONS",
        "no Allow header",
        status=405,
        severity="warning",
    ),
    SampleFinding(
        "content_type",
        "POST /billing/checkout",
        "Another content type than documented",
        "application/json",
        "text/html; charset=utf-8",
        b"{",
        b"<h1>Bad request</h1>",
        400,
        severity="warning",
    ),
    SampleFinding(
        "response_time",
        "GET /billing/checkouts",
        "The list grows slow",
        "below 1 s",
        "1.4 s with 200 sessions",
        severity="info",
    ),
)
"""A dozen findings of every severity."""

_VIOLATED: Final = {sample.check: sample for sample in SAMPLES if sample.kind == "claim"}
_UNDECIDED: Final = {
    "success-url-after-payment": "no control: the target has no /_mock, so nothing can be paid",
    "cancel-url-after-cancellation": "no control: the target has no /_mock, so nothing can be cancelled",
    "production-server": "a rail forbids it",
    "staging-server": "a rail forbids it",
    "preferred-payment-method": "it can't be seen without a browser",
}


def _decided_claims() -> Iterator[RunEvent]:
    for claim in CLAIMS:
        name = claim.id
        if (sample := _VIOLATED.get(name)) is not None:
            yield a_verdict(name, "violated", reason=sample.actual, evidence=(sample.finding.id,))
        elif name in _UNDECIDED:
            yield a_verdict(name, "undecided", reason=_UNDECIDED[name])
        elif "page" in claim.promised_by or name == "amount-any-number":
            yield a_verdict(name)
        else:
            yield a_verdict(name, "violated", reason="a request without anything to buy is refused with 400")


def a_run_with_a_dozen_findings() -> tuple[RunEvent, ...]:
    """A run on a server with a dozen broken promises."""
    key = ApiKey(KEY, "VIDEO_DB_API_KEY")
    found = (FindingReported(sample.finding, curl_line(sample.finding.request, key)) for sample in SAMPLES)
    end = RunFinished(exit_code=1, requests_sent=1_204, duration=8.31)
    return (RunStarted(URL, "page", 7), *_decided_claims(), *found, end)
