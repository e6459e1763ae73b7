"""The symptoms of the defects of transport and robustness."""

from __future__ import annotations

import time

from tests.contracts.defects.symptoms.symptom import (
    SYMPTOMS,
    crashes,
    raw_checkout,
    symptom,
)
from tests.web.mock_client import Mock, found_id


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


@symptom("long-text-is-slow")
def _(mock: Mock) -> bool:
    from mockserver_contracts.defects.transport import LongTextIsSlow

    assert LongTextIsSlow.seconds < 0.2
    began = time.perf_counter()
    mock.checkout({"amount": 5, "plan_id": "p" * 300})
    return time.perf_counter() - began >= LongTextIsSlow.seconds


@symptom("orders-at-once-crash")
def _(mock: Mock) -> bool:
    from tests.contracts.defects.concurrent_requests import ordered_together

    assert ordered_together(mock, amounts=[5]) == [200]
    return sorted(ordered_together(mock, amounts=[5] * 3)) == [200, 500, 500]


SYMPTOMS.update(
    {
        "byte-order-mark": lambda mock: mock.checkout({"amount": 5}).content.startswith(b"\xef\xbb\xbf{"),
        "heavy-answers": lambda mock: max(len(mock.checkout({"amount": 5}).content) for _ in range(20)) > 5_000_000,
        "wrong-requests-crash": crashes({"amount": -1}),
        "deep-bodies-crash": crashes({"amount": 5, "x": eval("[" * 40 + "]" * 40)}),
        "long-texts-crash": crashes({"mode": "subscription", "plan_id": "p" * 300}),
        "foreign-texts-crash": crashes({"mode": "subscription", "plan_id": "plän"}),
        "odd-json-crashes": crashes([1]),
        "post-is-redirected": lambda mock: mock.checkout({"amount": 5}).status_code == 307,
        "get-creates": lambda mock: bool(
            (answer := mock.billing("GET", "checkout")).status_code == 200 and found_id(answer.text)
        ),
        "allow-names-every-method": lambda mock: "DELETE" in mock.billing("OPTIONS", "checkout").headers["allow"],
        "put-and-patch-create": lambda mock: all(
            mock.billing(method, "checkout", json={"amount": 5}).status_code == 200 for method in ("PUT", "PATCH")
        ),
        "wrong-method-is-404": lambda mock: mock.billing("DELETE", "checkout").status_code == 404,
        "head-crashes": lambda mock: mock.billing("HEAD", "checkouts").status_code == 500,
        "slashes-lead-nowhere": lambda mock: mock.billing("GET", "checkouts/").status_code == 404,
        "no-allow": lambda mock: "allow" not in mock.billing("DELETE", "checkout").headers,
        "refusals-allow-every-method": lambda mock: "PUT" in mock.billing("DELETE", "checkout").headers["allow"],
        "put-changes-auto-recharge": lambda mock: mock.billing("PUT", "auto_recharge", json={}).status_code == 200,
        "paths-begin-like-lists": lambda mock: mock.billing("GET", "checkouts-nowhere").status_code == 200,
        "paths-below-create": lambda mock: mock.billing("POST", "checkout/x", json={"amount": 5}).status_code == 200,
    }
)


@symptom("escapes-lose-halves")
def _(mock: Mock) -> bool:
    raw = b'{"mode": "subscription", "plan_id": "a \\ud83c\\udfac"}'
    name = raw_checkout(mock, raw).json()["id"]
    return bool(mock.session(name)["plan_id"] == "a ??")


@symptom("apostrophes-break-json")
def _(mock: Mock) -> bool:
    name = mock.create(mode="subscription", plan_id="it's")
    return rb"it\'s" in mock.get(f"/_mock/sessions/{name}").content


@symptom("unread-bodies-begin-the-next-request")
def _(mock: Mock) -> bool:
    refused = mock.post("/billing/checkout", {"amount": 5})
    return [refused.status_code, *(mock.checkout({"amount": 5}).status_code for _ in range(2))] == [401, 405, 200]
