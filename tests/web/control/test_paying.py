from __future__ import annotations

import pytest

from tests.web.mock_client import KEY, Mock, refused

DECLINES = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000009987": "lost_card",
    "4000000000009979": "stolen_card",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
    "4000000000000119": "processing_error",
    "4242424242424241": "incorrect_number",
    "4000008400001629": "generic_decline",
}
ASKING = ["4000002500003155", "4000002760003184", "4000008400001629"]


@pytest.mark.parametrize("card", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", *ASKING[:2]])
def test_payment_completes_the_session_and_credits_the_account(mock: Mock, card: str) -> None:
    name = mock.create(amount=50)
    answer = mock.pay(name, card=card)
    assert answer.status_code == 200
    assert answer.json() == {"session": mock.session(name), "redirect_url": None}
    assert mock.session(name)["status"] == "completed"
    assert mock.balance() == 50


def test_payment_needs_no_body(mock: Mock) -> None:
    name = mock.create()
    assert mock.post(f"/_mock/sessions/{name}/pay").status_code == 200
    assert mock.session(name)["attempts"][0]["card_last4"] == "4242"


@pytest.mark.parametrize("body", [{"card": None}, {"authenticate": None}, {"card": None, "authenticate": True}])
def test_null_field_equals_an_absent_one(mock: Mock, body: dict[str, object]) -> None:
    assert mock.pay(mock.create(), **body).status_code == 200


def test_payment_may_name_the_buyer(mock: Mock) -> None:
    name = mock.create()
    assert mock.pay(name, email="ada@shop.example").json()["session"]["email"] == "ada@shop.example"
    assert mock.usage()["email"] == "ada@shop.example"
    for email in ("ada", "", "a@b", "a" * 250 + "@b.example"):
        refused(mock.pay(mock.create(), email=email), 400, "invalid_request")


@pytest.mark.parametrize(("card", "decline_code"), DECLINES.items())
def test_declined_card_leaves_the_session_pending_with_a_reason(mock: Mock, card: str, decline_code: str) -> None:
    name = mock.create()
    body = refused(mock.pay(name, card=card), 402, "card_declined")
    assert body["decline_code"] == decline_code
    session = mock.session(name)
    assert session["status"] == "pending"
    assert [attempt["outcome"] for attempt in session["attempts"]] == [decline_code]
    assert mock.balance() == 0
    assert mock.pay(name).status_code == 200
    assert mock.balance() == 50


@pytest.mark.parametrize("card", ASKING)
def test_failed_3d_secure_leaves_the_session_pending(mock: Mock, card: str) -> None:
    name = mock.create()
    refused(mock.pay(name, card=card, authenticate=False), 402, "authentication_required")
    assert mock.session(name)["status"] == "pending"
    assert mock.session(name)["attempts"][0]["outcome"] == "authentication_required"
    assert mock.balance() == 0


def test_card_without_3d_secure_ignores_authenticate(mock: Mock) -> None:
    assert mock.pay(mock.create(), authenticate=False).status_code == 200


def test_real_looking_card_is_declined(mock: Mock) -> None:
    name = mock.create()
    assert refused(mock.pay(name, card="4111111111111111"), 402, "card_declined")["decline_code"]
    assert refused(mock.pay(name, card="4111111111111112"), 402, "card_declined")["decline_code"] == "incorrect_number"


@pytest.mark.parametrize("card", ["", "4242", "x", "4242424242424242\n", "٤" * 16, 4242424242424242, True, [], {}])
def test_invalid_card_number_is_refused_and_not_repeated(mock: Mock, card: object) -> None:
    name = mock.create()
    body = refused(mock.pay(name, card=card), 400, "invalid_request")
    assert "٤" not in body["message"]
    assert mock.session(name)["attempts"] == []


@pytest.mark.parametrize("authenticate", ["true", 1, 0, []])
def test_authenticate_is_true_or_false(mock: Mock, authenticate: object) -> None:
    name = mock.create()
    refused(mock.pay(name, authenticate=authenticate), 400, "invalid_request")
    assert mock.session(name)["attempts"] == []


@pytest.mark.parametrize("template", ["{CHECKOUT_SESSION_ID}", "a{CHECKOUT_SESSION_ID}b{CHECKOUT_SESSION_ID}"])
def test_payment_answers_the_success_url_with_the_session_id(mock: Mock, template: str) -> None:
    name = mock.create(amount=5, success_url=f"https://a.example/?s={template}", cancel_url="https://a.example/no")
    redirect = mock.pay(name).json()["redirect_url"]
    assert redirect == "https://a.example/?s=" + template.replace("{CHECKOUT_SESSION_ID}", name)
    assert mock.session(name)["success_url"] == f"https://a.example/?s={template}"


def test_cancellation_answers_the_cancel_url_and_keeps_the_session_payable(mock: Mock) -> None:
    name = mock.create(amount=5, success_url="https://a.example/yes", cancel_url="https://a.example/no")
    answer = mock.post(f"/_mock/sessions/{name}/cancel")
    assert answer.status_code == 200
    assert answer.json() == {"session": mock.session(name), "redirect_url": "https://a.example/no"}
    assert mock.session(name)["status"] == "pending"
    assert mock.balance() == 0
    assert mock.pay(name).status_code == 200


def test_session_can_be_expired_early(mock: Mock) -> None:
    name = mock.create()
    answer = mock.post(f"/_mock/sessions/{name}/expire")
    assert answer.status_code == 200
    assert answer.json() == {"session": mock.session(name)}
    assert mock.session(name)["status"] == "expired"


@pytest.mark.parametrize("verb", ["pay", "cancel", "expire"])
def test_completed_session_is_neither_paid_cancelled_nor_expired(mock: Mock, verb: str) -> None:
    name = mock.create()
    mock.pay(name)
    before = mock.session(name)
    refused(mock.post(f"/_mock/sessions/{name}/{verb}"), 409, "session_completed")
    assert mock.session(name) == before
    assert mock.balance() == 50


@pytest.mark.parametrize("verb", ["pay", "cancel", "expire"])
@pytest.mark.parametrize("how", ["ended", "aged"])
def test_expired_session_is_neither_paid_cancelled_nor_expired(mock: Mock, verb: str, how: str) -> None:
    name = mock.create()
    if how == "ended":
        mock.post(f"/_mock/sessions/{name}/expire")
    else:
        mock.advance("24h", key=KEY)
    refused(mock.post(f"/_mock/sessions/{name}/{verb}"), 410, "session_expired")
    assert mock.session(name)["status"] == "expired"
    assert mock.session(name)["attempts"] == []
    assert mock.balance() == 0


def test_completed_session_never_expires(mock: Mock) -> None:
    name = mock.create()
    mock.pay(name)
    mock.advance("30d")
    assert mock.session(name)["status"] == mock.listed()[0]["status"] == "completed"
    refused(mock.pay(name), 409, "session_completed")
