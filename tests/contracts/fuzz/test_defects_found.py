"""Each check can fail: a server with a defect is found out, one without is not."""

from __future__ import annotations

from functools import cache

import pytest
from mockserver_contracts.corpus import DEFAULT_EXAMPLES
from mockserver_contracts.document.key_header import key_header

from tests.contracts.runs import PART, Run, document, run_on, target_of
from tests.contracts.servers.independent import DEFECTS, Other
from tests.matrix import IS_LONG, SEEDS, long_but

FOUND_BY = {
    "html_on_refusal": "refusal_body",
    "500_on_zero": "not_a_server_error",
    "500_to_everything": "not_a_server_error",
    "html_to_everything": "content_type_conformance",
    "400_to_everything": "positive_data_acceptance",
    "no_data_url": "response_schema_conformance",
    "takes_any_key": "ignored_auth",
    "takes_any_mode": "negative_data_rejection",
    "refuses_subscriptions": "positive_data_acceptance",
    "text_plain": "content_type_conformance",
    "no_allow": "unsupported_method",
    "wrong_allow": "allow_header_conformance",
    "get_creates": "unsupported_method",
    "error_code_missing": "refusal_body",
    "amount_as_text": "response_schema_conformance",
    "422_for_400": "status_code_conformance",
    "redirects_elsewhere": "status_code_conformance",
    "echoes_the_key": "response_schema_conformance",
}
OUTAGES = {
    "401_to_everything": "key_refused",
    "403_to_everything": "key_refused",
    "429_to_everything": "rate_limited",
    "503_to_everything": "unavailable",
}
ONE_CAUSE = ("html_on_refusal", "error_code_missing", "no_data_url", "500_on_zero")
# Tests below read the same whole run.
READ_WHOLE = {*ONE_CAUSE, "takes_any_mode", "422_for_400"}


def test_independent_server_defects_are_all_expected() -> None:
    assert set(DEFECTS) == FOUND_BY.keys() | OUTAGES.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_correct_foreign_server_has_no_finding(seed: int) -> None:
    run = run_on(target_of(Other(), is_mock=False), seed=seed, max_examples=40 if IS_LONG else DEFAULT_EXAMPLES)
    assert run.findings == ()
    assert run.end.exit_code == 0


@cache
def whole_run(defect: str) -> Run:
    """The run on a mock with the defect."""
    return run_on(target_of(Other(defect)))


def run_that_finds(defect: str) -> Run:
    """The run with the first part of the corpus that finds the defect, or with the last one."""
    if IS_LONG or defect in READ_WHOLE:
        return whole_run(defect)
    for origins in (PART, frozenset({"fuzzing"}), frozenset({"coverage"})):
        run = run_on(target_of(Other(defect)), origins=origins)
        if FOUND_BY[defect] in {finding.check for finding in run.findings}:
            break
    return run


@pytest.mark.parametrize("defect", long_but(*READ_WHOLE, *list(FOUND_BY)[5::3], of=FOUND_BY))
def test_defect_is_found_by_its_check(defect: str) -> None:
    run = run_that_finds(defect)
    assert FOUND_BY[defect] in {finding.check for finding in run.findings}
    assert run.end.exit_code == 1
    assert run.end.failure is None


@pytest.mark.parametrize("defect", OUTAGES)
def test_target_that_refuses_every_request_is_not_tested(defect: str) -> None:
    run = run_on(target_of(Other(defect)))
    assert run.end.exit_code == 3
    assert run.end.failure is not None
    assert run.end.failure.code == OUTAGES[defect]
    assert run.findings == ()


@pytest.mark.parametrize("defect", ONE_CAUSE)
def test_one_cause_is_one_finding_of_an_operation(defect: str) -> None:
    operations = [finding.operation for finding in whole_run(defect).findings]
    assert len(operations) == len(set(operations))


def test_finding_shows_the_smallest_request() -> None:
    [finding] = whole_run("takes_any_mode").findings
    assert finding.pointer == "/mode"
    assert finding.response is not None
    assert finding.response.status == 200
    assert len(finding.request.body) < 400


def test_other_4xx_is_an_error_of_the_mock_and_an_info_elsewhere() -> None:
    strict = whole_run("422_for_400")
    lenient = run_on(target_of(Other("422_for_400"), is_mock=False))
    assert {finding.severity for finding in strict.findings} == {"error"}
    assert {finding.severity for finding in lenient.findings} == {"info"}
    assert (strict.end.exit_code, lenient.end.exit_code) == (1, 0)


def test_findings_and_requests_are_the_same_for_the_same_seed() -> None:
    first, again = Other("no_data_url"), Other("no_data_url")
    one, two = (run_on(target_of(other)) for other in (first, again))
    assert first.seen == again.seen
    assert one.ids == two.ids


if IS_LONG:  # to generate the requests of another seed takes seconds

    def test_requests_of_another_seed_find_the_same() -> None:
        first, elsewhere = Other("no_data_url"), Other("no_data_url")
        one, other = (run_on(target_of(each), seed=seed) for each, seed in ((first, 1), (elsewhere, 8)))
        assert first.seen != elsewhere.seen
        assert one.ids == other.ids


def test_key_header_is_the_one_in_the_document() -> None:
    assert key_header(document()) == "x-access-token"
    named = {"components": {"securitySchemes": {"K": {"type": "apiKey", "in": "header", "name": "x-key"}}}}
    assert key_header(named) == "x-key"
