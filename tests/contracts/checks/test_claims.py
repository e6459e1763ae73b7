"""A correct server upholds every promised claim. A claim that needs a missing ability stays undecided."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from mockserver_contracts.corpus import DEFAULT_EXAMPLES
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.rails.safety import forbids_spending
from mockserver_contracts.target.target import mock_in_process, open_target

from mockserver import running
from tests.contracts.runs import checked_by, checked_on, document, target_of
from tests.contracts.servers.independent import Other, Receive, Send
from tests.contracts.servers.local import serving
from tests.matrix import IS_LONG, SEEDS, long_but

OF_STATE = {
    "success-url-after-payment",
    "cancel-url-after-cancellation",
    "session-expires-after-24-hours",
    "completed-session-does-not-expire",
    "credits-added-immediately",
    "no-credits-without-payment",
    "list-shows-every-session-with-its-status",
    "redirects-in-snake-case",
    "redirects-in-camel-case",
}


class Without:
    """A server without some of its paths."""

    def __init__(self, server: Other, *paths: str, status: int = 404) -> None:
        self._server, self._paths, self._status = server, paths, status

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self._paths):
            headers = [(b"content-type", b"application/json")]
            body = b'{"success": false, "message": "Not here.", "error_code": "not_found"}'
            await send({"type": "http.response.start", "status": self._status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        else:
            await self._server(scope, receive, send)


# The tests of the command `check` run the other profiles. The package has no corpus of this one; few requests do.
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", long_but("observed", of=["page", "openapi", "observed"]))
def test_mock_in_process_upholds_every_promised_claim(profile: str, seed: int) -> None:
    few = DEFAULT_EXAMPLES if IS_LONG else 1
    run = checked_on(mock_in_process(profile), profile=profile, seed=seed, fuzz=True, max_examples=few)
    assert run.findings == ()
    assert run.verdicts("violated") == run.verdicts("undecided") == set()
    assert run.end.exit_code == 0


@pytest.mark.parametrize("profile", long_but("page", of=["page", "openapi", "observed"]))
def test_mock_by_url_upholds_every_promised_claim(profile: str) -> None:
    with running(store="memory", profile=profile) as mock:
        run = checked_on(open_target(mock.url, document(profile), {}, token_env=None), profile=profile, strict=True)
    assert run.findings == ()
    assert run.verdicts("violated") == run.verdicts("undecided") == set()


@pytest.mark.parametrize("is_mock", long_but(False, of=[True, False]))
@pytest.mark.parametrize("seed", SEEDS)
def test_other_server_with_a_control_api_upholds_every_promised_claim(seed: int, *, is_mock: bool) -> None:
    target = target_of(Other(is_mock=is_mock, control=True), is_mock=is_mock)
    run = checked_on(target, seed=seed, fuzz=True, second_key="sk-of-somebody-else")
    assert run.findings == ()
    assert run.verdicts("violated") == run.verdicts("undecided") == set()


def test_control_api_without_frozen_clock_and_cards_decides_every_claim() -> None:
    run = checked_on(target_of(Other(control=True, plain=True), is_mock=False))
    assert run.findings == ()
    assert run.verdicts("violated") == run.verdicts("undecided") == set()
    target = target_of(Other("lives_25_hours", control=True, plain=True), is_mock=False)
    late = checked_by("session-expires-after-24-hours", target)
    assert "session-expires-after-24-hours" in late.verdicts("violated")


def test_other_server_by_url_upholds_every_promised_claim() -> None:
    with serving(Other(control=True)) as url:
        run = checked_on(open_target(url, document(), {"VIDEO_DB_API_KEY": "sk-tests"}, token_env=None))
    assert run.findings == ()
    assert run.verdicts("violated") == run.verdicts("undecided") == set()


def test_claims_of_state_are_undecided_without_a_control_api() -> None:
    run = checked_on(target_of(Other(), is_mock=False), fuzz=True)
    assert run.findings == ()
    assert run.verdicts("undecided") == OF_STATE
    assert run.verdicts("violated") == set()
    reasons = {event.claim.reason for event in run.claims if event.claim.id in OF_STATE}
    assert reasons <= {
        "no clock control",
        "no control of payments",
        "no control of cancellations",
        "only pending sessions can be made",
    }


@pytest.mark.parametrize("status", [404, 405, 501])
def test_claims_of_missing_operations_are_undecided(status: int) -> None:
    server = Without(Other(control=True), "/billing/checkouts", "/billing/usage", status=status)
    run = checked_on(target_of(server, is_mock=False))
    assert run.findings == ()
    assert {"list-shows-every-session-with-its-status", "usage-shows-use-and-balance"} <= run.verdicts("undecided")
    assert "session-expires-after-24-hours" in run.verdicts("upheld")


def test_server_with_the_checkout_alone_has_no_finding() -> None:
    server = Without(Other(), "/billing/checkouts", "/billing/usage", "/_mock")
    assert checked_on(target_of(server, is_mock=False)).findings == ()


def test_url_that_leads_nowhere_on_the_targets_own_host_is_a_violation() -> None:
    run = checked_on(target_of(Without(Other(), "/c/pay"), is_mock=False))
    assert {finding.check for finding in run.findings} == {"checkout-answers-with-its-url"}
    assert run.verdicts("violated") == {"checkout-answers-with-its-url"}


def test_unpromised_claim_gets_a_verdict_and_no_finding() -> None:
    run = checked_on(mock_in_process("page"))
    assert {"no-field-is-required", "amount-any-number", "url-is-on-stripe"} <= run.verdicts("violated", promised=False)
    assert run.findings == ()
    assert run.end.exit_code == 0


def test_violated_promise_is_a_finding_and_evidence_of_its_claim() -> None:
    run = checked_on(target_of(Other("pays_again", control=True)), rules=False)
    assert run.findings == ()
    run = checked_on(target_of(Other("never_expires", control=True)), rules=False)
    [claim] = [event.claim for event in run.claims if event.claim.verdict == "violated" and event.claim.promised]
    assert claim.id == "session-expires-after-24-hours"
    assert set(claim.evidence) == run.ids
    assert all(finding.kind == "claim" for finding in run.findings)
    assert run.end.exit_code == 1


def test_second_run_has_the_same_requests_and_verdicts() -> None:
    first, again = Other("credits_twice", control=True), Other("credits_twice", control=True)
    one, two = (checked_on(target_of(other)) for other in (first, again))
    assert [seen[:3] for seen in first.seen if "/c/pay" not in seen[1]] == [
        seen[:3] for seen in again.seen if "/c/pay" not in seen[1]
    ]
    assert one.ids == two.ids
    assert one.claims == two.claims


def test_claims_take_few_requests() -> None:
    assert checked_on(mock_in_process("page")).end.requests_sent < 1_200
    assert checked_on(mock_in_process("page"), rules=False).end.requests_sent < 250


def test_claims_beyond_the_time_budget_are_undecided() -> None:
    run = checked_on(target_of(Other(control=True)), time_budget=0.0)
    assert run.verdicts("upheld") == run.verdicts("violated") == set()
    assert run.end.stopped == "the time budget is spent"
    assert run.findings == ()


def test_rails_forbid_payments_clock_and_undeclared_paths() -> None:
    other = Other(control=True)
    limits = Limits(requests=400, forbids=forbids_spending)
    run = checked_on(target_of(other, is_mock=False, limits=limits))
    assert run.findings == ()
    assert run.verdicts("undecided") >= OF_STATE
    assert run.end.requests_sent < 250
    paths = {(method, path) for method, path, _, _ in other.seen}
    assert paths == {("POST", "/billing/checkout"), ("GET", "/billing/checkouts"), ("GET", "/billing/usage")}
    assert {session["amount"] for sessions in other.sessions.values() for session in sessions} <= {1, None}


def test_checks_use_further_keys_only_if_every_key_opens_an_account() -> None:
    is_open, is_closed = Other(control=True), Other(control=True, keys=("sk-check-tests",))
    for other in (is_open, is_closed):
        assert checked_on(target_of(other, is_mock=False)).findings == ()
    made = {key for key, sessions in is_closed.sessions.items() if sessions}
    assert made == {"sk-check-tests"}
    assert len({key for key, sessions in is_open.sessions.items() if sessions}) > 2


@pytest.mark.parametrize(
    ("defect", "code"),
    [
        ("401_to_everything", "key_refused"),
        ("403_to_everything", "key_refused"),
        ("429_to_everything", "rate_limited"),
        ("503_to_everything", "unavailable"),
    ],
)
def test_target_that_refuses_everything_is_not_tested(defect: str, code: str) -> None:
    run = checked_on(target_of(Other(defect), is_mock=False))
    assert run.end.exit_code == 3
    assert run.end.failure is not None
    assert run.end.failure.code == code
    assert run.findings == ()
    assert run.verdicts("upheld") == run.verdicts("violated") == set()


def test_control_api_may_have_another_url() -> None:
    other = Other(control=True)
    with serving(other) as url, serving(Without(other, "/_mock")) as front:
        target = open_target(front, document(), {"VIDEO_DB_API_KEY": "sk-tests"}, token_env=None)
        run = checked_on(target, control=f"{url}/_mock", rules=IS_LONG)
    assert run.findings == ()
    assert run.verdicts("undecided") == set()
