"""What the real SDKs make of answers that are known to hurt them; each planned, and seen by the program that calls."""

from __future__ import annotations

from typing import Any

import pytest
from videodb.exceptions import InvalidRequestError

from .control import planned, struck
from .programs import node_sdk
from .readers import connected

PAGE = {"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<html><h1>Bad Gateway</h1></html>"}
UNLUCKY = {"status": 200, "body": {"success": False, "message": "Out of luck"}}
SPEECHLESS = {"status": 400, "body": {"success": False, "error_code": "invalid_request"}}


@pytest.mark.parametrize("body", [[{"credit_balance": 5}], None])
def test_the_python_sdk_crashes_on_a_body_that_is_no_object(url: str, key: str, body: Any) -> None:
    planned(url, key, then={"status": 200, "body": body})
    with connected(url, key) as connection, pytest.raises(AttributeError):
        connection.check_usage()


def test_the_python_sdk_raises_what_a_200_without_success_says(url: str, key: str) -> None:
    planned(url, key, then=UNLUCKY)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Out of luck"):
        connection.check_usage()


def test_the_python_sdk_says_that_an_error_without_a_message_is_unknown(url: str, key: str) -> None:
    planned(url, key, then=SPEECHLESS)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Unknown error"):
        connection.post("billing/checkout", data={"amount": 50})


def test_the_python_sdk_asks_once_more_after_a_502_page_and_gets_its_answer(url: str, key: str) -> None:
    planned(url, key, then=PAGE)
    with connected(url, key) as connection:
        assert connection.check_usage()["credit_balance"] == 0
    assert struck(url, key) == [1]


def test_the_python_sdk_gives_up_after_two_502_pages(url: str, key: str) -> None:
    planned(url, key, then=PAGE, times=None)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Max retries exceeded"):
        connection.check_usage()
    assert struck(url, key) == [2]


@pytest.mark.parametrize("status", [429, 503])
def test_the_python_sdk_waits_for_retry_after_and_asks_a_get_once_more(url: str, key: str, status: int) -> None:
    planned(url, key, then={"status": status, "headers": {"Retry-After": "0"}, "body": {"success": False}})
    with connected(url, key) as connection:
        assert connection.check_usage()["credit_balance"] == 0
    assert struck(url, key) == [1]


@pytest.mark.parametrize("status", [429, 502, 503])
def test_the_python_sdk_never_repeats_a_post(url: str, key: str, status: int) -> None:
    body = {"success": False, "message": "Not now"}
    planned(url, key, then={"status": status, "headers": {"Retry-After": "0"}, "body": body}, times=None)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="Not now"):
        connection.post("billing/checkout", data={"amount": 50})
    assert struck(url, key) == [1]


@pytest.mark.parametrize(("then", "said"), [("malformed", '{"success":true'), ("empty", "Invalid request: ")])
def test_the_python_sdk_shows_what_it_cannot_read(url: str, key: str, then: str, said: str) -> None:
    planned(url, key, then=then)
    with connected(url, key) as connection, pytest.raises(InvalidRequestError) as raised:
        connection.check_usage()
    assert said in str(raised.value)


def test_the_python_sdk_says_that_an_answer_was_cut_off(url: str, key: str) -> None:
    planned(url, key, then="truncate")
    with connected(url, key) as connection, pytest.raises(InvalidRequestError, match="IncompleteRead"):
        connection.check_usage()


def test_the_python_sdk_asks_a_get_once_more_after_a_reset_and_a_post_never(url: str, key: str) -> None:
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
def test_the_node_sdk_returns_undefined_for_what_it_cannot_read(url: str, key: str, plan: dict[str, Any]) -> None:
    planned(url, key, **plan)
    assert node_sdk("usage", url, key) == {}


def test_the_node_sdk_cannot_tell_what_is_wrong_with_null(url: str, key: str) -> None:
    planned(url, key, then={"status": 200, "body": None})
    assert node_sdk("usage", url, key)["raised"]["message"] == "VideoDB Error: Unidentified Error"


def test_the_node_sdk_raises_what_a_200_without_success_says(url: str, key: str) -> None:
    planned(url, key, then=UNLUCKY)
    assert node_sdk("usage", url, key)["raised"]["message"] == "VideoDB Error: Out of luck"


def test_the_node_sdk_shows_the_reason_phrase_of_a_502_page_and_does_not_ask_again(url: str, key: str) -> None:
    planned(url, key, then=PAGE, times=None)
    raised = node_sdk("usage", url, key)["raised"]
    assert raised["message"] == "Error 502: Bad Gateway"
    assert struck(url, key) == [1]


@pytest.mark.parametrize("status", [429, 503])
def test_the_node_sdk_does_not_mind_retry_after(url: str, key: str, status: int) -> None:
    planned(url, key, then={"status": status, "headers": {"Retry-After": "1"}, "body": {"success": False}}, times=None)
    raised = node_sdk("usage", url, key)["raised"]
    assert str(status) in raised["message"]
    assert struck(url, key) == [1]


def test_the_node_sdk_lives_with_an_error_without_a_message(url: str, key: str) -> None:
    planned(url, key, then=SPEECHLESS)
    raised = node_sdk("checkout", url, key, {"amount": 50})["raised"]
    assert raised["message"] == "Error 400: Bad Request"


@pytest.mark.parametrize(("then", "said"), [("reset", "VideoDB Error: Request failed"), ("truncate", "Error 200: OK")])
def test_the_node_sdk_raises_when_the_connection_goes(url: str, key: str, then: str, said: str) -> None:
    planned(url, key, then=then)
    assert node_sdk("usage", url, key)["raised"]["message"] == said
