from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pypdf
import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, OTHER, Mock, a_mock, refused
from tests.web.pages.checkout_forms import post


def text_of(pdf: bytes) -> str:
    """The text of a PDF's only page, parsed strictly."""
    (page,) = pypdf.PdfReader(BytesIO(pdf), strict=True).pages
    return page.extract_text()


def test_payment_has_an_invoice_in_six_fields(mock: Mock) -> None:
    name = mock.create(amount=100)
    assert mock.invoices() == []
    mock.advance("1h")
    mock.pay(name)
    answer = mock.billing("GET", "invoices").json()
    invoice = answer["data"][0]
    assert re.fullmatch(r"in_[A-Za-z0-9]{24}", invoice["id"])
    assert answer == {
        "success": True,
        "data": [
            {
                "id": invoice["id"],
                "amount": 100,
                "currency": "usd",
                "status": "paid",
                "pdf_url": f"http://127.0.0.1/c/invoice/{invoice['id']}.pdf",
                "created_at": "2030-01-15T13:00:00.000Z",
            }
        ],
    }


def test_only_payments_have_an_invoice_each(mock: Mock) -> None:
    paid, expired, declined, pending = (mock.create(amount=amount) for amount in (1, 2, 3, 4))
    mock.pay(declined, card="4000000000000002")
    mock.post(f"/_mock/sessions/{expired}/expire")
    for _ in range(2):
        mock.pay(paid)
    mock.post("/_mock/credits", {"key": KEY, "credits": 5})
    assert [invoice["amount"] for invoice in mock.invoices()] == [1]
    mock.pay(declined)
    mock.pay(pending)
    assert [invoice["amount"] for invoice in mock.invoices()] == [4, 3, 1]


def test_plan_invoice_has_the_plan_s_price(start: Start) -> None:
    mock = start(plans=["plan-pro=99.5:1000"])
    mock.pay(mock.create(mode="subscription", plan_id="plan-pro"))
    assert [invoice["amount"] for invoice in mock.invoices()] == [99.5]


def test_session_without_a_price_has_no_invoice(start: Start) -> None:
    mock = start(profile="openapi")
    for body in ({"amount": -1}, {"amount": 10.5}, {"amount": 0}):
        assert mock.pay(mock.create(**body)).status_code == 200
    assert mock.invoices() == []


def test_invoice_list_has_ten_entries_by_default(mock: Mock) -> None:
    for amount in range(1, 13):
        mock.pay(mock.create(amount=amount))

    def amounts(**query: Any) -> list[int]:
        return [invoice["amount"] for invoice in mock.invoices(**query)]

    assert amounts() == [*range(12, 2, -1)]
    assert amounts(limit=100) == [*range(12, 0, -1)]
    assert amounts(limit=2, offset=3) == [9, 8]
    assert amounts(offset=12) == amounts(offset=10**300) == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", "limit=1&limit=2", "offset=1.5"])
def test_invalid_bound_is_refused(mock: Mock, query: str) -> None:
    refused(mock.billing("GET", f"invoices?{query}"), 400, "invalid_request")


def test_invoices_of_another_account_are_not_listed(mock: Mock) -> None:
    mock.pay(mock.create())
    assert mock.invoices(key=OTHER) == []


def test_pdf_shows_the_payment_on_one_page(mock: Mock) -> None:
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    (invoice,) = mock.invoices()
    answer = mock.client.get(invoice["pdf_url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{invoice["id"]}.pdf"'
    text = text_of(answer.content)
    for part in (
        invoice["id"],
        "no money moved",
        "Plan plan-basic, 20 credits",
        "$20.00 USD",
        "15 January 2030",
        "Status: Paid",
    ):
        assert part in text


def test_pdf_names_merchant_buyer_item_and_card(start: Start) -> None:
    mock = start(merchant_name="Café & Söhne")
    post(mock, mock.create(amount=1250), name="Zoë (Åsa) Öberg", email="zoe@shop.example")
    (invoice,) = mock.invoices()
    text = text_of(mock.client.get(invoice["pdf_url"]).content)
    for part in ("Café & Söhne", "Zoë (Åsa) Öberg", "zoe@shop.example", "12345-6789 United States"):
        assert part in text
    for part in ("1,250 credits", "1,250", "$1.00", "$1,250.00 USD paid on 15 January 2030", "Visa •••• 4242."):
        assert part in text


def test_pdf_of_a_recharge_names_the_latest_buyer(mock: Mock) -> None:
    switched_on = mock.billing("POST", "auto_recharge", json={"enabled": True, "threshold": 5, "amount": 10})
    assert switched_on.status_code == 200
    mock.pay(mock.create(amount=10), email="ada@shop.example")
    mock.post("/_mock/usage", {"key": KEY, "credits": 8})
    recharge = mock.client.get(mock.invoices()[0]["pdf_url"])
    text = text_of(recharge.content)
    for part in ("Test merchant", "ada@shop.example", "Auto recharge, 10 credits", "Paid on 15 January 2030."):
        assert part in text


@pytest.mark.parametrize("plan", ["a" * 300, "(((\\", "naïve 計画 \U0001f600", "\r\n\x00\t", ") Tj ET BT (x"])
def test_plan_text_is_escaped_in_the_pdf(mock: Mock, plan: str) -> None:
    mock.pay(mock.create(mode="subscription", plan_id=plan))
    (invoice,) = mock.invoices()
    text = text_of(mock.client.get(invoice["pdf_url"]).content)
    assert "$20.00 USD" in text
    assert len(text) < 600


def test_pdf_url_ignores_the_checkout_base(start: Start) -> None:
    mock = start(checkout_base="https://checkout.stripe.com")
    mock.pay(mock.create())
    (invoice,) = mock.invoices()
    assert invoice["pdf_url"].startswith("http://127.0.0.1/c/invoice/in_")
    assert mock.client.get(invoice["pdf_url"]).status_code == 200


def test_unknown_invoice_is_not_found(mock: Mock) -> None:
    refused(mock.get("/c/invoice/in_unknown.pdf"), 404, "not_found")


def test_invoice_is_read_only(mock: Mock) -> None:
    mock.pay(mock.create())
    (invoice,) = mock.invoices()
    answer = mock.client.delete(invoice["pdf_url"])
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert mock.client.head(invoice["pdf_url"]).status_code == 200


def test_foreign_page_gets_no_invoice(mock: Mock) -> None:
    mock.pay(mock.create())
    (invoice,) = mock.invoices()
    refused(mock.client.get(invoice["pdf_url"], headers={"origin": "https://evil.example"}), 403, "forbidden_origin")


def test_reset_deletes_invoices() -> None:
    with a_mock() as mock:
        mock.pay(mock.create())
        (invoice,) = mock.invoices()
        mock.post("/_mock/reset", {"key": KEY})
        assert mock.invoices() == []
        assert mock.client.get(invoice["pdf_url"]).status_code == 404
