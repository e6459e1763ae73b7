"""The goals of an operation beside its keywords: statuses, media types, parameters, bodies, and the rest."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import load
from mockserver.coverage.report.coverage_report import CoverageReport, Score
from tests.coverage.counted import a_contract, an_exchange, counted, goals, reached

LIMIT: dict[str, Any] = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
RESPONSES: dict[str, Any] = {
    "200": {"content": {"application/json": {}, "text/plain": {}}},
    "4XX": {"content": {"application/json": {}}},
    "default": {},
}


def test_operation_without_an_exchange_has_reached_nothing() -> None:
    report = counted(a_contract({"type": "object"}))
    assert (report.exchanges, report.total.covered) == (0, 0)
    assert report.total.total > 5


@pytest.mark.parametrize(
    ("status", "media_type", "expected"),
    [
        (200, "application/json; charset=utf-8", {"status 200", "status 200 with application/json"}),
        (200, "text/plain", {"status 200", "status 200 with text/plain"}),
        (404, "application/json", {"status 4XX", "status 4XX with application/json"}),
        (500, None, {"status default"}),
        (0, None, set()),
    ],
)
def test_response_reaches_its_status_and_media_type(status: int, media_type: str | None, expected: set[str]) -> None:
    report = counted(a_contract(responses=RESPONSES), an_exchange(status=status, media_type=media_type))
    assert {goal.removesuffix(" (answered)") for goal in reached(report, "status", "response_type")} == expected


@pytest.mark.parametrize(
    ("status", "media_type", "surprise"),
    [(503, "text/html", "status 503"), (200, "text/html", "status 200 with text/html"), (0, None, None)],
)
def test_undeclared_response_is_a_surprise(status: int, media_type: str | None, surprise: str | None) -> None:
    responses: dict[str, Any] = {"200": {"content": {"application/json": {}}}}
    report = counted(a_contract(responses=responses), an_exchange(status=status, media_type=media_type))
    assert dict(report.operations[0].surprises) == ({} if surprise is None else {surprise: 1})


@pytest.mark.parametrize(("query", "case"), [("limit=5", "valid"), ("limit=0", "invalid"), ("", "left out")])
def test_parameter_is_given_valid_given_invalid_or_left_out(query: str, case: str) -> None:
    report = counted(a_contract(parameters=[LIMIT]), an_exchange(query=query))
    assert reached(report, "parameter") == {f"query parameter limit ({case})"}


def test_keywords_of_a_parameter_are_goals() -> None:
    report = counted(a_contract(parameters=[LIMIT]), an_exchange(query="limit=0"), an_exchange(query="limit=x"))
    assert reached(report) == {
        "limit: type integer (valid)",
        "limit: minimum 1 (invalid)",
        "limit: type integer (invalid)",
    }


def test_text_without_limits_cannot_be_invalid() -> None:
    parameter: dict[str, Any] = {"name": "q", "in": "query", "schema": {"type": "string"}}
    contract = a_contract(parameters=[parameter])
    assert goals(contract, "parameter", "keyword") == {"query parameter q (valid)", "query parameter q (left out)"}


def test_parameter_of_a_path_and_a_header_are_read_where_they_are() -> None:
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "x-shop", "in": "header", "schema": {"type": "string", "maxLength": 2}},
    ]
    contract = a_contract(parameters=parameters, path="/things/{id}")
    report = counted(contract, an_exchange(path="/things/7", headers={"x-shop": "abc"}))
    assert reached(report, "parameter") == {"path parameter id (valid)", "header parameter x-shop (invalid)"}
    assert "path parameter id (left out)" not in goals(contract, "parameter")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ({}, "application/json", {"body of application/json (valid)", "a body of application/json (sent)"}),
        ([], "application/json", {"body of application/json (invalid)", "a body of application/json (sent)"}),
        (b"{", "application/json", {"body of application/json (invalid)", "a body of application/json (sent)"}),
        (b"a=1", "application/x-www-form-urlencoded", {"body (other type)"}),
        (b"", None, {"body (left out)"}),
    ],
)
def test_body_is_valid_invalid_left_out_or_of_another_type(
    body: Any, content_type: str | None, expected: set[str]
) -> None:
    report = counted(a_contract({"type": "object"}), an_exchange(body, content_type=content_type))
    assert reached(report, "body", "request_type") == expected


def test_members_of_a_form_are_judged_by_their_schemas() -> None:
    content = {"application/x-www-form-urlencoded": {"schema": {"properties": {"amount": {"type": "integer"}}}}}
    exchange = an_exchange(b"amount=many", content_type="application/x-www-form-urlencoded")
    assert "amount: type integer (invalid)" in reached(counted(a_contract(content=content), exchange))


def test_body_with_a_coding_is_not_read() -> None:
    report = counted(a_contract({"type": "object"}), an_exchange(b"\x1f\x8b", headers={"content-encoding": "gzip"}))
    assert reached(report, "body") == set()


def test_request_to_no_operation_is_outside_and_one_to_the_mock_itself_is_none() -> None:
    report = counted(
        a_contract(),
        an_exchange(path="/nowhere"),
        an_exchange(method="PUT"),
        an_exchange(method="OPTIONS"),
        an_exchange(path="/_mock/clock"),
        an_exchange(path="/c/pay/cs_test_1"),
    )
    assert (report.exchanges, report.outside) == (2, 2)


def test_path_with_another_slash_at_its_end_counts() -> None:
    report = counted(a_contract(), an_exchange(path="/things/"))
    assert (report.exchanges, report.outside, report.operations[0].exchanges) == (1, 0, 1)


def test_same_goal_is_counted_once_for_an_exchange() -> None:
    report = counted(a_contract({"items": {"minimum": 1}}), an_exchange([1, 2, 3]))
    assert {each.exchanges for each in report.operations[0].goals if each.goal.kind == "keyword"} == {1, 0}


def test_percent_is_rounded_down_and_whole_without_goals() -> None:
    assert (Score(2, 3).percent, Score(999, 1000).percent, Score(9999, 10000).percent) == (66.6, 99.9, 99.9)
    assert Score(0, 0).percent == 100


@pytest.mark.parametrize("profile", ["page", "openapi"])
def test_bundled_contract_has_goals_of_every_kind_and_claims(profile: str) -> None:
    report: CoverageReport = counted(load(profile)[0])
    kinds = ["operation", "status", "response_type", "request_type", "body", "parameter", "keyword", "claim"]
    assert list(report.scores) == kinds
    assert len(report.operations) == 7
