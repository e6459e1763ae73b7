"""The behaviour of the real SDKs on planned faults that are known to break clients."""

from __future__ import annotations

from typing import Any

import pytest
from videodb.exceptions import InvalidRequestError

from tests.matrix import long_but

from .control import planned, struck
from .programs import node_sdk
from .readers import connected

PAGE = {"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<html><h1>Bad Gateway</h1></html>"}
UNLUCKY = {"status": 200, "body": {"success": False, "message": "Out of luck"}}
SPEECHLESS = {"status": 400, "body": {"success": False, "error_code": "invalid_request"}}


@pytest.mark.parametrize("body", [[{"credit_balance": 5}], None])
def test_python_sdk_crashes_on_body_that_is_not_an_object(url: str, key: str, body: Any) -> None:
    planned(url, key, then={"status": 200, "body": body})
    with connected(url, key) as connection, pytest.raises(AttributeError):
        connection.check_usage()


def test_python_sdk_raises_message_of_200_without_success(url: str, key: str) -> None:
    planned(url, key, then=UNLUCKY)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Out of luck"):
        connection.check_usage()


def test_python_sdk_reports_error_without_message_as_unknown(url: str, key: str) -> None:
    planned(url, key, then=SPEECHLESS)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Unknown error"):
        connection.post("billing/checkout", data={"amount": 50})


def test_python_sdk_retries_after_one_502_page(url: str, key: str) -> None:
    planned(url, key, then=PAGE)
    with connected(url, key) as connection:
        assert connection.check_usage()["credit_balance"] == 0
    assert struck(url, key) == [1]


def test_python_sdk_gives_up_after_two_502_pages(url: str, key: str) -> None:
    planned(url, key, then=PAGE, times=None)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Max retries exceeded"):
        connection.check_usage()
    assert struck(url, key) == [2]


@pytest.mark.parametrize("status", [429, 503])
def test_python_sdk_retries_a_get_after_retry_after(url: str, key: str, status: int) -> None:
    planned(url, key, then={"status": status, "headers": {"Retry-After": "0"}, "body": {"success": False}})
    with connected(url, key) as connection:
        assert connection.check_usage()["credit_balance"] == 0
    assert struck(url, key) == [1]


@pytest.mark.parametrize("status", long_but(502, of=[429, 502, 503]))
def test_python_sdk_never_repeats_a_post(url: str, key: str, status: int) -> None:
    body = {"success": False, "message": "Not now"}
    planned(url, key, then={"status": status, "headers": {"Retry-After": "0"}, "body": body}, times=None)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Not now"):
        connection.post("billing/checkout", data={"amount": 50})
    assert struck(url, key) == [1]


@pytest.mark.parametrize(("then", "said"), [("malformed", '{"success":true'), ("empty", "Invalid request: ")])
def test_python_sdk_shows_unreadable_body(url: str, key: str, then: str, said: str) -> None:
    planned(url, key, then=then)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError) as raised:
        connection.check_usage()
    assert said in str(raised.value)


def test_python_sdk_reports_truncated_answer(url: str, key: str) -> None:
    planned(url, key, then="truncate")
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="IncompleteRead"):
        connection.check_usage()


def test_python_sdk_retries_only_a_get_after_a_reset(url: str, key: str) -> None:
    planned(url, key, then="reset")
    with connected(url, key) as connection:
        assert connection.check_usage()["credit_balance"] == 0
        planned(url, key, then="reset", times=None)
        with pytest.raises(InvalidRequestError, match="Connection error"):
            connection.post("billing/checkout", data={"amount": 50})
    assert struck(url, key) == [1, 1]


@pytest.mark.parametrize(
    "plan", [{"then": {"status": 200, "body": [{"credit_balance": 5}]}}, {"then": "malformed"}, {"then": "empty"}]
)
def test_node_sdk_returns_undefined_for_unreadable_body(url: str, key: str, plan: dict[str, Any]) -> None:
    planned(url, key, **plan)
    assert node_sdk("usage", url, key) == {}


def test_node_sdk_has_no_clear_error_for_null(url: str, key: str) -> None:
    planned(url, key, then={"status": 200, "body": None})
    assert node_sdk("usage", url, key)["raised"]["message"] == "VideoDB Error: Unidentified Error"


def test_node_sdk_raises_message_of_200_without_success(url: str, key: str) -> None:
    planned(url, key, then=UNLUCKY)
    assert node_sdk("usage", url, key)["raised"]["message"] == "VideoDB Error: Out of luck"


def test_node_sdk_raises_reason_phrase_of_502_page_without_retry(url: str, key: str) -> None:
    planned(url, key, then=PAGE, times=None)
    raised = node_sdk("usage", url, key)["raised"]
    assert raised["message"] == "Error 502: Bad Gateway"
    assert struck(url, key) == [1]


@pytest.mark.parametrize("status", [429, 503])
def test_node_sdk_ignores_retry_after(url: str, key: str, status: int) -> None:
    planned(url, key, then={"status": status, "headers": {"Retry-After": "1"}, "body": {"success": False}}, times=None)
    raised = node_sdk("usage", url, key)["raised"]
    assert str(status) in raised["message"]
    assert struck(url, key) == [1]


def test_node_sdk_handles_error_without_message(url: str, key: str) -> None:
    planned(url, key, then=SPEECHLESS)
    raised = node_sdk("checkout", url, key, {"amount": 50})["raised"]
    assert raised["message"] == "Error 400: Bad Request"


@pytest.mark.parametrize(("then", "said"), [("reset", "VideoDB Error: Request failed"), ("truncate", "Error 200: OK")])
def test_node_sdk_raises_on_lost_connection(url: str, key: str, then: str, said: str) -> None:
    planned(url, key, then=then)
    assert node_sdk("usage", url, key)["raised"]["message"] == said
