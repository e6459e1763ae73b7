from __future__ import annotations

import pytest

from mockserver.domain.card import TEST_CARDS, Card
from mockserver.domain.errors import InvalidRequest


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
    found = Card.of(number).attempt()
    assert found.name == outcome
    assert found.is_paid is (outcome == "paid")
    assert bool(found.message) is not found.is_paid


@pytest.mark.parametrize(
    ("number", "passed"),
    [("4000002500003155", "paid"), ("4000002760003184", "paid"), ("4000008400001629", "generic_decline")],
)
def test_a_3d_secure_card_asks_first(number: str, passed: str) -> None:
    card = Card.of(number)
    assert card.attempt().name == "authentication_required"
    assert card.attempt(authenticated=False).name == "authentication_failed"
    assert card.attempt(authenticated=True).name == passed


def test_every_card_of_the_table_has_an_outcome_in_words() -> None:
    for number in TEST_CARDS:
        for authenticated in (None, True, False):
            outcome = Card.of(number).attempt(authenticated=authenticated)
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
