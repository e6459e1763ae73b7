"""The violations of a body that the checks of an accepted request name."""

from __future__ import annotations

import pytest
from mockserver_contracts.document.body_violations import SYNTAX, BodyViolations

from tests.contracts.runs import document

CHECKOUT = ("/billing/checkout", "post")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"amount": 1}', ()),
        (b'{"amount": "1"}', (("/amount", "type"),)),
        (b'{"amount": 1, "note": "\\ud800"}', ()),
        (b'{"amount": 1, "plan_id": "\\udc00\\ud800"}', ()),
        (b'{"amount": "\\ud800"}', (("/amount", "type"),)),
        (b'{"amount": 1, "plan_id": NaN}', (("/plan_id", "type"),)),
        (b'{"amount": 1, "plan_id": 1e400}', (("/plan_id", "type"),)),
        (b"{", SYNTAX),
        (b"[" * 100_000, SYNTAX),
        (b"", (("", "missing"),)),
    ],
)
def test_violations_of_a_body_are_places_and_keywords(body: bytes, found: tuple[tuple[str, str], ...]) -> None:
    assert BodyViolations(document()).of(*CHECKOUT, body) == found
