from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import Mock, found_id, pointers, refused


def test_top_up_answers_a_url_and_is_an_ordinary_session(mock: Mock) -> None:
    answer = mock.billing("POST", "topup", json={"amount": 20, "currency": "usd"})
    name = found_id(answer.text)
    session = mock.session(name)
    assert answer.json() == {"success": True, "data": {"url": session["url"]}}
    assert (session["mode"], session["amount"], session["credits"]) == ("payment", 20, 20)
    assert mock.get(f"/c/pay/{name}").status_code == 200
    mock.pay(name)
    assert mock.balance() == 20
    assert [each["id"] for each in mock.listed()] == [name]
    assert [each["amount"] for each in mock.invoices()] == [20]


def test_top_up_ignores_all_fields_but_its_amount(mock: Mock) -> None:
    body = {"amount": 20, "mode": "subscription", "plan_id": "plan-pro", "success_url": "javascript:alert(1)"}
    session = mock.session(found_id(mock.billing("POST", "topup", json=body).text))
    assert (session["mode"], session["plan_id"], session["success_url"]) == ("payment", None, None)


@pytest.mark.parametrize("amount", [0, -1, 10.5, 1_000_000, "20", None, True, [20]])
@pytest.mark.parametrize("profile", ["page", "openapi"])
def test_invalid_top_up_amount_is_refused(start: Start, profile: str, amount: Any) -> None:
    mock = start(profile=profile)
    body = refused(mock.billing("POST", "topup", json={"amount": amount}), 400, "invalid_request")
    assert pointers(body) == {"/amount"}
    assert mock.listed() == []


@pytest.mark.parametrize("currency", ["eur", "USD", "", None, 1])
def test_currency_other_than_usd_is_refused(mock: Mock, currency: Any) -> None:
    body = refused(mock.billing("POST", "topup", json={"amount": 20, "currency": currency}), 400, "invalid_request")
    assert pointers(body) == {"/currency"}


def test_top_up_needs_an_amount(mock: Mock) -> None:
    refused(mock.billing("POST", "topup", json={}), 400, "invalid_request")
    refused(mock.billing("POST", "topup"), 400, "invalid_json")


@pytest.mark.parametrize("profile", ["python-sample", "javascript-sample"])
def test_top_up_answers_data_url_in_every_profile(start: Start, profile: str) -> None:
    mock = start(profile=profile)
    answer = mock.billing("POST", "topup", json={"amount": 20}).json()
    assert answer["data"]["url"].startswith("http://127.0.0.1/c/pay/cs_test_")
