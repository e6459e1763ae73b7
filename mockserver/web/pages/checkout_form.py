"""The form of a checkout page: parsed, and redacted for the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from mockserver.domain.card import DEFAULT_CARD, TEST_CARDS
from mockserver.domain.errors import InvalidRequest
from mockserver.journal.redaction import REDACTED

_FIELDS: Final = 20
_LONGEST_EMAIL: Final = 254
_CARD_FIELDS: Final = re.compile(rb"(?<![^&])(card|cvc)=([^&]*)")


@dataclass(frozen=True, slots=True)
class CheckoutForm:
    """The fields of the form."""

    csrf: str
    action: str
    card: str
    email: str
    expiry: str
    cvc: str
    authenticated: bool | None

    @classmethod
    def of(cls, body: bytes) -> CheckoutForm:
        """Parse the body of a request; raises InvalidRequest."""
        try:
            fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
        except ValueError:
            raise InvalidRequest(
                "the form cannot be read; it must be URL-encoded ASCII, as the page sends it"
            ) from None
        # the last value of each name counts: a button comes after the fields and overrides them
        given = {name: values[-1] for name, values in fields.items()}
        action = given.get("action", "")
        if action not in ("pay", "cancel"):
            raise InvalidRequest(f"action is {action[:40]!r}; pay or cancel is needed")
        return cls(
            csrf=given.get("csrf", ""),
            action=action,
            card=given.get("card", "").strip() or DEFAULT_CARD,
            email=given.get("email", "")[:_LONGEST_EMAIL],
            expiry=given.get("expiry", "").strip(),
            cvc=given.get("cvc", "").strip(),
            authenticated={"true": True, "false": False}.get(given.get("authenticate", "")),
        )


def redact_cards(form: bytes) -> bytes:
    """Redact a form for the journal: security codes, and all card numbers but those of test cards."""

    def redact(field: re.Match[bytes]) -> bytes:
        is_test_card = field[1] == b"card" and re.sub(rb"[^0-9]", b"", field[2]).decode() in TEST_CARDS
        return field[0] if is_test_card or not field[2] else field[1] + b"=" + REDACTED.encode()

    return _CARD_FIELDS.sub(redact, form)
