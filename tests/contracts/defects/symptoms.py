"""What each defect shows when it is there, and a correct server never does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final

import httpx

from tests.web.mock_client import KEY, OTHER, Mock, found_id

Symptom = Callable[[Mock], bool]
SYMPTOMS: Final[dict[str, Symptom]] = {}

SHOP: Final[dict[str, Any]] = {
    "amount": 5,
    "success_url": "https://shop.example/yes?s={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/no?from=pay",
}
DECLINED: Final = "4000000000000002"


def symptom(name: str) -> Callable[[Symptom], Symptom]:
    def kept(shown: Symptom) -> Symptom:
        assert name not in SYMPTOMS
        SYMPTOMS[name] = shown
        return shown

    return kept


def accepts(body: Any, **more: Any) -> Symptom:
    """That an order is accepted."""
    return lambda mock: mock.billing("POST", "checkout", json=body, **more).status_code == 200


def refuses(body: Any) -> Symptom:
    """That a good order is refused."""
    return lambda mock: mock.checkout(body).status_code == 400


def reads(raw: bytes, *, media_type: str = "application/json") -> Symptom:
    """That a body, byte for byte, is accepted."""
    return lambda mock: raw_checkout(mock, raw, media_type=media_type).status_code == 200


def crashes(body: Any) -> Symptom:
    """That an order makes the server fail, where without a key it is refused as ever."""
    return lambda mock: (
        mock.checkout(body).status_code == 500 and mock.post("/billing/checkout", body).status_code == 401
    )


def raw_checkout(mock: Mock, raw: bytes, *, media_type: str = "application/json") -> httpx.Response:
    return mock.billing("POST", "checkout", content=raw, headers={"content-type": media_type})


def reply(mock: Mock) -> Any:
    return mock.checkout({"amount": 5}).json()


def pages(mock: Mock) -> list[str]:
    """The ids of twelve sessions, read page by page."""
    for _ in range(12):
        mock.create()
    return [row["id"] for offset in range(0, 12, 4) for row in mock.listed(limit=4, offset=offset)]


def form_of(mock: Mock, name: str) -> dict[str, str]:
    csrf = re.search(r'name="csrf" value="([^"]+)"', mock.get(f"/c/pay/{name}").text)
    return {"csrf": csrf[1] if csrf else ""}


def through_the_page(mock: Mock, name: str, action: str, **fields: str) -> httpx.Response:
    return mock.post(f"/c/pay/{name}", data={**form_of(mock, name), "action": action, **fields})


def redirect(mock: Mock, action: str) -> str:
    """Where the page and the control API send the buyer; both must agree."""
    first, second = mock.create(**SHOP), mock.create(**SHOP)
    paged = through_the_page(mock, first, action).headers["location"].replace(first, "ID")
    controlled: str = mock.post(f"/_mock/sessions/{second}/{action}", {}).json()["redirect_url"].replace(second, "ID")
    assert paged == controlled
    return paged


def alive_after(mock: Mock, by: str) -> bool:
    name = mock.create()
    mock.advance(by)
    return mock.pay(name).status_code == 200


# response shape

SYMPTOMS.update(
    {
        "url-not-in-data": lambda mock: "url" not in reply(mock)["data"],
        "no-checkout-url": lambda mock: "checkout_url" not in reply(mock),
        "no-checkouturl": lambda mock: "checkoutUrl" not in reply(mock),
        "no-id": lambda mock: "id" not in reply(mock),
        "id-is-not-the-listed-one": lambda mock: reply(mock)["id"] not in {row["id"] for row in mock.listed()},
        "success-in-quotes": lambda mock: reply(mock)["success"] == "true",
        "created-is-201": lambda mock: mock.checkout({"amount": 5}).status_code == 201,
        "json-called-text": lambda mock: mock.checkout({"amount": 5}).headers["content-type"].startswith("text/plain"),
        "relative-url": lambda mock: reply(mock)["data"]["url"].startswith("/c/pay/cs_test_"),
        "url-does-not-open": lambda mock: mock.client.get(reply(mock)["data"]["url"]).status_code == 404,
        "balance-in-quotes": lambda mock: mock.usage()["credit_balance"] == "0",
        "html-refusals": lambda mock: "text/html" in mock.checkout({"amount": -1}).headers["content-type"],
        "refusals-without-error-code": lambda mock: "error_code" not in mock.checkout({"amount": -1}).json(),
        "refusals-are-200": lambda mock: mock.checkout({"amount": -1}).status_code == 200,
    }
)

# request acceptance

SYMPTOMS.update(
    {
        "fractions-are-rounded": accepts({"amount": 10.5}),
        "zero-and-less-are-accepted": lambda mock: accepts({"amount": 0})(mock) and accepts({"amount": -5})(mock),
        "nothing-to-buy-is-accepted": accepts({}),
        "quoted-amount-is-accepted": accepts({"amount": "100"}),
        "true-is-an-amount": accepts({"amount": True}),
        "nan-is-an-amount": reads(b'{"amount": NaN}'),
        "whole-with-a-point-is-refused": refuses({"amount": 50.0}),
        "large-amounts-are-refused": refuses({"amount": 20_000}),
        "any-mode-is-accepted": accepts({"amount": 5, "mode": "gift"}),
        "mode-in-any-case": accepts({"amount": 5, "mode": "PAYMENT"}),
        "subscriptions-are-refused": refuses({"mode": "subscription", "plan_id": "plan-basic"}),
        "mode-is-required": refuses({"amount": 5}),
        "plan-as-a-number-is-accepted": accepts({"amount": 5, "plan_id": 7}),
        "unknown-fields-are-refused": refuses({"amount": 5, "colour": "green"}),
        "snake-case-redirects-are-ignored": lambda mock: mock.session(mock.create(**SHOP))["success_url"] is None,
        "camel-case-redirects-are-ignored": lambda mock: (
            mock.session(mock.create(amount=5, cancelUrl="https://shop.example/no"))["cancel_url"] is None
        ),
        "empty-body-is-accepted": reads(b""),
        "any-media-type-is-accepted": reads(b'{"amount": 5}', media_type="text/plain"),
        "list-is-accepted": accepts([{"amount": 5}]),
        "script-redirects-are-accepted": accepts({"amount": 5, "success_url": "javascript:alert(1)"}),
        "last-duplicate-counts": reads(b'{"amount": 5, "amount": 6}'),
    }
)

# authentication


@symptom("key-in-any-case")
def _(mock: Mock) -> bool:
    mock.create(key="sk-Mixed")
    return len(mock.listed(key="sk-mixed")) == 1


@symptom("key-is-cut")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": "sk-long-enough-1", "credits": 5})
    return mock.balance(key="sk-long-enough-2") == 5


@symptom("long-keys-are-cut")
def _(mock: Mock) -> bool:
    key = "sk-".ljust(64, "a")
    mock.create(key=key + "1")
    return len(mock.listed(key=key + "2")) == 1


@symptom("lists-need-no-key")
def _(mock: Mock) -> bool:
    mock.create()
    answer = mock.get("/billing/checkouts")
    return answer.status_code == 200 and len(answer.json()["data"]) == 1


SYMPTOMS.update(
    {
        "key-that-begins-well-is-enough": lambda mock: (
            mock.billing("GET", "checkouts", key="sk-a.b").status_code == 200
        ),
        "underscores-are-no-part-of-a-key": lambda mock: (
            mock.billing("GET", "checkouts", key="sk-a_b").status_code == 401
        ),
        "no-key-is-needed": lambda mock: mock.post("/billing/checkout", {"amount": 5}).status_code == 200,
        "any-key-is-accepted": lambda mock: mock.checkout({"amount": 5}, key="pk_live 1").status_code == 200,
        "key-in-the-query": lambda mock: mock.get(f"/billing/usage?x-access-token={KEY}").status_code == 200,
        "key-as-bearer": lambda mock: (
            mock.get("/billing/usage", headers={"authorization": f"Bearer {KEY}"}).status_code == 200
        ),
        "another-header-is-needed": refuses({"amount": 5}),
        "body-before-key": lambda mock: mock.post("/billing/checkout", {"amount": -1}).status_code == 400,
        "no-key-is-200": lambda mock: mock.get("/billing/usage").status_code == 200,
        "no-key-crashes": lambda mock: mock.get("/billing/usage").status_code == 500,
    }
)

# state


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

# money


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
    from tests.contracts.defects.concurrent_payments import paid_together

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


SYMPTOMS.update(
    {
        "never-credited": lambda mock: buying(5)(mock) == 0,
        "credited-in-cents": lambda mock: buying(5)(mock) == 500,
        "credited-up-to-a-hundred": lambda mock: buying(250)(mock) == 100,
    }
)

# time


@symptom("expired-can-be-paid")
def _(mock: Mock) -> bool:
    first, second = mock.create(**SHOP), mock.create(**SHOP)
    form = form_of(mock, second)
    mock.advance("24h")
    answer = mock.pay(first)
    paged = mock.post(f"/c/pay/{second}", data={**form, "action": "pay"})
    if answer.status_code != 200:
        return False
    assert answer.json()["session"]["status"] == mock.session(first)["status"] == "completed"
    assert paged.headers["location"]
    assert {row["status"] for row in mock.listed()} == {"completed"}
    return mock.balance() == 10


@symptom("credits-expire")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    mock.advance("12h")
    mock.pay(mock.create(amount=7))
    before = mock.balance()
    mock.advance("12h")
    return (before, mock.balance(), mock.balance()) == (12, 7, 7)


@symptom("completed-expires")
def _(mock: Mock) -> bool:
    mock.pay(mock.create())
    before = [row["status"] for row in mock.listed()]
    mock.advance("24h")
    return (before, [row["status"] for row in mock.listed()]) == (["completed"], ["expired"])


@symptom("expired-is-listed-as-pending")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("24h")
    return [row["status"] for row in mock.listed()] == ["pending"]


@symptom("tries-make-it-live-longer")
def _(mock: Mock) -> bool:
    tried, _ = mock.create(), mock.create()
    mock.post(f"/_mock/sessions/{tried}/pay", {"card": DECLINED})
    mock.advance("24h")
    return [row["status"] for row in mock.listed()] == ["expired", "pending"]


@symptom("expired-page-still-opens")
def _(mock: Mock) -> bool:
    name = mock.create()
    mock.advance("24h")
    return mock.get(f"/c/pay/{name}").status_code == 200


@symptom("times-without-a-zone")
def _(mock: Mock) -> bool:
    mock.create()
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15 12:00:00.000"


@symptom("times-of-another-zone")
def _(mock: Mock) -> bool:
    mock.create()
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15T20:00:00.000Z"


@symptom("created-at-is-now")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("1h")
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15T13:00:00.000Z"


SYMPTOMS.update(
    {
        "never-expires": lambda mock: alive_after(mock, "365d"),
        "expires-a-second-late": lambda mock: alive_after(mock, "24h"),
        "expires-a-second-early": lambda mock: not alive_after(mock, "86399s"),
        "expires-at-is-too-soon": lambda mock: reply(mock)["data"]["expires_at"] == "2030-01-15T12:30:00.000Z",
    }
)

# transport and robustness


@symptom("cut-off-answers")
def _(mock: Mock) -> bool:
    answers = [mock.checkout({"amount": 5}).text for _ in range(9)]
    return [answer.endswith("}") for answer in answers] == [True] * 8 + [False]


@symptom("tires")
def _(mock: Mock) -> bool:
    statuses = [mock.checkout({"amount": 5}).status_code for _ in range(151)]
    return statuses == [200] * 149 + [500] * 2


@symptom("slow-start")
def _(mock: Mock) -> bool:
    # how slow is not waited for: the test has set it to next to nothing
    from mockserver_contracts.defects.transport import SlowStart

    assert SlowStart.seconds < 0.2
    for _ in range(SlowStart.at - 1):
        mock.usage()
    began = time.perf_counter()
    mock.usage()
    return time.perf_counter() - began >= SlowStart.seconds


SYMPTOMS.update(
    {
        "byte-order-mark": lambda mock: mock.checkout({"amount": 5}).content.startswith(b"\xef\xbb\xbf{"),
        "heavy-answers": lambda mock: max(len(mock.checkout({"amount": 5}).content) for _ in range(40)) > 5_000_000,
        "wrong-requests-crash": crashes({"amount": -1}),
        "deep-bodies-crash": crashes({"amount": 5, "x": eval("[" * 40 + "]" * 40)}),
        "long-texts-crash": crashes({"mode": "subscription", "plan_id": "p" * 300}),
        "foreign-texts-crash": crashes({"mode": "subscription", "plan_id": "plän"}),
        "odd-json-crashes": crashes([1]),
        "post-is-redirected": lambda mock: mock.checkout({"amount": 5}).status_code == 307,
        "get-creates": lambda mock: bool(
            (answer := mock.billing("GET", "checkout")).status_code == 200 and found_id(answer.text)
        ),
        "no-allow": lambda mock: "allow" not in mock.billing("DELETE", "checkout").headers,
    }
)

# invoices, top-ups, consumption and auto recharge


def bought(mock: Mock, *amounts: int) -> list[str]:
    """Pay for so many dollars; the ids of the invoices, as they are listed."""
    for amount in amounts:
        mock.pay(mock.create(amount=amount))
    return [row["id"] for row in mock.invoices()]


def topped_up(mock: Mock) -> str:
    return found_id(mock.billing("POST", "topup", json={"amount": 20}).text)


def consumed(mock: Mock, *credits: float, funds: float = 30) -> None:
    """Give credits and spend some."""
    mock.post("/_mock/credits", {"key": KEY, "credits": funds})
    for each in credits:
        mock.consume(each, category="indexing")


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


@symptom("recharge-settings-are-lost")
def _(mock: Mock) -> bool:
    return recharging(mock) == [10, 9.5]


@symptom("recharged-without-an-invoice")
def _(mock: Mock) -> bool:
    return recharging(mock) == [10, 29.5] and mock.invoices() == [] and len(bought(mock, 6)) == 1


SYMPTOMS.update(
    {
        "payments-without-an-invoice": lambda mock: bought(mock, 5) == [],
        "top-ups-in-any-currency": lambda mock: (
            mock.billing("POST", "topup", json={"amount": 20, "currency": "eur"}).status_code == 200
        ),
        "recharged-at-the-threshold": lambda mock: recharging(mock)[0] == 30,
        "recharged-twice": lambda mock: recharging(mock) == [10, 49.5],
    }
)
