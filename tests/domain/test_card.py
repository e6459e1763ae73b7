from __future__ import annotations

from datetime import timedelta

import pytest

from mockserver.domain.card import TEST_CARDS, Card
from mockserver.domain.errors import InvalidRequest
from tests.builders import NOON


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("4242424242424242", "paid"),
        ("5555555555554444", "paid"),
        ("4000000000000002", "generic_decline"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000009987", "lost_card"),
        ("4000000000009979", "stolen_card"),
        ("4000000000000069", "expired_card"),
        ("4000000000000127", "incorrect_cvc"),
        ("4000000000000119", "processing_error"),
        ("4242424242424241", "incorrect_number"),
        ("4242424242424243", "incorrect_number"),
        ("4111111111111111", "test_mode_live_card"),
    ],
)
def test_a_card_does_what_stripes_test_card_does(number: str, outcome: str) -> None:
    found = Card.of(number).attempt(NOON)
    assert found.name == outcome
    assert found.is_paid is (outcome == "paid")
    assert bool(found.message) is not found.is_paid


@pytest.mark.parametrize(
    ("number", "passed"),
    [("4000002500003155", "paid"), ("4000002760003184", "paid"), ("4000008400001629", "generic_decline")],
)
def test_a_3d_secure_card_asks_first(number: str, passed: str) -> None:
    card = Card.of(number)
    assert card.attempt(NOON).name == "authentication_required"
    assert card.attempt(NOON, authenticated=False).name == "authentication_failed"
    assert card.attempt(NOON, authenticated=True).name == passed


def test_every_card_of_the_table_has_an_outcome_in_words() -> None:
    for number in TEST_CARDS:
        for authenticated in (None, True, False):
            outcome = Card.of(number).attempt(NOON, authenticated=authenticated)
            assert outcome.is_paid or outcome.message


def test_spaces_and_dashes_are_dropped() -> None:
    assert Card.of("4242 4242-4242 4242").number == "4242424242424242"
    assert Card.of("4242424242424242").last4 == "4242"


@pytest.mark.parametrize(
    "given", ["", "4242", "4" * 20, "4242x24242424242", "\uff14\uff12" * 8, None, 4242424242424242]
)
def test_what_is_no_number_is_refused_and_not_repeated(given: object) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        Card.of(given)
    assert not given or str(given) not in refusal.value.message.replace("4242424242424242", "")


@pytest.mark.parametrize(
    ("expiry", "outcome"),
    [("12/34", "paid"), ("1 / 2034", "paid"), ("", "paid"), ("12/21", "expired_card"), ("0122", "expired_card")],
)
def test_a_card_that_is_over_is_declined_as_such_whatever_its_number(expiry: str, outcome: str) -> None:
    assert Card.of("4242424242424242", expiry=expiry, cvc="123").attempt(NOON).name == outcome


def test_a_card_pays_until_its_last_month_is_over() -> None:
    this_month = f"{NOON.month}/{NOON.year}"
    assert Card.of("4242424242424242", expiry=this_month).attempt(NOON).is_paid
    next_month = (NOON.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert Card.of("4242424242424242", expiry=this_month).attempt(next_month).name == "expired_card"


@pytest.mark.parametrize("typed", [{"expiry": "13/34"}, {"expiry": "soon"}, {"cvc": "12"}, {"cvc": "12a"}])
def test_what_is_no_expiry_date_and_no_security_code_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="needed, such as"):
        Card.of("4242424242424242", **typed)
