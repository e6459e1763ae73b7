"""The fields of the form: refused in words for buyers, kept after a refusal, and hidden from the journal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.payment.card_table import DEFAULT_CARD, TEST_CARDS
from mockserver.web.pages.typed_fields import TypedFields
from tests.matrix import few_examples
from tests.web.mock_client import Mock, a_mock
from tests.web.pages.checkout_forms import ARABIC, FULLWIDTH, TYPED, Form, post, post_raw

MISTAKES = [
    ({"email": ""}, "Enter your e-mail address."),
    ({"email": "ada@"}, "Your e-mail address is incomplete."),
    ({"email": "ada@shop"}, "Your e-mail address is incomplete."),
    ({"email": "ada@shop."}, "Your e-mail address is incomplete."),
    ({"email": "ada@@shop.example"}, "Your e-mail address is invalid."),
    ({"email": "ada byron@shop.example"}, "Your e-mail address is invalid."),
    ({"card": ""}, "Enter your card number."),
    ({"card": "4242 42"}, "Your card number is incomplete."),
    ({"cvc": "1234", "card": "3782 822463 1000"}, "Your card number is incomplete."),
    ({"card": "4" * 17}, "Your card number has too many digits."),
    ({"card": "my card"}, "A card number has digits only."),
    ({"expiry": ""}, "Enter the expiry date of your card."),
    ({"expiry": "12"}, "Your card&#39;s expiry date is incomplete."),
    ({"expiry": "/ 3"}, "Your card&#39;s expiry date is incomplete."),
    ({"expiry": "12 / 2"}, "Your card&#39;s expiry date is incomplete."),
    ({"expiry": "12 / 203"}, "Your card&#39;s expiry date is incomplete."),
    ({"expiry": "34 / 12"}, "Your card&#39;s expiry date is invalid. Enter month and year, such as 12 / 34."),
    ({"expiry": "12é34"}, "Your card&#39;s expiry date is invalid. Enter month and year, such as 12 / 34."),
    ({"expiry": "13 / 34"}, "Your card&#39;s expiry date is invalid. Enter month and year, such as 12 / 34."),
    ({"expiry": "12 / 2029"}, "Your card&#39;s expiry date is in the past."),
    ({"cvc": ""}, "Enter the security code of your card."),
    ({"cvc": "1"}, "Your card&#39;s security code is incomplete."),
    ({"card": "378282246310005", "cvc": "123"}, "Your card&#39;s security code is incomplete."),
    ({"cvc": "12a"}, "Your card&#39;s security code is invalid. It has 3 or 4 digits."),
    ({"name": " "}, "Enter the name on your card."),
    ({"country": "ZZ"}, "Choose your country."),
    ({"country": "US", "postal": "1234"}, "Your postal code is incomplete."),
    ({"country": "CA", "postal": ""}, "Enter your postal code."),
]


@pytest.mark.parametrize(("typed", "says"), MISTAKES, ids=[says for _, says in MISTAKES])
def test_incomplete_field_is_refused_at_the_field(mock: Mock, typed: dict[str, str], says: str) -> None:
    name = mock.create()
    page = post(mock, name, **typed)
    assert page.status_code == 400
    field = next(reversed(typed))
    assert f'id="{field}-mistake" data-testid="mistake-{field}" role="alert">{says}</p>' in page.text
    assert page.text.count("-mistake") == 2
    attributes = Form(page).attributes[field]
    assert attributes["aria-invalid"] == "true"
    assert attributes["aria-describedby"].startswith(f"{field}-mistake")
    assert "autofocus" in attributes
    assert mock.session(name)["attempts"] == []


def test_first_of_several_wrong_fields_has_the_focus(mock: Mock) -> None:
    page = post(mock, mock.create(), **dict.fromkeys(TYPED, ""))
    form = Form(page)
    assert [name for name, found in form.attributes.items() if "autofocus" in found] == ["email"]
    assert page.text.count('role="alert"') == 1
    assert {name for name, found in form.attributes.items() if found.get("aria-invalid")} == set(TYPED) - {"postal"}


@pytest.mark.parametrize(
    "typed",
    [
        {"expiry": "1/40", "cvc": "1234"},
        {"expiry": "12/2040"},
        {"expiry": "2040-12"},
        {"expiry": "12.40"},
        {
            "expiry": "12/40".translate(FULLWIDTH),
            "cvc": "123".translate(FULLWIDTH),
            "postal": "12345".translate(ARABIC),
        },
        {"card": "4242-4242-4242-4242"},
        {"card": "4242.4242.4242.4242"},
        {"card": "4242\N{EN DASH}4242\N{EN DASH}4242\N{EN DASH}4242"},
        {"card": "4242 4242 4242 4242".translate(ARABIC)},
        {"country": "DE", "postal": ""},
        {"country": "CA", "postal": "k1a0b1"},
        {"email": "ä@müller.example"},
    ],
)
def test_complete_form_pays(mock: Mock, typed: dict[str, Any]) -> None:
    name = mock.create()
    assert post(mock, name, **typed).status_code == 303
    assert mock.session(name)["status"] == "completed"


@pytest.mark.parametrize(
    ("card", "expiry", "field"),
    [
        ("4242424242424241", "12/34", "card"),
        ("4000000000000069", "12/34", "expiry"),
        ("4000000000000127", "12/34", "cvc"),
    ],
)
def test_decline_about_a_field_is_shown_there(mock: Mock, card: str, expiry: str, field: str) -> None:
    page = post(mock, mock.create(), card=card, expiry=expiry)
    assert page.status_code == 402
    assert Form(page).attributes[field]["aria-invalid"] == "true"
    assert f'data-testid="mistake-{field}" role="alert"' in page.text


def test_date_in_the_past_is_told_with_the_other_mistakes(mock: Mock) -> None:
    name = mock.create()
    page = post(mock, name, expiry="12/29", cvc="", email="")
    assert page.status_code == 400
    wrong = {field for field, found in Form(page).attributes.items() if found.get("aria-invalid")}
    assert wrong == {"email", "expiry", "cvc"}
    assert mock.session(name)["attempts"] == []
    assert post(mock, name, expiry="01/30").status_code == 303


@pytest.mark.parametrize("card", ["4000000000009995", "42"])
def test_refused_form_keeps_every_typed_text(mock: Mock, card: str) -> None:
    typed = {**TYPED, "card": card, "name": '"><b>Ada'}
    page = post(mock, mock.create(), **typed)
    kept = {name: value for name, value in Form(page).values.items() if name in TYPED}
    assert {**kept, "card": kept["card"].replace(" ", "")} == typed
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("card", "kept"),
    [
        ("4111 1111 1111 1111", ""),
        ("4111.1111.1111.1111", ""),
        ("4111 1111 1111 1111".translate(FULLWIDTH), ""),
        ("4111111111111112", "4111 1111 1111 1112"),
    ],
)
def test_number_of_a_real_card_is_not_repeated(mock: Mock, card: str, kept: str) -> None:
    page = post(mock, mock.create(), card=card)
    assert page.status_code == 402
    assert Form(page).values["card"] == kept
    assert ('data-testid="brand">Visa<' in page.text) is bool(kept)


def test_number_of_a_real_card_is_not_repeated_among_letters(mock: Mock) -> None:
    page = post(mock, mock.create(), card="no. 4111 1111 1111 1111")
    assert page.status_code == 400
    assert Form(page).values["card"] == ""


@pytest.mark.parametrize(("country", "note"), [("DE", " (optional)"), ("US", "")])
def test_label_says_where_a_postal_code_is_optional(mock: Mock, country: str, note: str) -> None:
    page = post(mock, mock.create(), country=country, email="")
    assert f'Postal code<span id="postal-note">{note}</span>' in page.text


def test_words_3_d_secure_stay_on_one_line_in_the_drawer(mock: Mock) -> None:
    page = mock.get(f"/c/pay/{mock.create()}").text
    assert "</span> 3-D\N{NO-BREAK SPACE}Secure, then pays" in page
    assert "(3-D\N{NO-BREAK SPACE}Secure not required)" in page


def test_program_may_leave_fields_out(mock: Mock) -> None:
    paid, declined = mock.create(), mock.create()
    assert post_raw(mock, paid).status_code == 303
    assert post_raw(mock, declined, card="4000000000000002").status_code == 402
    assert post_raw(mock, declined, expiry="01/20").status_code == 402
    assert [attempt["outcome"] for attempt in mock.session(declined)["attempts"]] == ["generic_decline", "expired_card"]
    assert mock.session(paid)["email"] is None
    assert mock.session(paid)["attempts"][0]["card_last4"] == "4242"


@pytest.mark.parametrize("years", [0, 100])
def test_filled_in_card_is_not_expired(mock: Mock, years: int) -> None:
    mock.post("/_mock/clock", {"now": f"{2030 + years}-01-15T12:00:00Z"})
    name = mock.create()
    filled = Form(post(mock, name, fill=DEFAULT_CARD)).values
    assert mock.request("POST", f"/c/pay/{name}", data=filled).status_code == 303


def test_journal_holds_only_test_cards_and_no_security_code(mock: Mock) -> None:
    name = mock.create()
    for card in ("4111 1111 1111 1111", "4111111111111111", "4111111111111112", "4000000000000002"):
        post(mock, name, card=card, cvc="8642")
    post(mock, name, card="4000002500003155", cvc="8642")
    kept = json.dumps(mock.journal())
    assert "4111" not in kept.replace("%20", "").replace("+", "").replace(" ", "")
    assert "8642" not in kept.replace(name, "")
    assert "card=4000000000000002&" in kept
    assert ["card=[redacted]&" in (each["body_text"] or "") for each in mock.journal()].count(True) == 3
    assert 'name=\\"card\\" type=\\"text\\" value=\\"4000 0000 0000 0002\\"' in kept


CARDS = st.sampled_from([*TEST_CARDS, "4111111111111111", "4111111111111112", "6304000000000000", "4242 42", ""])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
FORMS = st.fixed_dictionaries(
    {
        "email": TEXTS | st.just("ada@shop.example"),
        "card": CARDS | TEXTS,
        "expiry": TEXTS | st.sampled_from(["12/34", "01 / 20", "1240"]),
        "cvc": TEXTS | st.sampled_from(["8642", "864", "8"]),
        "name": TEXTS,
        "country": st.sampled_from(["US", "DE", "", "ZZ"]),
        "postal": TEXTS | st.just("12345"),
    }
)


@given(typed=FORMS)
@few_examples(20)
def test_any_form_is_paid_or_shown_again_as_it_was_typed(typed: dict[str, str]) -> None:
    with a_mock() as mock:
        name = mock.create()
        answer = post(mock, name, **typed)
        session, form = mock.session(name), Form(answer)
        assert answer.status_code in (303, 400, 402)
        assert (session["status"] == "completed") is (answer.status_code == 303)
        assert len(session["attempts"]) == (answer.status_code != 400)
        if session["attempts"]:
            assert session["email"] == typed["email"].strip()
        if answer.status_code != 303:
            shown = TypedFields.of(typed)
            kept = [form.values.get(field, "") for field in ("email", "expiry", "name")]
            assert kept == [shown.email, shown.expiry, shown.name]
            wrong = {field for field, found in form.attributes.items() if found.get("aria-invalid")}
            assert bool(wrong) >= (answer.status_code == 400)
