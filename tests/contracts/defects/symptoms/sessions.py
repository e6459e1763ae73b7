"""The symptoms of the defects of state."""

from __future__ import annotations

from tests.contracts.defects.concurrent_requests import ordered_together
from tests.contracts.defects.symptoms.symptom import (
    DECLINED,
    SHOP,
    SYMPTOMS,
    form_of,
    pages,
    raw_checkout,
    redirect,
    reply,
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


@symptom("oldest-is-listed-twice")
def _(mock: Mock) -> bool:
    first, second = mock.create(), mock.create()
    return [row["id"] for row in mock.listed()] == [second, first, first]


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


@symptom("a-page-of-one-is-no-list")
def _(mock: Mock) -> bool:
    mock.create()
    return isinstance(mock.billing("GET", "checkouts").json()["data"], dict)


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


def cancelled_after(mock: Mock, action: str) -> bool:
    """The page and the control API cancel the session when it is closed."""
    name = mock.create(**SHOP)
    form = form_of(mock, name)
    mock.post(f"/_mock/sessions/{name}/{action}", {})
    paged = mock.post(f"/c/pay/{name}", data={**form, "action": "cancel"})
    controlled = mock.post(f"/_mock/sessions/{name}/cancel", {})
    return (paged.status_code, controlled.status_code) == (303, 200)


@symptom("three-declines-lock-the-session")
def _(mock: Mock) -> bool:
    name = mock.create()
    for _ in range(3):
        assert mock.pay(name, card=DECLINED).status_code == 402
    return mock.pay(name).status_code == 409


@symptom("sixteen-sessions-are-enough")
def _(mock: Mock) -> bool:
    statuses = [mock.checkout({"amount": 5}).status_code for _ in range(17)]
    return statuses == [200] * 16 + [400] and mock.checkout({"amount": 5}, key=OTHER).status_code == 200


@symptom("two-versions-answer")
def _(mock: Mock) -> bool:
    return ["checkout_url" in reply(mock) for _ in range(5)] == [True] * 4 + [False]


@symptom("list-by-last-change")
def _(mock: Mock) -> bool:
    old, new = mock.create(), mock.create()
    before = [row["id"] for row in mock.listed()]
    mock.pay(old)
    return (before, [row["id"] for row in mock.listed()]) == ([new, old], [old, new])


@symptom("list-says-open")
def _(mock: Mock) -> bool:
    mock.create()
    return [row["status"] for row in mock.listed()] == ["open"]


@symptom("list-forgives-wrong-pages")
def _(mock: Mock) -> bool:
    queries = ("limit=x", "limit=101", "offset=-1")
    return {mock.billing("GET", f"checkouts?{query}").status_code for query in queries} == {200}


@symptom("list-ends-after-twenty")
def _(mock: Mock) -> bool:
    for _ in range(21):
        mock.create()
    return len(mock.listed(limit=100)) == 20


@symptom("exponents-get-lost")
def _(mock: Mock) -> bool:
    raw_checkout(mock, b'{"amount": 1e2}')
    return bool(mock.listed()[0]["amount"] == 1)


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
        "completed-can-be-cancelled": lambda mock: cancelled_after(mock, "pay"),
        "expired-can-be-cancelled": lambda mock: cancelled_after(mock, "expire"),
    }
)


@symptom("first-orders-at-once-open-two-accounts")
def _(mock: Mock) -> bool:
    statuses = ordered_together(mock, amounts=(5, 7))
    mock.create()
    return statuses == [200, 200] and len(mock.listed()) == 2


@symptom("huge-offsets-crash")
def _(mock: Mock) -> bool:
    statuses = [mock.billing("GET", f"checkouts?offset={each}").status_code for each in (1 << 62, 1 << 63)]
    return statuses == [200, 500]


@symptom("offsets-of-no-utf-8-crash")
def _(mock: Mock) -> bool:
    return mock.billing("GET", "checkouts?offset=%FF").status_code == 500


@symptom("age-is-the-days-of-a-difference")
def _(mock: Mock) -> bool:
    mock.create()  # in a January of the mock's clock
    mock.advance("25h")
    statuses = [mock.listed()[0]["status"]]
    mock.advance("30d")
    return [*statuses, mock.listed()[0]["status"]] == ["expired", "pending"]


@symptom("second-session-lives-an-hour")
def _(mock: Mock) -> bool:
    first, second, third = (mock.checkout({"amount": 5}).json()["data"]["expires_at"] for _ in range(3))
    return bool(first == third != second)


@symptom("success-url-of-the-first")
def _(mock: Mock) -> bool:
    mock.create(amount=5, success_url="https://shop.example/1")
    second = mock.create(amount=5, success_url="https://shop.example/2")
    return bool(mock.pay(second).json()["redirect_url"] == "https://shop.example/1")


@symptom("third-session-is-locked")
def _(mock: Mock) -> bool:
    return [mock.pay(name).status_code for name in [mock.create() for _ in range(4)]] == [200, 200, 409, 200]


@symptom("first-session-stays-pending")
def _(mock: Mock) -> bool:
    for _ in range(2):
        mock.pay(mock.create())
    return [row["status"] for row in mock.listed()] == ["completed", "pending"]


@symptom("created-at-of-the-look")
def _(mock: Mock) -> bool:
    mock.create()
    return bool(mock.listed()[0]["created_at"] != mock.listed()[0]["created_at"])


@symptom("first-order-is-refused")
def _(mock: Mock) -> bool:
    return [mock.checkout({"amount": 5}).status_code for _ in range(2)] == [400, 200]
