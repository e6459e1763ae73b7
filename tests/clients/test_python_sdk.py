"""The real Python package `videodb`, against a listening mock."""

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


def test_checkout_returns_its_data(url: str, key: str) -> None:
    with connected(url, key) as connection:
        data = connection.post("billing/checkout", data={"mode": "payment", "amount": 50})

    session = the_session(url, key)
    assert (data["url"], data["id"], data["expires_at"]) == (session["url"], session["id"], session["expires_at"])
    assert (session["mode"], session["amount"]) == ("payment", 50)


def test_journal_shows_header_of_the_sdk(url: str, key: str) -> None:
    with connected(url, key) as connection:
        connection.post("billing/checkout", data={"amount": 50})

    headers = the_exchange(url, key)["headers"]
    assert dict(headers)["x-videodb-client"].startswith("videodb-python/")


def test_usage_has_numbers_and_grows_after_paid_checkout(url: str, key: str) -> None:
    with connected(url, key) as connection:
        before = connection.check_usage()
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        after = connection.check_usage()

    assert (before["credit_balance"], after["credit_balance"]) == (0, 50)
    for usage in (before, after):
        # a bool is an int to Python, and no number to an app
        assert all(type(usage[name]) in (int, float) for name in ("credit_balance", "usage_this_month", "credit_used"))
        assert isinstance(usage["breakdown"], dict)


def test_usage_shows_consumption(url: str, key: str) -> None:
    with connected(url, key) as connection:
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        consumed(url, key, 3.5, category="indexing")
        usage = connection.check_usage()

    assert (usage["credit_balance"], usage["usage_this_month"], usage["breakdown"]) == (46.5, 3.5, {"indexing": 3.5})


def test_invoices_list_payments_with_working_pdf_links(url: str, key: str) -> None:
    with connected(url, key) as connection:
        assert connection.get_invoices() == []
        paid(url, connection.post("billing/checkout", data={"amount": 50})["id"])
        paid(url, connection.post("billing/topup", data={"amount": 20})["url"].rpartition("/")[2])
        invoices = connection.get_invoices()

    assert [(invoice["amount"], invoice["status"]) for invoice in invoices] == [(20, "paid"), (50, "paid")]
    assert requests.get(invoices[0]["pdf_url"], timeout=30).content.startswith(b"%PDF-")


def test_auto_recharge_is_changed_and_read(url: str, key: str) -> None:
    settings = {"enabled": True, "threshold": 10, "amount": 20}
    with connected(url, key) as connection:
        # the SDK hands on `data` alone, and this answer has none
        assert connection.post("billing/auto_recharge", data=settings) is None
        assert connection.get("billing/auto_recharge") == settings


def test_refused_order_raises_message_of_the_mock(url: str, key: str) -> None:
    order = {"amount": "50"}
    refused = requests.post(f"{url}/billing/checkout", json=order, headers={"x-access-token": key}, timeout=30)
    assert refused.status_code == 400

    with connected(url, key) as connection, pytest.raises(InvalidRequestError) as raised:
        connection.post("billing/checkout", data=order)

    assert str(raised.value).strip() == f"Invalid request: {refused.json()['message']}"
    assert raised.value.response.json()["success"] is False


@pytest.mark.parametrize("bad_key", ["", "demo", "sk-", "sk-with space", "SK-DEMO"])
@pytest.mark.parametrize("path", ["billing/checkout", "billing/usage"])
def test_bad_key_raises_authentication_error_with_message_of_the_mock(url: str, bad_key: str, path: str) -> None:
    with connected(url, bad_key) as connection:
        call = partial(connection.post, data={"amount": 50}) if path == "billing/checkout" else connection.get
        with pytest.raises(AuthenticationError) as raised:
            call(path)

    answer = raised.value.response
    assert (answer.status_code, answer.json()["error_code"]) == (401, "unauthorized")
    assert str(raised.value).strip() == f"Error: {answer.json()['message']}"


def test_base_url_that_ends_in_a_slash_works_without_redirect(url: str, key: str) -> None:
    with connected(f"{url}/", key) as connection:
        assert connection.check_usage()["credit_balance"] == 0

    # a redirect would be a second exchange, and would make a GET of a POST
    assert the_exchange(url, key)["status"] == 200


def test_checkout_stays_a_post_with_base_url_that_ends_in_slashes(url: str, key: str) -> None:
    with connected(f"{url}//", key) as connection:
        data = connection.post("billing/checkout", data={"amount": 50})

    assert data["url"] == the_session(url, key)["url"]
    assert the_exchange(url, key)["method"] == "POST"


def test_openapi_profile_works_with_the_sdk(address_of: Callable[[str], str], key: str) -> None:
    with connected(address_of("openapi"), key) as connection:
        assert set(connection.post("billing/checkout", data={"amount": 50})) == {"url"}
        assert connection.check_usage()["credit_balance"] == 0
        with pytest.raises(InvalidRequestError, match="amount"):
            connection.post("billing/checkout", data={"amount": "50"})
