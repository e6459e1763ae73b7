"""The real `videodb` package of Python, against a mock that listens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import requests
from videodb.exceptions import AuthenticationError, InvalidRequestError

from .control import consumed, paid, the_exchange, the_session
from .readers import connected


def test_connecting_sends_nothing(url: str, key: str) -> None:
    with connected(url, key):
        pass

    assert requests.get(f"{url}/_mock/requests", params={"key": key}, timeout=30).json() == {"requests": []}


def test_a_checkout_returns_its_data(url: str, key: str) -> None:
    with connected(url, key) as connection:
        data = connection.post("billing/checkout", data={"mode": "payment", "amount": 50})

    session = the_session(url, key)
    assert (data["url"], data["id"], data["expires_at"]) == (session["url"], session["id"], session["expires_at"])
    assert (session["mode"], session["amount"]) == ("payment", 50)


def test_the_journal_knows_the_sdk_by_its_header(url: str, key: str) -> None:
    with connected(url, key) as connection:
        connection.post("billing/checkout", data={"amount": 50})

    headers = the_exchange(url, key)["headers"]
    assert dict(headers)["x-videodb-client"].startswith("videodb-python/")


def test_usage_is_in_numbers_and_grows_when_a_checkout_is_paid(url: str, key: str) -> None:
    with connected(url, key) as connection:
        before = connection.check_usage()
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        after = connection.check_usage()

    assert (before["credit_balance"], after["credit_balance"]) == (0, 50)
    for usage in (before, after):
        # a bool is an int to Python, and no number to an app
        assert all(type(usage[name]) in (int, float) for name in ("credit_balance", "usage_this_month", "credit_used"))
        assert isinstance(usage["breakdown"], dict)


def test_usage_shows_what_was_consumed(url: str, key: str) -> None:
    with connected(url, key) as connection:
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        consumed(url, key, 3.5, category="indexing")
        usage = connection.check_usage()

    assert (usage["credit_balance"], usage["usage_this_month"], usage["breakdown"]) == (46.5, 3.5, {"indexing": 3.5})


def test_invoices_are_a_list_of_what_was_paid_and_their_pdf_opens(url: str, key: str) -> None:
    with connected(url, key) as connection:
        assert connection.get_invoices() == []
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        paid(url, connection.post("billing/topup", data={"amount": 20})["url"].rpartition("/")[2])
        invoices = connection.get_invoices()

    assert [(invoice["amount"], invoice["status"]) for invoice in invoices] == [(20, "paid"), (50, "paid")]
    assert requests.get(invoices[0]["pdf_url"], timeout=30).content.startswith(b"%PDF-")


def test_auto_recharge_is_set_and_read(url: str, key: str) -> None:
    settings = {"enabled": True, "threshold": 10, "amount": 20}
    with connected(url, key) as connection:
        # the SDK hands on `data` alone, and this answer has none
        assert connection.post("billing/auto_recharge", data=settings) is None
        assert connection.get("billing/auto_recharge") == settings


def test_a_refused_order_raises_with_the_message_of_the_mock(url: str, key: str) -> None:
    order = {"amount": "50"}
    refused = requests.post(f"{url}/billing/checkout", json=order, headers={"x-access-token": key}, timeout=30)
    assert refused.status_code == 400

    with connected(url, key) as connection, pytest.raises(InvalidRequestError) as raised:
        connection.post("billing/checkout", data=order)

    assert str(raised.value).strip() == f"Invalid request: {refused.json()['message']}"
    assert raised.value.response.json()["success"] is False


@pytest.mark.parametrize("bad_key", ["", "demo", "sk-", "sk-with space", "SK-DEMO"])
@pytest.mark.parametrize("path", ["billing/checkout", "billing/usage"])
def test_a_bad_key_raises_an_authentication_error_with_the_message_of_the_mock(
    url: str, bad_key: str, path: str
) -> None:
    with connected(url, bad_key) as connection:
        call = partial(connection.post, data={"amount": 50}) if path == "billing/checkout" else connection.get
        with pytest.raises(AuthenticationError) as raised:
            call(path)

    answer = raised.value.response
    assert (answer.status_code, answer.json()["error_code"]) == (401, "unauthorized")
    assert str(raised.value).strip() == f"Error: {answer.json()['message']}"


def test_a_base_url_that_ends_in_a_slash_works_without_a_redirect(url: str, key: str) -> None:
    with connected(f"{url}/", key) as connection:
        assert connection.check_usage()["credit_balance"] == 0

    # a redirect would be a second exchange, and would make a GET of a POST
    assert the_exchange(url, key)["status"] == 200


def test_a_checkout_through_a_base_url_that_ends_in_slashes_stays_a_post(url: str, key: str) -> None:
    with connected(f"{url}//", key) as connection:
        data = connection.post("billing/checkout", data={"amount": 50})

    assert data["url"] == the_session(url, key)["url"]
    assert the_exchange(url, key)["method"] == "POST"


def test_the_openapi_profile_keeps_the_sdk_working(address_of: Callable[[str], str], key: str) -> None:
    with connected(address_of("openapi"), key) as connection:
        assert set(connection.post("billing/checkout", data={"amount": 50})) == {"url"}
        assert connection.check_usage()["credit_balance"] == 0
        with pytest.raises(InvalidRequestError, match="amount"):
            connection.post("billing/checkout", data={"amount": "50"})
