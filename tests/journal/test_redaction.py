"""No form of a key or of a card number is kept."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from mockserver.domain.payment.card_table import TEST_CARDS
from mockserver.journal.redaction import REDACTED, redact_bytes, redact_query, redact_text

KEY = "sk-Very_Secret-Key0123"
CARDS = ("4111111111111111", "5425233430109903", "2720992593319364", "374245455400126", "6011000991300009")


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


SPELLINGS = {
    "plain": KEY,
    "one JSON escape": KEY.replace("-", "\\u002d"),
    "upper-case escape": KEY.replace("-", "\\u002D"),
    "every letter escaped": escaped(KEY),
    "percent": KEY.replace("-", "%2D"),
    "every letter percent": "".join(f"%{ord(letter):02x}" for letter in KEY),
    **{f"base64 at {at}": base64.b64encode(b":" * at + KEY.encode()).decode() for at in range(4)},
    "base64 for URLs": base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("around", ['{"key": "%s"}', "key=%s&a=1", "Bearer %s", "%s"])
def test_key_is_redacted_in_every_spelling(spelling: str, around: str) -> None:
    text = around.replace("%s", SPELLINGS[spelling])
    kept = redact_bytes(text.encode()).decode()
    assert kept == around.replace("%s", REDACTED)
    assert redact_text(text) == kept


@pytest.mark.parametrize(
    "text",
    ["task-list", "ask-me", "disk-0", "a sketch", "c2stYQ", "zayin NrL bazaya", '{"u": "\\u0073\\u006b"}', "100%"],
)
def test_text_without_a_key_is_kept(text: str) -> None:
    assert redact_text(text) == text
    assert redact_text(f"Grüße {text}") == f"Grüße {text}"


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("form", ["%s", '{"card": "%s"}', '{"number": %s}', "card=%s&x=1"])
def test_card_number_is_redacted(card: str, form: str) -> None:
    for number in (card, " ".join(card[i : i + 4] for i in range(0, len(card), 4)), "-".join((card[:4], card[4:]))):
        assert redact_text(form.replace("%s", number)) == form.replace("%s", REDACTED)


@pytest.mark.parametrize("number", [*TEST_CARDS, "4111111111111112", "1700000000000", "9007199254740993"])
def test_test_card_and_other_numbers_are_kept(number: str) -> None:
    assert redact_text(json.dumps({"n": number})) == json.dumps({"n": number})


@pytest.mark.parametrize("secret", [KEY, *CARDS, "4111 1111 1111 1111"])
def test_secret_in_a_query_is_redacted_decoded_as_well_as_raw(secret: str) -> None:
    for value in (secret, quote(secret), "".join(f"%{byte:02x}" for byte in secret.encode())):
        assert redact_query(f"a=1&card={value}&b=%20", ()) == f"a=1&card={REDACTED}&b=%20"
    assert redact_query("x-key=anything&a=b", {"x-key"}) == f"x-key={REDACTED}&a=b"
