"""The form of a checkout page: parsed, and redacted for the journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from mockserver.domain.errors import InvalidRequest
from mockserver.domain.payment.card_table import DEFAULT_CARD, TEST_CARDS, CardLine, card_line
from mockserver.journal.redaction import REDACTED
from mockserver.web.pages.typed_fields import TypedFields

ACTIONS: Final = ("pay", "cancel", "return")
_FIELDS: Final = 24
_CARD_FIELDS: Final = re.compile(rb"(?<![^&])(card|cvc)=([^&]*)")
_CARD_INPUTS: Final = re.compile(rb'(<input [^>]*\bname="(card|cvc)"[^>]* value=")([^"]+)"')


@dataclass(frozen=True, slots=True)
class CheckoutForm:
    """The fields of the form.

    `fill` and `pay_with` are the test cards of the buttons with one click. `has_script` says that the page ran its
    script. `return` is the way back from the bank's step.
    """

    csrf: str
    action: str
    sent: Mapping[str, str]
    typed: TypedFields
    fill: CardLine | None
    pay_with: CardLine | None
    authenticated: bool | None
    has_script: bool

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
        sent = {name: values[-1] for name, values in fields.items()}
        action = sent.get("action", "")
        if action not in ACTIONS:
            raise InvalidRequest(f"action is {action[:40]!r}; pay or cancel is needed")
        return cls(
            csrf=sent.get("csrf", ""),
            action=action,
            sent=sent,
            typed=TypedFields.of({"card": DEFAULT_CARD, **sent}),
            fill=_line(sent.get("fill")),
            pay_with=_line(sent.get("pay_with")),
            authenticated={"true": True, "false": False}.get(sent.get("authenticate", "")),
            has_script=sent.get("script") == "on",
        )


def _line(number: str | None) -> CardLine | None:
    if number is None:
        return None
    line = card_line(number)
    if line is None:
        # the message does not repeat the number, which may be a real one
        raise InvalidRequest("this button names no test card; open the page again")
    return line


def redact_cards(form: bytes) -> bytes:
    """Redact a form for the journal: security codes, and all card numbers but those of test cards."""

    def redact(field: re.Match[bytes]) -> bytes:
        is_kept = not field[2] or (field[1] == b"card" and _is_test_card(field[2]))
        return field[0] if is_kept else field[1] + b"=" + REDACTED.encode()

    return _CARD_FIELDS.sub(redact, form)


def redact_page(page: bytes) -> bytes:
    """Redact a page for the journal in the same way: its form may hold the texts that were typed."""

    def redact(field: re.Match[bytes]) -> bytes:
        is_kept = field[2] == b"card" and _is_test_card(field[3])
        return field[0] if is_kept else field[1] + REDACTED.encode() + b'"'

    return _CARD_INPUTS.sub(redact, page)


def _is_test_card(number: bytes) -> bool:
    return re.sub(rb"[^0-9]", b"", number).decode() in TEST_CARDS
