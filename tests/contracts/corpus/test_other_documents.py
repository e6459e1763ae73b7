"""A document that is not VideoDB's has a corpus too, its sequences included."""

from __future__ import annotations

import pytest
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import SERVE_URL, Target
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport

from tests.contracts.corpus.documents import with_a_link
from tests.contracts.runs import Run
from tests.contracts.servers.videos import DEFECTS, Videos


def run_on(server: Videos) -> Run:
    transport = AsgiTransport(server, SERVE_URL)
    target = Target("videos", SERVE_URL, ApiKey("sk-any", "KEY"), transport, transport.close, is_mock=False)
    subject = Subject("page", with_a_link(), frozenset(), lambda: target)
    return Run(tuple(run_plan(RunPlan("videos", (subject,), seed=1, max_examples=10))))


@pytest.mark.slow
def test_true_server_of_another_document_has_no_finding() -> None:
    run = run_on(Videos())
    # That 415 is the better word for a body of another type is a remark.
    assert [finding.title for finding in run.findings if finding.severity != "info"] == []
    assert run.end.exit_code == 0


@pytest.mark.slow
def test_sequence_uses_the_ids_of_this_server() -> None:
    server = Videos()
    run_on(server)
    assert any(name.startswith("v-") for name in server.looked_at)


@pytest.mark.slow
@pytest.mark.parametrize("defect", DEFECTS)
def test_wrong_server_of_another_document_is_found(defect: str) -> None:
    run = run_on(Videos(defect))
    assert DEFECTS[defect] in {finding.check for finding in run.findings}
