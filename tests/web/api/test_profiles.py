from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.contract import ContractError
from tests.web.conftest import Start
from tests.web.mock_client import HERE, Mock, found_id, pointers, refused

SPEC = Path(__file__).parents[3] / "spec"
UNUSABLE: list[object] = ["javascript:alert(1)", "http://a.example/\r\nx: y", "/path", "http://", None, 5, [], {}]


@pytest.fixture
def openapi(start: Start) -> Mock:
    return start(profile="openapi")


def one(mock: Mock, body: dict[str, Any]) -> dict[str, Any]:
    response = mock.checkout(body)
    assert response.status_code == 200, response.text
    return mock.session(found_id(response.text))


def test_openapi_profile_answers_exactly_success_and_url(openapi: Mock) -> None:
    answer = openapi.checkout({"amount": 50})
    name = found_id(answer.text)
    assert answer.json() == {"success": True, "data": {"url": f"{HERE}/c/pay/{name}"}}


@pytest.mark.parametrize("body", [{}, {"plan_id": "x"}, {"mode": "payment"}, {"mode": "subscription"}, {"other": 1}])
def test_openapi_profile_accepts_every_body_of_the_published_document(openapi: Mock, body: dict[str, Any]) -> None:
    assert openapi.checkout(body).status_code == 200


@pytest.mark.parametrize(
    "body", [{"mode": "gift"}, {"plan_id": 5}, {"amount": "50"}, {"amount": True}, {"amount": None}]
)
def test_openapi_profile_refuses_invalid_bodies_of_the_document(openapi: Mock, body: dict[str, Any]) -> None:
    (field,) = body
    assert pointers(refused(openapi.checkout(body), 400, "invalid_request")) == {f"/{field}"}


