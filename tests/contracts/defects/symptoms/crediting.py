"""The symptoms of the defects of money."""

from __future__ import annotations

from collections.abc import Callable

from tests.contracts.defects.symptoms.symptom import (
    DECLINED,
    SYMPTOMS,
    symptom,
    through_the_page,
)
from tests.web.mock_client import OTHER, Mock


@symptom("paying-again-credits-again")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    first, again = mock.pay(name), mock.pay(name)
    paged = mock.create(amount=5)
    through_the_page(mock, paged, "pay")
    through_the_page(mock, paged, "pay")
    return again.status_code == first.status_code and mock.balance() >= 15


@symptom("paying-at-once-credits-twice")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import paid_together

    assert mock.pay(name := mock.create(amount=5)).status_code == 200
    assert mock.pay(name).status_code == 409
    assert mock.balance() == 5
    paid_together(mock, mock.create(amount=10), times=2)
    return mock.balance() == 25


@symptom("credited-on-creation")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    early = mock.balance()
    mock.pay(name)
    return (early, mock.balance()) == (5, 5)


@symptom("credited-on-cancel")
def _(mock: Mock) -> bool:
    mock.post(f"/_mock/sessions/{mock.create(amount=5)}/cancel", {})
    through_the_page(mock, mock.create(amount=5), "cancel")
    return mock.balance() == 10


@symptom("credited-on-decline")
def _(mock: Mock) -> bool:
    assert mock.pay(mock.create(amount=5), card=DECLINED).status_code == 402
    return mock.balance() == 5


@symptom("declined-cards-pay")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5), card=DECLINED)
    through_the_page(mock, mock.create(amount=6), "pay", card=DECLINED)
    return mock.balance() == 11


@symptom("credited-late")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    return (mock.balance(), mock.balance()) == (0, 5)


@symptom("credited-to-the-last-buyer")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    mock.create(key=OTHER)
    mock.pay(name)
    return (mock.balance(), mock.balance(key=OTHER)) == (0, 5)


@symptom("one-balance-for-all")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    return mock.balance(key=OTHER) == 5


def buying(amount: int) -> Callable[[Mock], int | float]:
    """The balance that paying once gives, which the control API tells too."""

    def bought(mock: Mock) -> int | float:
        mock.pay(mock.create(amount=amount))
        [account] = mock.get("/_mock/accounts").json()["accounts"]
        assert account["credit_balance"] == mock.balance()
        return mock.balance()

    return bought


@symptom("subscriptions-credit-nothing")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    return mock.balance() == 0 and buying(5)(mock) == 5


@symptom("payments-count-as-use")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    return bool(mock.usage()["credit_used"] == 5)


@symptom("first-purchase-counts-twice")
def _(mock: Mock) -> bool:
    balances = []
    for _ in range(2):
        mock.pay(mock.create(amount=5))
        balances.append(mock.balance())
    return balances == [10, 15]


@symptom("refused-orders-credit")
def _(mock: Mock) -> bool:
    mock.create()
    return mock.checkout({"amount": 0}).status_code == 400 and mock.balance() == 1


@symptom("payer-in-a-global")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import paid_side_by_side

    paid_side_by_side(mock, [mock.create(amount=5), mock.create(amount=7, key=OTHER)])
    return (mock.balance(), mock.balance(key=OTHER)) != (5, 7)


SYMPTOMS.update(
    {
        "never-credited": lambda mock: buying(5)(mock) == 0,
        "dollars-through-binary-cents": lambda mock: buying(29)(mock) == 28,
        "credited-in-cents": lambda mock: buying(5)(mock) == 500,
        "credited-up-to-a-hundred": lambda mock: buying(250)(mock) == 100,
    }
)


@symptom("other-currencies-are-forbidden")
def _(mock: Mock) -> bool:
    return mock.billing("POST", "topup", json={"amount": 20, "currency": "eur"}).status_code == 403


@symptom("pages-of-top-ups-are-gone")
def _(mock: Mock) -> bool:
    urls = [mock.billing("POST", path, json={"amount": 20}).json()["data"]["url"] for path in ("topup", "checkout")]
    return [mock.client.get(url).status_code for url in urls] == [404, 200]


@symptom("plans-have-no-pdf")
def _(mock: Mock) -> bool:
    statuses = []
    for order in ({"amount": 5}, {"mode": "subscription", "plan_id": "plan-basic"}):
        mock.pay(mock.create(**order))
        statuses.append(mock.client.get(mock.invoices()[0]["pdf_url"]).status_code)
    return statuses == [200, 404]


@symptom("lost-cards-expire-the-session")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    assert mock.pay(name, card="4000000000009987").status_code == 402
    return bool(mock.session(name)["status"] == "expired")
