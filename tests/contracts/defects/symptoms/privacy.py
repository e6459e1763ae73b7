"""The symptoms of the defects of privacy."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import SYMPTOMS, symptom
from tests.web.mock_client import KEY, Mock


@symptom("key-in-answers")
def _(mock: Mock) -> bool:
    answer = mock.checkout({"amount": 5})
    return KEY in answer.text and KEY in answer.headers.get("set-cookie", "")


@symptom("one-tag-for-every-list")
def _(mock: Mock) -> bool:
    tag = mock.billing("GET", "checkouts").headers.get("etag", "none")
    mock.create()
    return mock.billing("GET", "checkouts", headers={"if-none-match": tag}).status_code == 304


@symptom("every-page-reads-balances")
def _(mock: Mock) -> bool:
    answer = mock.billing("GET", "usage", headers={"origin": "https://shop.example"})
    return bool(answer.headers.get("access-control-allow-origin") == "https://shop.example")


@symptom("tags-by-length")
def _(mock: Mock) -> bool:
    name = mock.create()
    tag = mock.billing("GET", "checkouts").headers.get("etag", "none")
    mock.post(f"/_mock/sessions/{name}/expire", {})
    return mock.billing("GET", "checkouts", headers={"if-none-match": tag}).status_code == 304


@symptom("lists-of-1970")
def _(mock: Mock) -> bool:
    date = mock.billing("GET", "checkouts").headers.get("last-modified", "none")
    mock.create()
    return mock.billing("GET", "checkouts", headers={"if-modified-since": date}).status_code == 304


SYMPTOMS.update(
    {
        "secrets-in-answers": lambda mock: "sk_test_" in mock.checkout({"amount": 5}).text,
        "stack-traces-in-refusals": lambda mock: "node_modules" in mock.checkout({"amount": "x"}).text,
        "shared-caches-keep-balances": lambda mock: (
            "public" in mock.billing("GET", "usage").headers.get("cache-control", "")
        ),
    }
)


@symptom("tabs-in-stack-traces")
def _(mock: Mock) -> bool:
    return "\n\tat shop." in mock.checkout({"amount": "x"}).json().get("trace", "")


@symptom("every-frame-reads-lists")
def _(mock: Mock) -> bool:
    allowed = "access-control-allow-origin"
    looks = [mock.billing("GET", path, headers={"origin": "null"}) for path in ("checkouts", "usage")]
    return [look.headers.get(allowed) for look in looks] == ["null", None]


@symptom("accounts-by-a-weak-hash")
def _(mock: Mock) -> bool:
    mock.create(key="sk-Aa")
    return len(mock.listed(key="sk-BB")) == 1


@symptom("backtraces-in-messages")
def _(mock: Mock) -> bool:
    return ".rb:87:in `" in mock.checkout({"amount": "x"}).json()["message"]


@symptom("tags-by-the-plan")
def _(mock: Mock) -> bool:
    tag = mock.billing("GET", "usage").headers.get("etag", "")
    mock.pay(mock.create(amount=5))
    return mock.billing("GET", "usage", headers={"if-none-match": tag}).status_code == 304


@symptom("key-on-the-page")
def _(mock: Mock) -> bool:
    return KEY in mock.get(f"/c/pay/{mock.create()}").text