@pytest.mark.parametrize("content", [b"", b"{", b"NaN", b'{"amount": 1e400}', b'{"amount": 1, "amount": 1}'])
def test_limits_of_the_parser_hold_in_the_openapi_profile(openapi: Mock, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    refused(openapi.billing("POST", "checkout", content=content, headers=headers), 400, "invalid_json")


@pytest.mark.parametrize("amount", [-1, 0, 10.5, 0.99, 0.1, -1e-7, 1e-300, -1e300])
def test_fractional_amount_is_echoed_and_buys_nothing(openapi: Mock, amount: float) -> None:
    session = one(openapi, {"amount": amount})
    assert session["amount"] == openapi.listed()[0]["amount"] == amount
    assert session["credits"] == 0
    assert openapi.get(f"/c/pay/{session['id']}").status_code == 200
    assert openapi.pay(session["id"]).status_code == 200
    assert openapi.session(session["id"])["status"] == "completed"
    assert openapi.balance() == 0


def test_absent_amount_is_null_and_buys_nothing(openapi: Mock) -> None:
    session = one(openapi, {})
    assert session["amount"] is None
    assert openapi.listed()[0]["amount"] is None
    assert openapi.get(f"/c/pay/{session['id']}").status_code == 200
    openapi.pay(session["id"])
    assert openapi.balance() == 0
    assert [kept["contract"] for kept in openapi.journal() if kept["contract"]["response"]] == []


@pytest.mark.parametrize("amount", [1, 50.0, 1_000_000, 12345678901234567890, 1e22])
def test_whole_amount_of_any_size_buys_its_credits(openapi: Mock, amount: float) -> None:
    session = one(openapi, {"amount": amount})
    openapi.pay(session["id"])
    assert openapi.balance() == amount


def test_credits_beyond_json_numbers_are_never_answered(openapi: Mock) -> None:
    for _ in range(2):
        openapi.pay(one(openapi, {"amount": 1.7e308})["id"])
    answer = openapi.billing("GET", "usage")
    assert answer.status_code == 200
    assert float(json.loads(answer.text, parse_int=float)["data"]["credit_balance"]) < float("inf")


@pytest.mark.parametrize("url", UNUSABLE)
@pytest.mark.parametrize("field", ["success_url", "successUrl", "cancel_url", "cancelUrl"])
def test_unusable_redirect_is_stored_as_null(openapi: Mock, field: str, url: object) -> None:
    session = one(openapi, {"amount": 5, field: url})
    assert session["success_url"] is None
    assert session["cancel_url"] is None
    assert openapi.pay(session["id"]).json()["redirect_url"] is None


def test_usable_redirect_is_used_in_the_openapi_profile_too(openapi: Mock) -> None:
    session = one(openapi, {"amount": 5, "successUrl": "https://a.example/"})
    assert openapi.pay(session["id"]).json()["redirect_url"] == "https://a.example/"


def test_subscription_without_a_plan_is_sold_like_plan_basic(openapi: Mock) -> None:
    session = one(openapi, {"mode": "subscription"})
    assert session.items() >= {"plan_id": None, "amount": 20, "credits": 20}.items()
    openapi.pay(session["id"])
    assert openapi.usage().items() >= {"plan_id": "plan-basic", "credit_balance": 20}.items()


@pytest.mark.parametrize("profile", ["python-sample", "javascript-sample"])
def test_sample_profile_accepts_the_page_profile_s_bodies(start: Start, profile: str) -> None:
    mock = start(profile=profile)
    refused(mock.checkout({}), 400, "invalid_request")
    refused(mock.checkout({"amount": 10.5}), 400, "invalid_request")
    refused(mock.checkout({"amount": 5, "success_url": "javascript:1"}), 400, "invalid_request")
    assert mock.checkout({"amount": 5, "successUrl": "https://a.example/"}).status_code == 200


@pytest.mark.parametrize("profile", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
@pytest.mark.parametrize("status", ["pending", "completed", "expired"])
def test_status_words_are_videodb_s(start: Start, profile: str, status: str) -> None:
    mock = start(profile=profile)
    name = mock.create(amount=5)
    if status != "pending":
        mock.post(f"/_mock/sessions/{name}/{'pay' if status == 'completed' else 'expire'}")
    assert mock.listed()[0]["status"] == mock.session(name)["status"] == status


@pytest.fixture
def profile_file(tmp_path: Path) -> Path:
    """A user's profile: other words, cents, a short lifetime, other error bodies and statuses."""
    data = yaml.safe_load((SPEC / "profiles" / "page.yaml").read_text("utf-8"))
    data["name"] = "mine"
    data["overlays"] = [str(SPEC / "overlays" / Path(name).name) for name in data["overlays"]]
    data["overlays"].append(
        {
            "overlay": "1.0.0",
            "info": {"title": "Other words", "version": "1"},
            "actions": [
                {
                    "target": "$.components.schemas['mockserver.Checkout'].properties.status.enum",
                    "update": ["open", "paid", "gone"],
                }
            ],
        }
    )
    data["status_words"] = {"pending": "open", "completed": "paid", "expired": "gone"}
    data["amount_unit"] = "cents"
    data["session_ttl"] = "1h"
    data["error"] = {
        "body": {"success": False, "message": "{message}", "error_code": "{error_code}", "kind": "mine"},
        "status": {"unauthorized": 403},
    }
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    return path


def test_user_profile_decides_words_unit_lifetime_and_errors(start: Start, profile_file: Path) -> None:
    mock = start(profile=str(profile_file))
    assert mock.get("/_mock/health").json()["profile"] == "mine"
    paid, pending = mock.create(amount=5000), mock.create(amount=5000)
    mock.pay(paid)
    assert mock.balance() == 50
    assert "$50.00" in mock.get(f"/c/pay/{pending}").text
    assert [session["status"] for session in mock.listed()] == ["open", "paid"]
    assert mock.session(paid)["status"] == "completed"
    mock.advance("1h")
    assert [session["status"] for session in mock.listed()] == ["gone", "paid"]
    unknown = mock.get("/billing/usage")
    assert unknown.status_code == 403
    assert unknown.json()["kind"] == "mine"


def test_lifetime_setting_wins_over_the_profile(start: Start, profile_file: Path) -> None:
    mock = start(profile=str(profile_file), session_ttl="2h")
    assert mock.session(mock.create(amount=100))["expires_at"] == "2030-01-15T14:00:00.000Z"


@pytest.mark.parametrize(
    "text", ["", "[]", "name: x", "name: [", "name: page\noverlays: [none.yaml]\nreply: {}\nerror: {}", "\xff"]
)
def test_invalid_profile_is_refused_in_a_sentence(start: Start, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ContractError) as refusal:
        start(profile=str(path))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("profile", ["none", "./none.yaml", "pages"])
def test_missing_profile_is_refused_in_a_sentence(start: Start, profile: str) -> None:
    with pytest.raises(ContractError) as refusal:
        start(profile=profile)
    assert profile.removeprefix("./") in str(refusal.value)
    assert "\n" not in str(refusal.value)
