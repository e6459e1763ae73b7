"""Numbers that a right server may refuse although the schema allows them."""

from __future__ import annotations

import pytest
from mockserver_contracts.fuzz.extreme import has_extreme_number


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount": 3.8e-256}',
        b'{"amount": 1e300}',
        b'{"amount": 0.12345678}',
        b'{"a": [{"b": 123456789012345678}]}',
        b'{"a": -1e13}',
    ],
)
def test_very_large_and_very_fine_numbers_are_extreme(body: bytes) -> None:
    assert has_extreme_number(body)


@pytest.mark.parametrize(
    "body", [b'{"amount": 50}', b'{"a": 0.25, "b": 1e3, "c": 0.0, "d": "1e300"}', b"[]", b"{", b"\xff"]
)
def test_other_numbers_and_bodies_without_one_are_not(body: bytes) -> None:
    assert not has_extreme_number(body)
