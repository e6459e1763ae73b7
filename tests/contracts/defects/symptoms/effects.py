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


@symptom("payments-end-the-plan")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    mock.pay(mock.create(amount=5))
    return bool(mock.usage()["plan_id"] == "free")


@symptom("refused-orders-set-the-plan")
def _(mock: Mock) -> bool:
    assert mock.checkout({"mode": "subscription", "plan_id": "plan-pro", "success_url": 7}).status_code == 400
    return bool(mock.usage()["plan_id"] == "plan-pro")


@symptom("orders-turn-recharge-off")
def _(mock: Mock) -> bool:
    mock.billing("POST", "auto_recharge", json={"enabled": True, "threshold": 1, "amount": 20})
    mock.create(amount=5)
    return not mock.billing("GET", "auto_recharge").json()["data"]["enabled"]


@symptom("creation-time-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, created_at="2020-01-01T00:00:00Z")
    return bool(mock.listed()[0]["created_at"] == "2020-01-01T00:00:00Z")


@symptom("expiry-of-the-order")
def _(mock: Mock) -> bool:
    data = mock.checkout({"amount": 5, "expires_at": "2099-01-01T00:00:00Z"}).json()["data"]
    return bool(data["expires_at"] == "2099-01-01T00:00:00Z")


@symptom("email-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, email="buyer@shop.example")
    return bool(mock.usage().get("email") == "buyer@shop.example")


@symptom("plan-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, plan="plan-pro")
    return bool(mock.usage()["plan_id"] == "plan-pro")


@symptom("discount-of-the-order")
def _(mock: Mock) -> bool:
    mock.create(amount=5, discount=2)
    return bool(mock.listed()[0]["amount"] == 3)
