"""An operation of the contract that a target lacks is one finding, the first of the report."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from mockserver_contracts.document.operations import INVOICES, TOPUP

from tests.contracts.runs import run_on, target_of
from tests.contracts.servers.independent import Other, Receive, Send


class Lacking:
    """The other server without some of its paths."""

    def __init__(self, *paths: str, status: int = 404, defect: str | None = None) -> None:
        self._other = Other(defect)
        self._paths = paths
        self._status = status

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"] not in self._paths:
            await self._other(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("status", [404, 405, 501])
def test_missing_operations_are_warnings_on_a_foreign_server(status: int) -> None:
    run = run_on(target_of(Lacking(INVOICES, TOPUP, status=status), is_mock=False))
    assert {(finding.operation, finding.severity) for finding in run.findings} == {
        (f"GET {INVOICES}", "warning"),
        (f"POST {TOPUP}", "warning"),
    }
    assert run.end.exit_code == 0


def test_missing_operation_comes_before_graver_findings() -> None:
    run = run_on(target_of(Lacking(INVOICES, defect="html_on_refusal"), is_mock=False))
    assert [finding.severity for finding in run.findings][:2] == ["warning", "error"]
    assert run.findings[0].title == "The target lacks an operation of the contract"


def test_missing_operation_is_an_error_on_a_server_of_the_document_and_when_strict() -> None:
    own = replace(target_of(Lacking(INVOICES), is_mock=False), is_of_document=True)
    [finding] = run_on(own).findings
    assert (finding.operation, finding.severity) == (f"GET {INVOICES}", "error")
    strict = run_on(target_of(Lacking(INVOICES), is_mock=False), strict=True)
    assert f"GET {INVOICES}" in {finding.operation for finding in strict.findings if finding.severity == "error"}
