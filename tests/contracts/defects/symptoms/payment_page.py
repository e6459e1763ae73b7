"""The symptoms of the defects of the payment page."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import DECLINED, SHOP, form_of, symptom, through_the_page
from tests.web.mock_client import Mock


@symptom("paid-form-leads-nowhere")
def _(mock: Mock) -> bool:
    paid = through_the_page(mock, mock.create(**SHOP), "pay")
    return (paid.status_code, paid.headers.get("location")) == (303, None)


@symptom("form-sends-the-card-on")
def _(mock: Mock) -> bool:
    paid = through_the_page(mock, mock.create(**SHOP), "pay")
    return paid.status_code == 307


@symptom("second-look-pays")
def _(mock: Mock) -> bool:
    name, balances = mock.create(amount=7), []
    for _ in range(2):
        assert mock.get(f"/c/pay/{name}").status_code == 200
        balances.append(mock.balance())
    return balances == [0, 7]


@symptom("form-cancels-by-paying")
def _(mock: Mock) -> bool:
    through_the_page(mock, mock.create(amount=7), "cancel")
    return mock.balance() == 7


@symptom("paid-form-leads-elsewhere")
def _(mock: Mock) -> bool:
    paid = through_the_page(mock, mock.create(**SHOP), "pay")
    return (paid.status_code, paid.headers["location"]) == (303, "https://elsewhere.example/")


@symptom("paid-form-is-refused")
def _(mock: Mock) -> bool:
    return through_the_page(mock, mock.create(amount=7), "pay").status_code == 400 and mock.balance() == 7


@symptom("second-payment-by-form-crashes")
def _(mock: Mock) -> bool:
    name = mock.create()
    form = form_of(mock, name)
    answers = [mock.post(f"/c/pay/{name}", data={**form, "action": "pay"}) for _ in range(2)]
    return [answer.status_code for answer in answers] == [303, 500]


@symptom("first-look-pays")
def _(mock: Mock) -> bool:
    mock.get(f"/c/pay/{mock.create(amount=7)}")
    return mock.balance() == 7


@symptom("cancelled-form-leads-to-success")
def _(mock: Mock) -> bool:
    cancelled = through_the_page(mock, mock.create(**SHOP), "cancel")
    return cancelled.headers["location"].startswith("https://shop.example/yes")


@symptom("declined-form-leads-on")
def _(mock: Mock) -> bool:
    declined = through_the_page(mock, mock.create(**SHOP), "pay", card=DECLINED)
    return bool(declined.headers.get("location", "").startswith("https://shop.example/yes"))


@symptom("urls-lead-to-a-closed-port")
def _(mock: Mock) -> bool:
    return "127.0.0.1:1/" in mock.checkout({"amount": 5}).json()["data"]["url"]


@symptom("cancelled-form-closes")
def _(mock: Mock) -> bool:
    name = mock.create(**SHOP)
    through_the_page(mock, name, "cancel")
    return bool(mock.session(name)["status"] == "expired")


@symptom("paid-form-leaves-it-pending")
def _(mock: Mock) -> bool:
    through_the_page(mock, mock.create(**SHOP), "pay")
    return mock.balance() == 5 and mock.listed()[0]["status"] == "pending"


@symptom("page-of-no-session-crashes")
def _(mock: Mock) -> bool:
    name = mock.create()
    return (mock.get(f"/c/pay/{name}").status_code, mock.get(f"/c/pay/{name[:-4]}none").status_code) == (200, 500)


@symptom("pages-of-large-amounts-crash")
def _(mock: Mock) -> bool:
    statuses = [mock.get(f"/c/pay/{mock.create(amount=amount)}").status_code for amount in (99_999, 100_000)]
    return statuses == [200, 500]


@symptom("page-leads-to-the-shop")
def _(mock: Mock) -> bool:
    page = mock.get(f"/c/pay/{mock.create(**SHOP)}")
    return (page.status_code, page.headers.get("location")) == (302, "https://shop.example/")


@symptom("plans-lead-nowhere")
def _(mock: Mock) -> bool:
    orders = SHOP, {**SHOP, "mode": "subscription", "plan_id": "plan-basic"}
    paid = [through_the_page(mock, mock.create(**order), "pay") for order in orders]
    return ["location" in answer.headers for answer in paid] == [True, False]


@symptom("cancelling-reopens")
def _(mock: Mock) -> bool:
    name = mock.create(**SHOP)
    form = form_of(mock, name)
    for action in ("pay", "cancel"):
        mock.post(f"/c/pay/{name}", data={**form, "action": action})
    return bool(mock.session(name)["status"] == "pending" and mock.balance() == 5)


@symptom("plans-are-markup")
def _(mock: Mock) -> bool:
    return "<p>a<b></p>" in mock.get(f"/c/pay/{mock.create(mode='subscription', plan_id='a<b>')}").text


@symptom("form-ignores-its-card")
def _(mock: Mock) -> bool:
    through_the_page(mock, mock.create(**SHOP), "pay", card=DECLINED)
    return mock.balance() == 5


@symptom("pages-of-foreign-plans-crash")
def _(mock: Mock) -> bool:
    names = [mock.create(mode="subscription", plan_id=plan) for plan in ("plan", "plän")]
    return [mock.get(f"/c/pay/{name}").status_code for name in names] == [200, 500]


@symptom("cancelled-form-leads-nowhere")
def _(mock: Mock) -> bool:
    cancelled = through_the_page(mock, mock.create(**SHOP), "cancel")
    return cancelled.status_code == 200 and "location" not in cancelled.headers
