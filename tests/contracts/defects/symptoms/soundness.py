"""The symptoms of the defects of soundness."""

from __future__ import annotations

import gzip
import time

from tests.contracts.defects.symptoms.symptom import SYMPTOMS, crashes, symptom
from tests.web.mock_client import KEY, OTHER, Mock


@symptom("account-in-a-global")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import listed_together

    mock.create(key=KEY)
    return listed_together(mock, [KEY, OTHER]) != [1, 0]


@symptom("accounts-by-a-short-hash")
def _(mock: Mock) -> bool:
    keys = [f"sk-account-{number}" for number in range(60)]
    for key in keys:
        mock.create(key=key)
    return max(len(mock.listed(key=key)) for key in keys) > 1


@symptom("one-auto-recharge-for-all")
def _(mock: Mock) -> bool:
    mock.recharge(enabled=True, threshold=7, amount=13)
    shown = mock.billing("GET", "auto_recharge", key=OTHER).json()["data"]
    return bool(shown["threshold"] == 7)


@symptom("cookie-is-a-key")
def _(mock: Mock) -> bool:
    mock.create()
    cookie = mock.checkout({"amount": 5}).headers.get("set-cookie", "session=none")
    mock.client.cookies.clear()
    return mock.get("/billing/usage", headers={"cookie": cookie.partition(";")[0]}).status_code == 200


@symptom("forgets-early-sessions")
def _(mock: Mock) -> bool:
    first = mock.create()
    for _ in range(60):
        mock.create()
    return mock.get(f"/_mock/sessions/{first}").status_code == 404


@symptom("slower-from-order-to-order")
def _(mock: Mock) -> bool:
    from mockserver_contracts.defects.soundness import SlowerFromOrderToOrder

    def seconds() -> float:
        began = time.perf_counter()
        mock.create()
        return time.perf_counter() - began

    orders = 40
    taken = [seconds() for _ in range(orders)]
    # the quickest of several, and half of what the defect adds: a busy machine and the first order change nothing
    return min(taken[-4:]) - min(taken[:4]) > SlowerFromOrderToOrder.seconds * orders / 2


@symptom("slower-from-session-to-session")
def _(mock: Mock) -> bool:
    from mockserver_contracts.defects.soundness import SlowerFromSessionToSession

    def seconds() -> float:
        began = time.perf_counter()
        mock.usage()
        return time.perf_counter() - began

    before = max(seconds() for _ in range(3))
    sessions = 40
    for _ in range(sessions):
        mock.create()
    # what an idle machine takes is small beside what the defect adds
    return seconds() - before > SlowerFromSessionToSession.seconds * sessions / 2


@symptom("a-day-of-local-time")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2030-03-10T00:00:00Z"})  # New York's clocks go forward at seven
    data = mock.checkout({"amount": 5}).json()["data"]
    return bool(data["expires_at"] == "2030-03-10T23:00:00.000Z")


@symptom("lost-payments")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import paid_side_by_side

    sessions = [mock.create(amount=10) for _ in range(3)]
    assert paid_side_by_side(mock, sessions) == [200] * 3
    return mock.balance() != 30


@symptom("consumption-in-binary-fractions")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": KEY, "credits": 1})
    for _ in range(3):
        mock.consume(0.1)
    return mock.balance() != 0.7


@symptom("months-begin-a-second-late")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": KEY, "credits": 5})
    mock.consume(2)
    mock.post("/_mock/clock", {"now": "2030-02-01T00:00:00Z"})
    return bool(mock.usage()["usage_this_month"] == 2)


@symptom("cut-packed-bodies-are-orders")
def _(mock: Mock) -> bool:
    cut = gzip.compress(b'{"amount": 5}')[:-12]
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    return mock.billing("POST", "checkout", headers=headers, content=cut).status_code == 200


@symptom("packed-answers-without-a-name")
def _(mock: Mock) -> bool:
    answer = mock.billing("GET", "usage", headers={"accept-encoding": "gzip"})
    return answer.content.startswith(b"\x1f\x8b")


@symptom("packed-refusals-without-a-name")
def _(mock: Mock) -> bool:
    answer = mock.billing("POST", "checkout", content=b"{", headers={"accept-encoding": "gzip"})
    return answer.content.startswith(b"\x1f\x8b")


@symptom("early-pages-are-gone")
def _(mock: Mock) -> bool:
    first = mock.create()
    for _ in range(60):
        mock.create()
    return mock.get(f"/c/pay/{first}").status_code == 404


@symptom("months-end-a-second-early")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2030-01-31T23:59:59Z"})
    mock.post("/_mock/credits", {"key": KEY, "credits": 5})
    mock.consume(2)
    return bool(mock.billing("GET", "usage").json()["data"]["usage_this_month"] == 0)


@symptom("authentication-pays-too")
def _(mock: Mock) -> bool:
    mock.post(f"/_mock/sessions/{mock.create(amount=10)}/pay", {"card": "4000002500003155"})
    return mock.balance() == 20


def ordered(mock: Mock, **headers: str) -> int:
    """The status of an order with these headers beside its media type."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = mock.billing(
        "POST", "checkout", headers={"content-type": "application/json", **named}, content=b'{"amount": 5}'
    )
    return answer.status_code


def plan_kept(mock: Mock, plan: str) -> object:
    """The plan of a new session, as it was ordered with this one."""
    return mock.session(mock.create(mode="subscription", plan_id=plan))["plan_id"]


SYMPTOMS.update(
    {
        "one-declined-card-pays": lambda mock: mock.pay(mock.create(), card="4000000000009995").status_code == 200,
        "a-name-twice": lambda mock: mock.checkout({"amount": 5}).text.count('"success"') == 2,
        "nan-for-nothing": lambda mock: "NaN" in mock.billing("GET", "usage").text,
        "chunks-are-not-read": lambda mock: ordered(mock, transfer_encoding="chunked") == 400,
        "json-called-utf-16": lambda mock: "utf-16" in mock.checkout({"amount": 5}).headers["content-type"],
        "packed-bodies-crash": lambda mock: ordered(mock, content_encoding="gzip") == 500,
        "broken-percents-crash": lambda mock: mock.get("/billing/%zz").status_code == 500,
        "texts-in-latin-1": lambda mock: (
            mock.session(mock.create(mode="subscription", plan_id="ü"))["plan_id"] == "Ã¼"  # the bytes of ü in latin-1
        ),
        "texts-are-normalized": lambda mock: plan_kept(mock, "\u2460") == "1",
        "digits-are-numbers": lambda mock: plan_kept(mock, "0070") == "70",
        "texts-end-at-nul": lambda mock: plan_kept(mock, "a\0b") == "a",
        "long-texts-are-cut": lambda mock: plan_kept(mock, "a" * 300) == "a" * 255,
        "percents-in-texts-crash": crashes({"mode": "subscription", "plan_id": "100%"}),
        "browsers-get-a-page": lambda mock: (
            "<h1>" in mock.billing("POST", "checkout", json={"amount": 5}, headers={"accept": "text/html"}).text
        ),
    }
)


@symptom("settings-at-once-are-mixed")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import read_together

    mock.recharge(enabled=False, threshold=7, amount=20)
    own, _ = read_together(mock, "/billing/auto_recharge", [KEY, OTHER])
    return bool(own["data"]["threshold"] != 7)


@symptom("packed-usage-is-empty")
def _(mock: Mock) -> bool:
    packed = mock.billing("GET", "usage", headers={"accept-encoding": "gzip"})
    return bool(packed.json()["data"] == {})
