from __future__ import annotations

from datetime import timedelta

import pytest

from mockserver.domain.card import Card
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.payment.card_table import TEST_CARDS, CardBehaviour
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
        ("4000000000006975", "card_velocity_exceeded"),
        ("4100000000000019", "fraudulent"),
        ("4000000000000507", "do_not_honor"),
        ("4242424242424243", "incorrect_number"),
        ("4111111111111111", "test_mode_live_card"),
    ],
)
def test_card_has_outcome_of_stripes_test_card(number: str, outcome: str) -> None:
    found = Card.of(number).attempt(NOON)
    assert found.name == outcome
    assert found.is_paid is (outcome == "paid")
    assert bool(found.message) is not found.is_paid


@pytest.mark.parametrize(
    ("number", "passed"),
    [
        ("4000002500003155", "paid"),
        ("4000002760003184", "paid"),
        ("4000008400001629", "generic_decline"),
        ("4000008260003178", "insufficient_funds"),
    ],
)
def test_card_with_3d_secure_asks_for_it_first(number: str, passed: str) -> None:
    card = Card.of(number)
    assert card.attempt(NOON).name == "authentication_required"
    assert card.attempt(NOON, authenticated=False).name == "authentication_failed"
    assert card.attempt(NOON, authenticated=True).name == passed


@pytest.mark.parametrize(("number", "behaviour"), TEST_CARDS.items())
def test_card_behaves_as_its_line_of_the_table(number: str, behaviour: CardBehaviour) -> None:
    outcome = Card.of(number).attempt(NOON, authenticated=True if behaviour.asks_3d_secure else None)
    assert (outcome.name, outcome.message) == (behaviour.decline or ("paid", ""))


def test_unpaid_outcome_of_every_card_has_a_message() -> None:
    for number in TEST_CARDS:
        for authenticated in (None, True, False):
            outcome = Card.of(number).attempt(NOON, authenticated=authenticated)
            assert outcome.is_paid or outcome.message


def test_card_number_may_have_spaces_and_dashes() -> None:
    assert Card.of("4242 4242-4242 4242").number == "4242424242424242"
    assert Card.of("4242424242424242").last4 == "4242"


@pytest.mark.parametrize(
    "given", ["", "4242", "4" * 20, "4242x24242424242", "\uff14\uff12" * 8, None, 4242424242424242]
)
def test_invalid_card_number_is_refused_and_not_repeated(given: object) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        Card.of(given)
    assert not given or str(given) not in refusal.value.message.replace("4242424242424242", "")


@pytest.mark.parametrize(
    ("expiry", "outcome"),
    [("12/34", "paid"), ("1 / 2034", "paid"), ("", "paid"), ("12/21", "expired_card"), ("0122", "expired_card")],
)
def test_expired_card_is_declined_as_expired(expiry: str, outcome: str) -> None:
    assert Card.of("4242424242424242", expiry=expiry, cvc="123").attempt(NOON).name == outcome


def test_card_is_valid_until_end_of_its_last_month() -> None:
    this_month = f"{NOON.month}/{NOON.year}"
    assert Card.of("4242424242424242", expiry=this_month).attempt(NOON).is_paid
    next_month = (NOON.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert Card.of("4242424242424242", expiry=this_month).attempt(next_month).name == "expired_card"


@pytest.mark.parametrize("typed", [{"expiry": "13/34"}, {"expiry": "soon"}, {"cvc": "12"}, {"cvc": "12a"}])
def test_invalid_expiry_date_or_security_code_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="needed, such as"):
        Card.of("4242424242424242", **typed)
