from __future__ import annotations

import pytest

from mockserver.domain.payment.brand import UNKNOWN, brand_of, grouped
from mockserver.domain.payment.card_table import DEFAULT_CARD, CardLine, card_lines


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("4", "Visa"),
        ("4242424242424242", "Visa"),
        ("2223003122003222", "Mastercard"),
        ("51", "Mastercard"),
        ("378282246310005", "American Express"),
        ("6011000990139424", "Discover"),
        ("6555900000604105", "BCcard"),
        ("6556", "Discover"),
        ("3566002020360505", "JCB"),
        ("36227206271667", "Diners Club"),
        ("3056930009020004", "Diners Club"),
        ("6205500000000000004", "UnionPay"),
        ("1234", ""),
        ("", ""),
    ],
)
def test_brand_of_a_card_is_known_by_its_first_digits(number: str, name: str) -> None:
    assert brand_of(number).name == name


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("4242424242424242", "4242 4242 4242 4242"),
        ("378282246310005", "3782 822463 10005"),
        ("36227206271667", "3622 720627 1667"),
        ("6205500000000000004", "6205 5000 0000 0000 004"),
        ("42424", "4242 4"),
        ("", ""),
    ],
)
def test_number_is_grouped_as_on_the_card(number: str, groups: str) -> None:
    assert grouped(number) == groups


@pytest.mark.parametrize("line", card_lines(), ids=lambda line: line.number)
def test_test_card_has_a_brand_and_its_length(line: CardLine) -> None:
    assert line.brand is not UNKNOWN
    assert len(line.number) in line.brand.lengths
    assert len(line.cvc) == line.brand.cvc
    assert line.spaced.replace(" ", "") == line.number


def test_first_line_of_the_table_is_the_default_card() -> None:
    first = card_lines()[0]
    assert (first.number, first.brand.name, first.does, first.pays) == (DEFAULT_CARD, "Visa", "pays", True)


@pytest.mark.parametrize(
    ("number", "does"),
    [
        ("4000000000000127", "incorrect CVC"),
        ("4000008260003178", "3-D Secure, then insufficient funds"),
        ("4000002500003155", "3-D Secure, then pays"),
    ],
)
def test_effect_of_a_card_is_said_in_a_few_words(number: str, does: str) -> None:
    assert {line.number: line.does for line in card_lines()}[number] == does
