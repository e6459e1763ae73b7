"""The filters of `/_mock/requests`: operation, violations, planned faults and notes."""

from __future__ import annotations

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import Mock, refused

FAILED = "/billing/usage"


@pytest.fixture
def full(mock: Mock) -> Mock:
    """A mock with an exchange of each kind: good, with a violation, with a note, with a fault, without operation."""
    mock.create()
    mock.checkout({"amount": "50"})
    mock.checkout({"amount": 50, "sucess_url": "https://a.example"})
    mock.post("/_mock/faults", {"match": {"path": FAILED}, "then": {"status": 503}})
    mock.billing("GET", "usage")
    mock.get("/billing/nothing")
    return mock


def kinds(mock: Mock, **query: object) -> list[tuple[str | None, int]]:
    """The operation and the status of each exchange that is found."""
    return [(each["operation"], each["status"]) for each in mock.journal(**query)]


CHECKOUT = "POST /billing/checkout"
EVERYTHING = [(None, 404), ("GET /billing/usage", 503), (CHECKOUT, 200), (CHECKOUT, 400), (CHECKOUT, 200)]


@pytest.mark.parametrize(
    ("name", "found"),
    [("violations", [EVERYTHING[1], EVERYTHING[3]]), ("faults", [EVERYTHING[1]]), ("notes", [EVERYTHING[2]])],
)
def test_exchanges_of_a_kind_are_found_or_left_out(full: Mock, name: str, found: list[tuple[str | None, int]]) -> None:
    assert kinds(full) == EVERYTHING
    assert kinds(full, **{name: "true"}) == found
    rest = kinds(full, **{name: "false"})
    assert sorted(map(str, [*rest, *found])) == sorted(map(str, EVERYTHING))


def test_violation_of_a_response_is_found_too(start: Start) -> None:
    mock = start(profile="openapi")
    mock.post("/_mock/faults", {"then": "malformed"})
    for _ in range(2):
        mock.billing("GET", "usage")
    (found,) = mock.journal(violations="true")
    assert found["contract"]["request"] == []
    assert found["contract"]["response"] != []


def test_exchanges_of_an_operation_are_found_whatever_their_path(start: Start) -> None:
    mock = start()
    mock.billing("GET", "usage")
    mock.billing("GET", "usage/")
    mock.billing("POST", "usage")
    assert len(mock.journal(operation="GET /billing/usage")) == 2
    assert [each["operation"] for each in mock.journal()] == [None, "GET /billing/usage", "GET /billing/usage"]


def test_filters_are_combined(full: Mock) -> None:
    assert kinds(full, operation=CHECKOUT, violations="false") == [EVERYTHING[2], EVERYTHING[4]]
    assert kinds(full, operation=CHECKOUT, violations="false", notes="false", limit=1) == [EVERYTHING[4]]
    assert kinds(full, status=400, faults="true") == []


@pytest.mark.parametrize("query", ["violations=yes", "faults=1", "notes=", "violations=TRUE"])
def test_filter_that_is_neither_true_nor_false_is_refused(mock: Mock, query: str) -> None:
    body = refused(mock.get(f"/_mock/requests?{query}"), 400, "invalid_request")
    assert "true or false is needed" in body["message"]


def test_unknown_operation_is_refused_with_the_nearest_one(mock: Mock) -> None:
    body = refused(mock.get("/_mock/requests?operation=GET /billing/usages"), 400, "invalid_request")
    assert "did you mean GET /billing/usage?" in body["message"]
    body = refused(mock.get("/_mock/requests?operation=createCheckout"), 400, "invalid_request")
    assert "a method and a path as declared are needed" in body["message"]
