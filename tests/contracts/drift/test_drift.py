"""A server compared with the mock: what is different, each once, and nothing else."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from typing import Any

import pytest
from mockserver_contracts.defects import DEFECTS as SEEDED
from mockserver_contracts.defects import with_defects
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, USAGE
from mockserver_contracts.results.events import RunProgress
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.rails.safety import forbids_spending
from mockserver_contracts.target.target import mock_in_process, open_target

from mockserver import create_app, running
from tests.contracts.runs import PART, Run, document, drift_of, target_of
from tests.contracts.servers.independent import DEEP_DEFECTS, DEFECTS, Other, Receive, Send
from tests.matrix import IS_LONG, SEEDS, long_but

# What the other server, which is right, does otherwise than the mock.
REAL = {
    "The target takes what the mock refuses: a number too large",
    "The target takes what the mock refuses: duplicate keys",
    "The target takes what the mock refuses: a lone surrogate",
    "The target takes what the mock refuses: a lone surrogate in plan_id",
    "The target takes what the mock refuses: query limit: twice",
    # NaN for a text is no JSON to one parser, and a wrong type to the other.
    "Another word at /error_code of 4xx: invalid_request for invalid_json",
    "The target takes what the mock refuses: deep nesting",
    "The target takes what the mock refuses: a large body",
    "Another status: 415 for 400",
    "Another word at /error_code of 4xx: unsupported_media_type for invalid_json",
    "The target has no /errors of 4xx",
    "Other words for people at /message of 4xx",
    "Other words for people at /message of 2xx",
    "Page of an expired session: status 200 for 410",
    "A path with a slash more: outcome refused for accepted",
    "A path with repeated slashes: outcome refused for accepted",
}
# A defect that keeps a server from being tested at all.
OUTAGES = {
    "401_to_everything": "key_refused",
    "403_to_everything": "key_refused",
    "429_to_everything": "rate_limited",
    "503_to_everything": "unavailable",
}
# Each by itself is a run of its own; `make test-long` takes them all.
ALL = DEFECTS + DEEP_DEFECTS
NOTICED = [defect for defect in ALL if defect not in OUTAGES]
ONE_CAUSE = ("500_to_everything", "credits_twice", "400_to_everything", "html_to_everything")
# A run sends each entry of the corpus four times. Where a part of a run shows the same, `make test` runs that part.
Parts = tuple[tuple[str, Any], ...]
MOST: Parts = (("origins", PART),)
CHECKS: Parts = (("fuzz", False),)
CORPUS: Parts = (("claims", None), ("rules", False), ("origins", PART))
# Only the coverage phase sends other methods.
METHODS: Parts = (("claims", None), ("rules", False), ("origins", frozenset({"coverage"})))
# One of replies, of methods and of time.
PART_THAT_SHOWS = {"html_on_refusal": CORPUS, "wrong_allow": METHODS, "never_expires": CHECKS}


def other(defect: str | None = None, **changes: Any) -> Run:
    return drift_of(target_of(Other(defect, control=True), is_mock=False), **changes)


@cache
def correct(parts: Parts = ()) -> Run:
    """The run on the other server without a defect; its drifts are the baseline."""
    return other(**dict(parts))


def new_ids(defect: str, parts: Parts) -> set[str]:
    return other(defect, **dict(parts)).ids - correct(parts).ids


@pytest.mark.parametrize("profile", long_but("page", of=["page", "openapi"]))
@pytest.mark.parametrize("seed", SEEDS)
def test_mock_does_not_drift_from_itself(seed: int, profile: str) -> None:
    run = drift_of(mock_in_process(profile), profile=profile, seed=seed, origins=None if profile == "page" else PART)
    assert run.findings == ()
    assert (run.end.exit_code, run.end.failure) == (0, None)


def test_mock_by_url_equals_the_mock_in_process() -> None:
    with running() as mock:
        run = drift_of(open_target(mock.url, document(), {}, token_env=None), **dict(() if IS_LONG else CORPUS))
    assert run.findings == ()
    assert (run.end.exit_code, run.end.failure) == (0, None)


def test_real_differences_of_a_correct_server_are_reported_once() -> None:
    run = correct()
    assert {finding.title for finding in run.findings} == REAL
    # Both lists take a limit that comes twice.
    assert len(run.findings) == len(REAL) + 1
    assert {finding.kind for finding in run.findings} == {"drift"}
    assert run.end.exit_code == 1
    for finding in run.findings:
        assert finding.mock_response is not None
        assert finding.response is not None


@pytest.mark.long
def test_second_run_finds_the_same_and_nothing_new() -> None:
    # The parts of a run, each by itself on a server of its own, are its second run.
    assert correct(CHECKS).ids | correct(CORPUS).ids == correct(MOST).ids
    assert correct(MOST).ids <= correct().ids


def test_server_without_a_control_api_is_compared_by_its_answers() -> None:
    run = drift_of(target_of(Other(), is_mock=False))
    assert {finding.title for finding in run.findings} == REAL - {"Page of an expired session: status 200 for 410"}


@pytest.mark.parametrize("defect", long_but("401_to_everything", "503_to_everything", of=OUTAGES))
def test_server_that_refuses_everything_is_not_tested(defect: str) -> None:
    run = drift_of(target_of(Other(defect), is_mock=False))
    assert (run.end.exit_code, run.end.failure and run.end.failure.code) == (3, OUTAGES[defect])
    assert run.findings == ()


@pytest.mark.parametrize("defect", long_but(*PART_THAT_SHOWS, of=NOTICED))
def test_defect_is_noticed_beside_the_baseline(defect: str) -> None:
    assert new_ids(defect, () if IS_LONG else PART_THAT_SHOWS.get(defect, ()))


@pytest.mark.parametrize(
    ("defect", "step"),
    [
        ("payments-without-an-invoice", "Invoices after two payments: "),
        ("top-ups-credit-nothing", "Pay a top-up: "),
        ("use-is-not-counted", "change of usage this month"),
        ("recharged-at-the-threshold", "Consume to the threshold: "),
        ("recharge-settings-are-lost", "Set auto recharge: "),
    ],
)
def test_billing_family_is_compared_step_by_step(defect: str, step: str) -> None:
    run = drift_of(target_of(with_defects(create_app(), [SEEDED[defect]])), claims=None, rules=False, fuzz=False)
    assert any(step in finding.title for finding in run.findings), [each.title for each in run.findings]


@pytest.mark.parametrize("defect", long_but(ONE_CAUSE[0], of=ONE_CAUSE))
def test_one_cause_makes_few_drifts(defect: str) -> None:
    # A server that answers nothing rightly drifts in every operation, and in what its sessions come to.
    assert len(new_ids(defect, MOST)) <= 50


def test_voices_are_decided_claim_by_claim() -> None:
    run = other("snake_case_ignored", rules=False, fuzz=False)
    assert "redirects-in-snake-case" in run.verdicts("violated")
    assert "redirects-in-camel-case" in run.verdicts("upheld")


def test_changing_answers_make_no_drift() -> None:
    class Moody:
        def __init__(self) -> None:
            self._server = Other()
            self._asked = 0

        async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
            self._asked += 1
            mood = self._asked

            async def changed(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.body":
                    body = message["body"].replace(b'"success": false', b'"mood": "m%d", "success": false' % mood)
                    message = {**message, "body": body}
                await send(message)

            await self._server(scope, receive, changed)

    moody = drift_of(target_of(Moody(), is_mock=False), origins=PART)
    assert not [finding for finding in moody.findings if "m1" in finding.actual or "m2" in finding.actual]
    assert {finding.title for finding in moody.findings} - REAL == {"The mock has no /mood of 4xx"}


def test_drift_on_rails_keeps_its_budget_and_makes_unpaid_sessions_only() -> None:
    server = Other()
    limits = Limits(requests=400, forbids=forbids_spending)
    run = drift_of(target_of(server, is_mock=False, limits=limits))
    assert run.end.requests_sent == len(server.seen) <= 400
    assert run.end.stopped is None
    declared = {("POST", CHECKOUT), *(("GET", path) for path in (CHECKOUTS, USAGE, INVOICES, AUTO_RECHARGE))}
    assert {(method, path) for method, path, _, _ in server.seen} == declared
    assert {session["amount"] for sessions in server.sessions.values() for session in sessions} <= {1, None}
    assert {session["status"] for sessions in server.sessions.values() for session in sessions} == {"pending"}
    assert {finding.title for finding in run.findings} < REAL


def test_rails_send_both_servers_the_same_part_of_the_corpus() -> None:
    server, again = Other(), Other()
    for one in (server, again):
        drift_of(target_of(one, is_mock=False, limits=Limits(requests=400, forbids=forbids_spending)))
    assert [body for _, _, body, _ in server.seen] == [body for _, _, body, _ in again.seen]


def test_drift_of_claims_alone_sends_no_corpus() -> None:
    phases = {event.phase for event in correct(CHECKS).events if isinstance(event, RunProgress)}
    assert phases == {"claims", "rules", "trace"}


def test_warning_of_a_rule_is_a_drift() -> None:
    target = target_of(with_defects(create_app(), [SEEDED["shared-caches-keep-balances"]]), is_mock=False)
    run = drift_of(target, claims=[], rule_names=frozenset({"rule-answers-are-private"}), fuzz=False)
    found = {(each.check, each.kind, each.severity) for each in run.findings}
    assert ("rule-answers-are-private", "drift", "warning") in found
