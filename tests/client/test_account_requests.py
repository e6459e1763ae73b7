from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from mockserver.client.account_requests import AccountRequests, describe_exchanges
from mockserver.client.shapes import ExchangeJson


def an_exchange(method: str = "POST", path: str = "/billing/checkout", **members: Any) -> ExchangeJson:
    exchange: ExchangeJson = {
        "id": 1,
        "at": "2030-01-01T00:00:00Z",
        "mock_now": "2030-01-01T00:00:00Z",
        "method": method,
        "path": path,
        "query": "",
        "operation": "POST /billing/checkout",
        "headers": {"user-agent": "shop/1"},
        "body": {"amount": 50},
        "body_text": None,
        "status": 200,
        "response_headers": {},
        "response_body": None,
        "duration_ms": 1,
        "account": "acct_1",
        "truncated": False,
        "fault": None,
        "notes": [],
        "contract": {"request": [], "response": []},
    }
    return {**exchange, **members}  # type: ignore[typeddict-item]  # a test names members that exist


USAGE = an_exchange("GET", "/billing/usage", body=None, query="month=5&page=")
LOG = AccountRequests([an_exchange(body={"amount": 5, "mode": "payment"}, status=400), USAGE])


@pytest.mark.parametrize(
    ("method", "path", "parts"),
    [
        ("POST", "/billing/checkout", {}),
        ("post", "/billing/*", {"status": 400}),
        ("POST", "*", {"json": {"mode": "payment", "amount": 5}}),
        ("POST", "*", {"json": {"mode": "payment", "amount": 5.0}}),
        ("GET", "/billing/usage", {"json": None, "query": {"month": "5"}}),
        ("GET", "/billing/usage", {"query": {"month": 5}}),
        ("GET", "/billing/usage", {"query": {"page": ""}, "headers": {"User-Agent": "shop/1"}, "times": 1}),
        ("*", "*", {"times": 2}),
    ],
)
def test_request_that_was_sent_is_found(method: str, path: str, parts: dict[str, Any]) -> None:
    LOG.assert_called(method, path, **parts)


@pytest.mark.parametrize(
    ("method", "path", "parts", "lines"),
    [
        (
            "POST",
            "/billing/checkout",
            {"json": {"amount": 50}},
            [
                'POST /billing/checkout with {"amount": 50} was sent never',
                "the nearest of 2 requests: POST /billing/checkout -> 400",
                "  body/amount: 5, not 50",
                '  body/mode: "payment", not expected',
            ],
        ),
        (
            "PUT",
            "/billing/usage",
            {"query": {"month": "6"}},
            [
                "PUT /billing/usage was sent never",
                "the nearest of 2 requests: GET /billing/usage?month=5&page= -> 200",
                "  method: GET, not PUT",
                '  query month: "5", not "6"',
            ],
        ),
        (
            "GET",
            "/billing/usage",
            {"headers": {"X-Tries": "1"}, "status": 503},
            [
                "GET /billing/usage was sent never",
                "the nearest of 2 requests: GET /billing/usage?month=5&page= -> 200",
                '  header X-Tries: null, not "1"',
                "  status: 200, not 503",
            ],
        ),
        ("POST", "/billing/checkout", {"times": 2}, ["POST /billing/checkout was sent 1 time, not 2"]),
    ],
)
def test_missed_request_names_the_nearest_and_the_difference(
    method: str, path: str, parts: dict[str, Any], lines: list[str]
) -> None:
    with pytest.raises(AssertionError) as failed:
        LOG.assert_called(method, path, **parts)
    assert str(failed.value).splitlines() == lines


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("/billing/checkout", "*", "method is '/billing/checkout'; a method such as POST or * is needed, and the path"),
        ("POST", "http://127.0.0.1:8765/billing/checkout", "path is 'http://127.*'; a path such as /billing/usage"),
        ("GET", "/billing/checkouts?limit=5", "without address and query"),
        ("GET", "billing/usage", "a path such as"),
        ("GET", "", "a path such as"),
    ],
)
def test_assertion_on_an_impossible_request_is_refused(method: str, path: str, message: str) -> None:
    for assertion in (LOG.assert_called, LOG.assert_called_once_with, LOG.assert_not_called):
        with pytest.raises(ValueError, match=message.replace("*", ".*")):
            assertion(method, path)


