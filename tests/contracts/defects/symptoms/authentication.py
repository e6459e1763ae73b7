"""The symptoms of the defects of authentication."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import (
    SYMPTOMS,
    refuses,
    symptom,
)
from tests.web.mock_client import KEY, OTHER, Mock


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


@symptom("hyphens-are-underscores")
def _(mock: Mock) -> bool:
    mock.create(key="sk-a-b")
    return len(mock.listed(key="sk-a_b")) == 1


@symptom("last-of-two-keys")
def _(mock: Mock) -> bool:
    return mock.billing("GET", "usage", key="sk-a, sk-b").status_code == 200


SYMPTOMS.update(
    {
        "key-that-begins-well-is-enough": lambda mock: (
            mock.billing("GET", "checkouts", key="sk-a.b").status_code == 200
        ),
        "underscores-are-no-part-of-a-key": lambda mock: (
            mock.billing("GET", "checkouts", key="sk-a_b").status_code == 401
        ),
        "quoted-key-is-accepted": lambda mock: mock.checkout({"amount": 5}, key=f'"{KEY}"').status_code == 200,
        "first-of-two-keys-counts": lambda mock: mock.checkout({"amount": 5}, key=f"{KEY},{OTHER}").status_code == 200,
        "no-key-is-needed": lambda mock: mock.post("/billing/checkout", {"amount": 5}).status_code == 200,
        "any-key-is-accepted": lambda mock: mock.checkout({"amount": 5}, key="pk_live 1").status_code == 200,
        "key-in-the-query": lambda mock: mock.get(f"/billing/usage?x-access-token={KEY}").status_code == 200,
        "key-as-bearer": lambda mock: (
            mock.get("/billing/usage", headers={"authorization": f"Bearer {KEY}"}).status_code == 200
        ),
        "key-in-the-body": lambda mock: (
            mock.post("/billing/checkout", {"amount": 5, "api_key": KEY}).status_code == 200
        ),
        "another-header-is-needed": refuses({"amount": 5}),
        "body-before-key": lambda mock: mock.post("/billing/checkout", {"amount": -1}).status_code == 400,
        "no-key-is-200": lambda mock: mock.get("/billing/usage").status_code == 200,
        "no-key-crashes": lambda mock: mock.get("/billing/usage").status_code == 500,
    }
)


@symptom("key-in-the-query-of-a-get")
def _(mock: Mock) -> bool:
    return mock.get(f"/billing/usage?x-access-token={KEY}").status_code == 200
