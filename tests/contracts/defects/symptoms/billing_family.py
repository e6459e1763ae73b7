"""The symptoms of the billing defects: invoices, top-ups and auto recharge."""

from __future__ import annotations

from tests.contracts.defects.symptoms.consumption import consumed
from tests.contracts.defects.symptoms.symptom import (
    DECLINED,
    SYMPTOMS,
    symptom,
)
from tests.web.mock_client import OTHER, Mock, found_id


def bought(mock: Mock, *amounts: int) -> list[str]:
    """Pay for so many dollars; the ids of the invoices, as they are listed."""
    for amount in amounts:
        mock.pay(mock.create(amount=amount))
    return [row["id"] for row in mock.invoices()]


def topped_up(mock: Mock) -> str:
    return found_id(mock.billing("POST", "topup", json={"amount": 20}).text)


def recharging(mock: Mock) -> list[int | float]:
    """The balances as 30 credits go down to the threshold of 10, and under it, where 20 are bought."""
    mock.recharge(enabled=True, threshold=10, amount=20)
    consumed(mock, 20)
    balances = [mock.balance()]
    mock.consume(0.5)
    return [*balances, mock.balance()]


@symptom("declined-cards-are-invoiced")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=3), card=DECLINED)
    return [row["amount"] for row in mock.invoices()] == [3]


@symptom("invoices-are-pages")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    return mock.client.get(mock.invoices()[0]["pdf_url"]).headers["content-type"].startswith("text/html")


@symptom("invoices-oldest-first")
def _(mock: Mock) -> bool:
    bought(mock, 1, 2)
    return [row["amount"] for row in mock.invoices()] == [1, 2]


@symptom("invoices-ignore-offset")
def _(mock: Mock) -> bool:
    return bought(mock, 1, 2) == [row["id"] for row in mock.invoices(offset=1)]


@symptom("top-ups-credit-nothing")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    mock.pay(topped_up(mock))
    return mock.balance() == 5


@symptom("top-ups-are-not-listed")
def _(mock: Mock) -> bool:
    name = mock.create()
    topped_up(mock)
    return [row["id"] for row in mock.listed()] == [name]


@symptom("balances-below-zero")
def _(mock: Mock) -> bool:
    consumed(mock, 31)
    return mock.balance() == -1


@symptom("use-is-not-counted")
def _(mock: Mock) -> bool:
    consumed(mock, 2)
    usage = mock.usage()
    return (usage["usage_this_month"], usage["credit_used"]) == (0, 2)


@symptom("months-never-end")
def _(mock: Mock) -> bool:
    consumed(mock, 2)
    mock.advance("32d")
    return bool(mock.usage()["usage_this_month"] == 2)


@symptom("use-in-one-category")
def _(mock: Mock) -> bool:
    consumed(mock, 2)
    return bool(mock.usage()["breakdown"] == {"all": 2})


@symptom("purchases-count-as-use")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    return bool(mock.usage()["credit_used"] == 5)


@symptom("recharge-settings-are-lost")
def _(mock: Mock) -> bool:
    return recharging(mock) == [10, 9.5]


@symptom("recharged-without-an-invoice")
def _(mock: Mock) -> bool:
    return recharging(mock) == [10, 29.5] and mock.invoices() == [] and len(bought(mock, 6)) == 1


@symptom("invoices-end-after-five")
def _(mock: Mock) -> bool:
    for _ in range(7):
        mock.pay(mock.create())
    return len(mock.invoices()) == 5


@symptom("invoices-of-1970")
def _(mock: Mock) -> bool:
    mock.pay(mock.create())
    return bool(mock.invoices()[0]["created_at"] == "1970-01-01T00:00:00.000Z")


@symptom("plans-are-invoiced-at-nothing")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    mock.advance("1h")
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    return [row["amount"] for row in mock.invoices()] == [0, 5]


@symptom("invoice-links-without-a-host")
def _(mock: Mock) -> bool:
    mock.pay(mock.create())
    return bool(mock.invoices()[0]["pdf_url"].startswith("/"))


@symptom("top-ups-never-expire")
def _(mock: Mock) -> bool:
    topped_up(mock)
    mock.advance("24h")
    return bool(mock.listed()[0]["status"] == "pending")


@symptom("paid-top-ups-stay-pending")
def _(mock: Mock) -> bool:
    topped_up(mock)
    mock.pay(mock.listed()[0]["id"])
    return bool(mock.listed()[0]["status"] == "pending")


@symptom("any-amount-tops-up")
def _(mock: Mock) -> bool:
    amounts = (20.5, 0, -20, "20")
    return {mock.billing("POST", "topup", json={"amount": each}).status_code for each in amounts} == {200}


