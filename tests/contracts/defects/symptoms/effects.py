"""The symptoms of the defects of effects."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import symptom
from tests.web.mock_client import Mock


@symptom("refusals-expire-the-last")
def _(mock: Mock) -> bool:
    name = mock.create()
    assert mock.checkout({"amount": -1}).status_code == 400
    return bool(mock.session(name)["status"] == "expired")


@symptom("refusals-cost-a-credit")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    mock.checkout({"amount": -1})
    return mock.balance() == 4


@symptom("cancelling-ends-the-plan")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    mock.post(f"/_mock/sessions/{mock.create()}/cancel", {})
    return bool(mock.usage()["plan_id"] == "free")


@symptom("open-orders-set-the-plan")
def _(mock: Mock) -> bool:
    mock.create(mode="subscription", plan_id="plan-basic")
    return bool(mock.usage()["plan_id"] == "plan-basic")


@symptom("status-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, status="completed")
    return bool(mock.listed()[0]["status"] == "completed")


@symptom("id-of-the-order")
def _(mock: Mock) -> bool:
    return bool(mock.checkout({"amount": 5, "id": "cs_of_mine"}).json()["data"]["id"] == "cs_of_mine")


@symptom("credits-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, credits=70)
    return mock.balance() == 70


@symptom("paid-credits-of-the-order")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5, credits=70)
    before = mock.balance()
    mock.pay(name)
    return (before, mock.balance()) == (0, 70)
