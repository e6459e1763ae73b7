"""The symptoms of the defects of state."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import (
    DECLINED,
    SHOP,
    SYMPTOMS,
    pages,
    redirect,
    symptom,
    through_the_page,
)
from tests.web.mock_client import OTHER, Mock


@symptom("ids-come-again")
def _(mock: Mock) -> bool:
    return len({mock.create() for _ in range(20)}) == 19


@symptom("same-order-same-session")
def _(mock: Mock) -> bool:
    return mock.create(amount=7) == mock.create(amount=7) != mock.create(amount=8)


@symptom("refused-requests-create")
def _(mock: Mock) -> bool:
    assert mock.checkout({"amount": -1}).status_code == 400
    return len(mock.listed()) == 1


@symptom("sessions-get-lost")
def _(mock: Mock) -> bool:
    last = [mock.create() for _ in range(7)][-1]
    return len(mock.listed()) == 6 and mock.get(f"/c/pay/{last}").status_code == 404


@symptom("decline-closes-the-session")
def _(mock: Mock) -> bool:
    name = mock.create()
    assert mock.pay(name, card=DECLINED).status_code == 402
    return mock.pay(name).status_code == 410


@symptom("cancel-closes-the-session")
def _(mock: Mock) -> bool:
    first, second = mock.create(), mock.create()
    assert through_the_page(mock, first, "cancel").status_code == 303
    assert mock.post(f"/_mock/sessions/{second}/cancel", {}).status_code == 200
    return mock.pay(first).status_code == mock.pay(second).status_code == 410


@symptom("list-hides-expired")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("24h")
    return mock.listed() == []


@symptom("list-says-pending-for-ever")
def _(mock: Mock) -> bool:
    mock.pay(mock.create())
    return [row["status"] for row in mock.listed()] == ["pending"]


@symptom("list-shows-others")
def _(mock: Mock) -> bool:
    mock.create()
    mock.create(key=OTHER)
    return len(mock.listed()) == 2


@symptom("list-is-cached-for-all")
def _(mock: Mock) -> bool:
    name = mock.create()
    mock.create(key=OTHER)
    mock.listed()
    return [row["id"] for row in mock.listed(key=OTHER)] == [name]


@symptom("list-in-cents")
def _(mock: Mock) -> bool:
    mock.create(amount=5)
    return [row["amount"] for row in mock.listed()] == [500]


SYMPTOMS.update(
    {
        "payment-leads-to-the-cancel-url": lambda mock: redirect(mock, "pay") == SHOP["cancel_url"],
        "cancelling-leads-to-the-success-url": lambda mock: redirect(mock, "cancel") == SHOP["success_url"],
        "template-is-not-filled": lambda mock: redirect(mock, "pay") == SHOP["success_url"],
        "redirects-lose-their-query": lambda mock: (
            (redirect(mock, "pay"), redirect(mock, "cancel")) == ("https://shop.example/yes", "https://shop.example/no")
        ),
        "list-ends-after-ten": lambda mock: len(pages(mock)) == 10 == len(mock.listed(limit=100)),
        "list-ignores-offset": lambda mock: len(set(pages(mock))) == 4,
        "list-ignores-limit": lambda mock: len(pages(mock)) == 10 + 8 + 4,
        "list-pages-overlap": lambda mock: len(set(pages(mock))) == 11,
    }
)