@symptom("breakdown-of-all-months")
def _(mock: Mock) -> bool:
    consumed(mock, 5)
    mock.usage()
    mock.advance("32d")
    return bool(mock.usage()["breakdown"].get("indexing") == 5)


@symptom("invoices-dated-by-the-order")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    mock.advance("1h")
    mock.pay(name)
    return bool(mock.invoices()[0]["created_at"] == mock.session(name)["created_at"])


@symptom("one-link-for-every-invoice")
def _(mock: Mock) -> bool:
    bought(mock, 5, 7)
    return len({row["pdf_url"] for row in mock.invoices()}) == 1


@symptom("invoices-of-the-last-day")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    mock.advance("25h")
    return mock.invoices() == []


SYMPTOMS.update(
    {
        "payments-without-an-invoice": lambda mock: bought(mock, 5) == [],
        "top-ups-in-any-currency": lambda mock: (
            mock.billing("POST", "topup", json={"amount": 20, "currency": "eur"}).status_code == 200
        ),
        "recharged-at-the-threshold": lambda mock: recharging(mock)[0] == 30,
        "recharged-twice": lambda mock: recharging(mock) == [10, 49.5],
        "invoices-share-an-id": lambda mock: len(set(bought(mock, 5, 6))) == 1,
        "recharge-settings-are-refused": lambda mock: mock.recharge(enabled=True).status_code == 400,
        "top-ups-without-an-amount": lambda mock: mock.billing("POST", "topup", json={}).status_code == 200,
        "top-ups-without-a-url": lambda mock: "cs_test_" not in mock.billing("POST", "topup", json={"amount": 20}).text,
    }
)


@symptom("breakdown-of-the-last")
def _(mock: Mock) -> bool:
    consumed(mock, 5, 2)
    return bool(mock.billing("GET", "usage").json()["data"]["breakdown"]["indexing"] == 2)


@symptom("zero-is-no-setting")
def _(mock: Mock) -> bool:
    mock.recharge(threshold=7)
    mock.recharge(threshold=0)
    return bool(mock.billing("GET", "auto_recharge").json()["data"]["threshold"] == 7)


@symptom("top-ups-credit-before-they-are-paid")
def _(mock: Mock) -> bool:
    bought(mock, 5)
    topped_up(mock)
    return mock.balance() == 25


@symptom("large-payments-are-invoiced-twice")
def _(mock: Mock) -> bool:
    return len(bought(mock, 5, 250)) == 3


@symptom("recharges-count-as-use")
def _(mock: Mock) -> bool:
    return recharging(mock) == [10, 29.5] and mock.usage()["credit_used"] == 40.5


@symptom("no-usage-before-the-first-credit")
def _(mock: Mock) -> bool:
    before = mock.billing("GET", "usage").status_code
    consumed(mock)
    return (before, mock.billing("GET", "usage").status_code) == (404, 200)


@symptom("no-settings-before-they-are-set")
def _(mock: Mock) -> bool:
    before = mock.billing("GET", "auto_recharge").status_code
    mock.recharge(enabled=False)
    return (before, mock.billing("GET", "auto_recharge").status_code) == (404, 200)


@symptom("no-invoices-are-null")
def _(mock: Mock) -> bool:
    before = mock.billing("GET", "invoices").json()["data"]
    return before is None and len(bought(mock, 5)) == 1


@symptom("no-invoice-after-a-decline")
def _(mock: Mock) -> bool:
    name = mock.create(amount=3)
    mock.pay(name, card=DECLINED)
    mock.pay(name)
    return mock.balance() == 3 and len(bought(mock, 5)) == 1


@symptom("top-ups-with-a-point-are-refused")
def _(mock: Mock) -> bool:
    statuses = [mock.billing("POST", "topup", json={"amount": each}).status_code for each in (20, 20.0)]
    return statuses == [200, 400]


@symptom("plans-are-listed-at-nothing")
def _(mock: Mock) -> bool:
    mock.create(amount=5)
    mock.create(mode="subscription", plan_id="plan-basic")
    return [row["amount"] for row in mock.listed()] == [0, 5]


@symptom("top-ups-of-the-first-account")
def _(mock: Mock) -> bool:
    topped_up(mock)
    mock.billing("POST", "topup", key=OTHER, json={"amount": 20})
    return (len(mock.listed()), len(mock.listed(key=OTHER))) == (2, 0)


@symptom("paid-top-ups-expire")
def _(mock: Mock) -> bool:
    mock.pay(topped_up(mock))
    mock.advance("25h")
    return bool(mock.listed()[0]["status"] == "expired")


@symptom("top-ups-with-a-path-alone")
def _(mock: Mock) -> bool:
    return bool(mock.billing("POST", "topup", json={"amount": 20}).json()["data"]["url"].startswith("/"))