@pytest.mark.parametrize(
    ("arguments", "parts", "message"),
    [
        ((None, "/billing"), {}, "method is None; a text is needed"),
        (("GET", None), {}, "path is None; a text is needed"),
        (("GET", "*"), {"times": -1}, "times is -1; a whole number, 0 or more, is needed"),
        (("GET", "*"), {"times": "1"}, "times is '1'; a whole number"),
        (("GET", "*"), {"times": True}, "times is True; a whole number"),
        (("GET", "*"), {"status": "200"}, "status is '200'; a number such as 200 is needed"),
        (("GET", "*"), {"query": "limit=5"}, "query is 'limit=5'; names with their values are needed"),
        (("GET", "*"), {"headers": ["a"]}, "headers is ['a']; names with their values are needed"),
        (("POST", "*"), {"json": b"{}"}, "json is b'{}'; the value of a JSON text is needed"),
    ],
)
def test_argument_of_the_wrong_type_is_named(arguments: Any, parts: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        LOG.assert_called(*arguments, **parts)


def test_unknown_part_of_a_request_is_named_with_the_known_ones() -> None:
    with pytest.raises(TypeError, match="no part 'body'; an assertion takes json, query, headers, status"):
        LOG.assert_called("GET", "/billing/usage", body={})  # type: ignore[call-arg]  # the mistake


def test_empty_log_says_why_it_may_be_empty() -> None:
    with pytest.raises(AssertionError, match="no request was sent; a client with another key or address"):
        AccountRequests().assert_called("GET", "/billing/usage")


def test_called_once_fails_for_a_second_request_of_the_path() -> None:
    twice = AccountRequests([an_exchange(), an_exchange(body={"amount": 7})])
    AccountRequests([an_exchange(), USAGE]).assert_called_once_with("POST", "/billing/checkout", json={"amount": 50})
    with pytest.raises(AssertionError, match="was sent 2 times, not 1"):
        twice.assert_called_once_with("POST", "/billing/checkout", json={"amount": 50})


def test_not_called_lists_the_requests_that_were() -> None:
    LOG.assert_not_called("DELETE")
    LOG.assert_not_called(path="/billing/invoices")
    with pytest.raises(AssertionError, match=r"GET \* was sent 1 time:\nGET /billing/usage\?month=5&page= -> 200"):
        LOG.assert_not_called("GET")


@pytest.mark.parametrize(
    ("wanted", "given", "is_equal"),
    [
        (1, True, False),
        (True, True, True),
        ([1, {"a": 2.5}], [1, {"a": 2.5}], True),
        ([1], [1, 2], False),
        ({"a": None}, {}, False),
        ("1", 1, False),
    ],
)
def test_bodies_are_compared_as_json(wanted: object, given: object, is_equal: bool) -> None:
    log = AccountRequests([an_exchange(body={"value": given})])
    if is_equal:
        log.assert_called("POST", "*", json={"value": wanted})
    else:
        with pytest.raises(AssertionError, match="body/value"):
            log.assert_called("POST", "*", json={"value": wanted})


def test_description_has_body_violations_and_notes() -> None:
    violation = {"pointer": "/amount", "message": "amount is 0", "code": "minimum"}
    exchange = an_exchange(
        body={"amount": 0},
        status=None,
        fault="fault_1",
        notes=["null taken"],
        contract={"request": [violation], "response": []},
    )
    assert list(describe_exchanges([exchange])) == [
        "POST /billing/checkout -> no answer, fault fault_1",
        '    {"amount": 0}',
        "    request left the contract at /amount: amount is 0",
        "    note: null taken",
    ]


def test_number_is_described_as_it_was_sent() -> None:
    bodies = (Decimal("1.5"), Decimal("50"), Decimal("0.12345678901234567890"), "1.5")
    lines = [[*describe_exchanges([an_exchange(body={"amount": body})])][1].strip() for body in bodies]
    assert lines == [
        '{"amount": 1.5}',
        '{"amount": 50.0}',
        '{"amount": "0.12345678901234567890"}',
        '{"amount": "1.5"}',
    ]


def test_slice_has_the_same_assertions() -> None:
    LOG[1:].assert_called_once_with("GET", "/billing/usage")
    LOG[:1].assert_not_called("GET")
    with pytest.raises(AssertionError, match="was sent never"):
        LOG[:1].assert_called("GET", "/billing/usage")
