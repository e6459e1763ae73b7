"""The coverage of the contract by a run, for a report that asks for it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
from mockserver_contracts.exchange import Exchange, Headers, Request, Response
from mockserver_contracts.reports.coverage.document import render_coverage
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import CoverageMeasured
from mockserver_contracts.run.coverage import ExchangeCount
from mockserver_contracts.target.target import mock_in_process

from mockserver import Settings, create_app
from mockserver.contract import spec_folder
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import read_report
from tests.contracts.reports.runs import a_record
from tests.contracts.runs import CLAIMS, Run, checked_by, checked_on, document, drift_of, target_of
from tests.coverage.counted import a_contract, an_exchange, counted
from tests.coverage.rendering.reports import a_report

CLAIM = next(claim for claim in CLAIMS if claim.id == "url-in-data")


def coverage_of(run: Run) -> CoverageReport:
    [measured] = [event for event in run.events if isinstance(event, CoverageMeasured)]
    return measured.report


def test_claims_of_a_check_touch_every_claim_that_can_be_touched() -> None:
    target = mock_in_process("observed")
    report = coverage_of(checked_on(target, profile="observed", rules=False, counts_coverage=True))
    assert [claim.id for claim in report.untouched] == []
    assert {claim.id for claim in report.claims if claim.untouchable} == {
        "preferred-payment-method",
        "production-server",
        "staging-server",
    }


def test_run_counts_nothing_unless_asked() -> None:
    run = checked_by(CLAIM.id, mock_in_process("page"))
    assert not [event for event in run.events if isinstance(event, CoverageMeasured)]


def test_drift_counts_the_exchanges_with_the_target_alone() -> None:
    app, paths = create_app(Settings()), []

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] not in ("OPTIONS", "HEAD"):
            paths.append(scope["path"])
        await app(scope, receive, send)

    run = drift_of(target_of(counting), claims=[CLAIM], rules=False, fuzz=False, counts_coverage=True)
    assert coverage_of(run).exchanges == sum(not path.startswith(("/_mock", "/c/")) for path in paths) > 0


def test_control_api_elsewhere_counts_as_that_of_the_mock() -> None:
    count = ExchangeCount(document(), "page")
    session = {"id": "cs_test_1", "account": "acct_one", "success_url": "https://a.example/"}
    reply = json.dumps({"session": session, "redirect_url": "https://a.example/"}).encode()
    request = Request("POST", "http://127.0.0.1:9/control/sessions/cs_test_1/pay", Headers([]), b"{}")
    exchange = Exchange(request, Response(200, {"content-type": "application/json"}, reply))
    count.listener("http://127.0.0.1:9/control", below="/_mock")(exchange)
    touched = {claim.id for claim in count.report().claims if claim.count}
    assert touched == {"success-url-after-payment"}


def test_report_is_json_that_the_command_reads() -> None:
    text = render_coverage(a_record((CoverageMeasured(a_report()),)))
    jsonschema_rs.validate(json.loads((spec_folder() / "coverage.schema.json").read_text("utf-8")), json.loads(text))
    assert read_report(json.loads(text)) == a_report()


def test_report_shows_no_key() -> None:
    contract = a_contract(responses={"200": {"content": {"application/json": {}}}})
    report = counted(contract, an_exchange(media_type="text/sk-secret-of-a-server"))
    record = RunRecord(Redaction(("sk-secret-of-a-server",)), version="1")
    record.handle(CoverageMeasured(report))
    assert "sk-secret" not in render_coverage(record)
    assert "status 200 with text/" in render_coverage(record)
