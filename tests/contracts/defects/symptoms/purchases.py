"""The symptoms of the defects of purchases."""

from __future__ import annotations

from tests.contracts.defects.concurrent_requests import answers_together, paid_side_by_side
from tests.contracts.defects.symptoms.symptom import form_of, symptom
from tests.web.mock_client import KEY, OTHER, Mock

_SHOP = "https://shop.example"


@symptom("redirects-in-a-global")
def _(mock: Mock) -> bool:
    orders = [{"amount": 5, "success_url": f"{_SHOP}/{number}"} for number in range(2)]
    headers = {"x-access-token": KEY}
    answers_together(mock, [("/billing/checkout", {"json": order, "headers": headers}) for order in orders])
    names = [row["id"] for row in mock.listed()]
    return {mock.session(name)["success_url"] for name in names} != {f"{_SHOP}/0", f"{_SHOP}/1"}


@symptom("way-back-in-a-global")
def _(mock: Mock) -> bool:
    names = [mock.create(amount=5, cancel_url=f"{_SHOP}/{number}") for number in range(2)]
    answers = answers_together(mock, [(f"/_mock/sessions/{name}/cancel", {"json": {}}) for name in names])
    return [answer.json()["redirect_url"] for answer in answers] != [f"{_SHOP}/0", f"{_SHOP}/1"]


@symptom("two-tabs-credit-twice")
def _(mock: Mock) -> bool:
    name = mock.create(amount=7)
    fields = {"data": {**form_of(mock, name), "action": "pay"}}
    answers_together(mock, [(f"/c/pay/{name}", fields)] * 2)
    return mock.balance() == 14


@symptom("plans-have-no-page")
def _(mock: Mock) -> bool:
    plan, amount = mock.create(mode="subscription", plan_id="plan-basic"), mock.create()
    return [mock.get(f"/c/pay/{name}").status_code for name in (plan, amount)] == [404, 200]


@symptom("paid-again-after-weeks")
def _(mock: Mock) -> bool:
    name = mock.create(amount=7)
    mock.pay(name)
    mock.advance("20d")
    mock.pay(name)
    return mock.balance() == 14


@symptom("long-redirects-are-cut")
def _(mock: Mock) -> bool:
    url = f"{_SHOP}/{'a' * 300}"
    return bool(mock.session(mock.create(amount=5, success_url=url))["success_url"] == url[:255])


@symptom("pluses-in-redirects-are-spaces")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5, success_url=f"{_SHOP}/a+b")
    return bool(mock.session(name)["success_url"] == f"{_SHOP}/a%20b")


@symptom("redirects-through-a-map")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5, success_url=f"{_SHOP}/?a=1&a=2&b=3#end")
    return bool(mock.session(name)["success_url"] == f"{_SHOP}/?a=2&b=3#end")


@symptom("invoices-get-lost-at-once")
def _(mock: Mock) -> bool:
    paid_side_by_side(mock, [mock.create() for _ in range(3)])
    return len(mock.invoices()) == 1


@symptom("no-invoice-with-a-success-url")
def _(mock: Mock) -> bool:
    for redirects in ({}, {"success_url": _SHOP}):
        mock.pay(mock.create(amount=5, **redirects))
    return len(mock.invoices()) == 1


@symptom("invoices-double-at-once")
def _(mock: Mock) -> bool:
    name = mock.create()
    paid_side_by_side(mock, [name, name])
    return len(mock.invoices()) == 2


@symptom("invoice-links-count-by-account")
def _(mock: Mock) -> bool:
    for key in (KEY, OTHER):
        mock.pay(mock.create(key=key))
    return bool(mock.invoices()[0]["pdf_url"] == mock.invoices(key=OTHER)[0]["pdf_url"])


@symptom("payments-complete-the-latest")
def _(mock: Mock) -> bool:
    name = mock.create()
    mock.create(key=OTHER)
    mock.pay(name)
    return bool(mock.listed(key=OTHER)[0]["status"] == "completed")
