"""Each defect of state, money, time, keys and requests is found in the other server, whatever the target lets us do."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import pytest
from mockserver_contracts.results.grouping import group_by_cause
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan

from tests.contracts.runs import PART, Run, checked_by, checked_on, document, target_of
from tests.contracts.servers.accounts import Account, Books
from tests.contracts.servers.independent import DEEP_DEFECTS, Other, Receive, Send
from tests.matrix import IS_LONG, long_but

FOUND_BY = {
    "lives_25_hours": "session-expires-after-24-hours",
    "lives_23_hours": "session-expires-after-24-hours",
    "never_expires": "session-expires-after-24-hours",
    "expires_a_second_late": "session-expires-after-24-hours",
    "expired_can_be_paid": "session-expires-after-24-hours",
    "expired_on_the_list_only": "rule-expired-stays-expired",
    "completed_expires": "completed-session-does-not-expire",
    "credits_twice": "credits-added-immediately",
    "credits_a_stranger": "rule-accounts-are-apart",
    "credits_half": "credits-added-immediately",
    "credits_late": "credits-added-immediately",
    "credits_at_creation": "no-credits-without-payment",
    "credits_on_cancel": "no-credits-without-payment",
    "credits_on_decline": "rule-declined-changes-nothing",
    "decline_completes": "rule-declined-changes-nothing",
    "decline_closes": "rule-declined-changes-nothing",
    "cancel_expires": "rule-cancelled-changes-nothing",
    "pays_again": "rule-paid-once",
    "charges_always_one": "rule-credits-as-sold",
    "same_id_twice": "rule-no-two-sessions-alike",
    "ids_again_after_100": "rule-no-two-sessions-alike",
    "list_omits_expired": "list-shows-every-session-with-its-status",
    "list_omits_completed": "list-shows-every-session-with-its-status",
    "list_ignores_offset": "rule-list-in-order-and-in-pages",
    "list_of_everyone": "rule-accounts-are-apart",
    "list_keeps_fifty": "rule-no-two-sessions-alike",
    "list_amount_in_cents": "amount-whole-dollars",
    "list_stays_pending": "list-shows-every-session-with-its-status",
    "usage_of_everyone": "rule-accounts-are-apart",
    "clock_of_everyone": "rule-clocks-are-apart",
    "status_words_of_stripe": "list-shows-every-session-with-its-status",
    "success_url_forgotten": "success-url-after-payment",
    "cancel_goes_to_success": "cancel-url-after-cancellation",
    "expires_at_is_creation": "session-expires-after-24-hours",
    "accepts_text": "body-is-json",
    "amount_read_from_text": "amount-nothing-but-a-number",
    "fractions_rounded": "amount-whole-dollars",
    "array_taken": "body-is-an-object",
    "subscription_by_any_case": "mode-is-payment-or-subscription",
    "extra_fields_refused": "unknown-fields-are-accepted",
    "key_from_the_query": "key-in-x-access-token",
    "key_from_authorization": "key-in-x-access-token",
    "key_without_case": "rule-key-is-compared-whole",
    "key_by_prefix": "rule-key-is-compared-whole",
    "key_of_any_form": "key-begins-with-sk",
    "200_for_401": "key-is-required",
    "snake_case_ignored": "redirects-in-snake-case",
    "camel_case_ignored": "redirects-in-camel-case",
    "no_top_level_id": "python-sample-id-at-top-level",
    "success_as_text": "success-flag",
    "tires_after_150": "rule-no-two-sessions-alike",
    "length_is_wrong": "rule-answers-are-whole",
    "put_creates": "checkout-is-a-post",
    "pays_in_a_race": "rule-paid-once",
}
# Found on a mock, or where --strict is given: another right server may do so.
FOUND_ON_A_MOCK_BY = {
    "template_forgotten": "success-url-after-payment",
    "list_oldest_first": "rule-list-in-order-and-in-pages",
    "validates_before_it_authenticates": "rule-authentication-comes-first",
    "url_to_nowhere": "checkout-answers-with-its-url",
}
FOUND_ON_A_MOCK = FOUND_BY | FOUND_ON_A_MOCK_BY
UNIQUE = None if IS_LONG else frozenset({"rule-no-two-sessions-alike"})
FOUND_BY_THE_CORPUS = {
    "missing_expires_at": "response_schema_conformance",
    "limit_forgotten": "negative_data_rejection",
    "any_redirect": "negative_data_rejection",
    "empty_plan": "negative_data_rejection",
    "creates_before_it_refuses": "refusal_creates_nothing",
}


def test_independent_server_defects_all_have_a_check() -> None:
    assert set(DEEP_DEFECTS) == FOUND_BY.keys() | FOUND_ON_A_MOCK_BY.keys() | FOUND_BY_THE_CORPUS.keys()


@pytest.mark.parametrize("defect", FOUND_ON_A_MOCK)
def test_defect_is_found_in_a_mock(defect: str) -> None:
    run = checked_by(FOUND_ON_A_MOCK[defect], target_of(Other(defect, is_mock=True, control=True)))
    assert FOUND_ON_A_MOCK[defect] in {f.check for f in run.findings if f.severity == "error"}
    assert run.end.exit_code == 1


@pytest.mark.parametrize("defect", FOUND_BY)
def test_defect_is_found_in_a_server_with_two_keys_and_a_control_api(defect: str) -> None:
    target = target_of(Other(defect, control=True), is_mock=False)
    run = checked_by(FOUND_BY[defect], target, second_key="sk-of-somebody-else")
    assert FOUND_BY[defect] in {finding.check for finding in run.findings if finding.severity == "error"}
    assert run.end.exit_code == 1


@pytest.mark.parametrize("defect", FOUND_BY_THE_CORPUS)
def test_defects_of_single_requests_are_left_to_the_corpus(defect: str) -> None:
    # The claims and the rules find other defects; `make test-long` runs them, too.
    parts: dict[str, Any] = {} if IS_LONG else {"claims": None, "rules": False, "origins": PART}
    # No voice of the page names `expires_at`.
    parts["strict"] = defect == "missing_expires_at"
    run = checked_on(target_of(Other(defect, control=True), is_mock=False), fuzz=True, **parts)
    assert FOUND_BY_THE_CORPUS[defect] in {finding.check for finding in run.findings}


@pytest.mark.parametrize(
    "defect",
    long_but("never_expires", "pays_again", of=["never_expires", "200_for_401", "pays_again", "amount_read_from_text"]),
)
def test_one_cause_makes_few_findings(defect: str) -> None:
    run = checked_on(target_of(Other(defect, is_mock=True, control=True)))
    assert len(group_by_cause(run.findings, lambda finding: finding)) <= 6
    assert len(run.findings) <= 10
    assert len({(f.check, f.operation) for f in run.findings if f.kind == "claim"}) == sum(
        finding.kind == "claim" for finding in run.findings
    )


def test_wrongly_accepted_field_is_one_finding_for_each_cause() -> None:
    run = checked_on(target_of(Other("any_redirect", is_mock=True, control=True)), fuzz=True)
    fields = ("/cancelUrl", "/cancel_url", "/successUrl", "/success_url")
    shown = sorted((finding.pointer, finding.cause) for finding in run.findings)
    assert shown == [(field, cause) for field in fields for cause in ("pattern", "type")]


def test_unique_sessions_are_checked_over_thousands_on_request() -> None:
    server = Other(control=True)
    subject = Subject("page", document(), frozenset(), lambda: target_of(server, is_mock=False))
    order = RunPlan("tests", (subject,), seed=1, max_examples=300, claims=None, fuzz=False, rule_names=UNIQUE)
    run = Run(tuple(run_plan(order)))
    assert run.findings == ()
    assert sum(len(sessions) for sessions in server.sessions.values()) > 2_000


@pytest.mark.parametrize("told", [b"yesterday", b"2026-13-45T99:00:00Z"])
def test_unreadable_time_is_a_finding(told: bytes) -> None:
    class Vague:
        def __init__(self) -> None:
            self._server = Other(control=True)

        async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
            async def changed(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.body" and scope["path"] == "/billing/checkouts":
                    body = re.sub(rb'"created_at": "[^"]*"', b'"created_at": "%b"' % told, message["body"])
                    message = {**message, "body": body}
                await send(message)

            await self._server(scope, receive, changed)

    run = checked_by("rule-times-agree", target_of(Vague(), is_mock=False))
    assert "rule-times-agree" in {finding.check for finding in run.findings if finding.severity == "error"}


@pytest.mark.parametrize("name", ["rule-invoice-for-each-payment", "rule-invoices-in-pages"])
def test_ids_of_any_type_fail_no_check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def invoice(books: Books, account: Account, amount: float) -> None:
        account.invoices.append({"id": {"of": len(account.invoices)}, "amount": amount, "created_at": "now"})

    monkeypatch.setattr(Books, "invoice", invoice)
    run = checked_by(name, target_of(Other(control=True), is_mock=False))
    assert run.end.exit_code != 3
