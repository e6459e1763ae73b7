"""Remove API keys and card numbers from everything that is stored or printed.

A secret is found as it is, with characters escaped as in JSON (`\\u002d`) or in a URL (`%2D`), and a key in base64 too.
The search for every spelling takes as long as the rest of a checkout. So a stored exchange has its plain keys removed
at once, and every other spelling whenever it is read: `hide_keys` is for storing, `redact` for whatever leaves.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote_plus

from mockserver.domain.card import is_real_card

REDACTED: Final = "[redacted]"
SECRET_HEADERS: Final = frozenset({b"x-access-token", b"authorization", b"cookie", b"proxy-authorization"})
"""Headers that carry credentials in any API."""

_REDACTED: Final = REDACTED.encode()
_KEY: Final = re.compile(rb"(?<![A-Za-z0-9_])sk-[A-Za-z0-9_-]+")
_KEY_IN_TEXT: Final = re.compile(_KEY.pattern.decode())


def _escaped(letter: str) -> str:
    return f"(?:{re.escape(letter)}|\\\\u00{ord(letter):02x}|%{ord(letter):02x})"


_ESCAPED_KEY: Final = re.compile(
    f"(?<![A-Za-z0-9_]){_escaped('s')}{_escaped('k')}{_escaped('-')}"
    r"(?:[A-Za-z0-9_-]|\\u00(?:2d|5f|[3-7][0-9a-f])|%(?:2d|5f|[3-7][0-9a-f]))+".encode(),
    re.IGNORECASE,
)
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
# "sk-" in base64, at each of the three places that it can have in a group
_KEY_IN_BASE64: Final = re.compile(rb"c2st|[3HXn]NrL|[A-Za-z0-9+/]zay[0-9A-Za-z+/]")
_DIGITS: Final = re.compile(rb"(?<![A-Za-z0-9_.])[2-6](?:[ -]?[0-9]){13,18}(?![A-Za-z0-9_])")


def redact_text(text: str) -> str:
    """Replace API keys and card numbers in a text."""
    if text.isascii():
        return redact_bytes(text.encode()).decode()
    return redact_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def hide_keys(content: bytes) -> bytes:
    """Replace API keys as they are."""
    return _KEY.sub(_REDACTED, content) if b"sk-" in content else content


def hide_keys_in_text(text: str) -> str:
    """Replace API keys as they are."""
    return _KEY_IN_TEXT.sub(REDACTED, text) if "sk-" in text else text


def redact_bytes(content: bytes) -> bytes:
    """Replace API keys and card numbers in bytes."""
    content = hide_keys(content)
    if b"\\u00" in content or b"%" in content:
        content = _ESCAPED_KEY.sub(_REDACTED, content)
    if _KEY_IN_BASE64.search(content) is not None:
        content = _BASE64.sub(_without_key, content)
    return _DIGITS.sub(_without_card, content)


def redact_query(query: str, secret: Collection[str]) -> str:
    """Replace API keys and card numbers in a query, and all values of secret parameters."""
    if not query:
        return query
    pairs = [pair.partition("=") for pair in query.split("&")]
    return "&".join(
        f"{name}={REDACTED}" if equals and _is_secret(name, value, secret) else f"{name}{equals}{value}"
        for name, equals, value in ((redact_text(name), equals, value) for name, equals, value in pairs)
    )


def _is_secret(name: str, value: str, secret: Collection[str]) -> bool:
    if unquote_plus(name) in secret:
        return True
    decoded = unquote_plus(value, errors="replace")
    return redact_text(decoded) != decoded


def _without_key(found: re.Match[bytes]) -> bytes:
    text = found[0].translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return found[0]
    return _REDACTED if _KEY.search(decoded) is not None else found[0]


def _without_card(found: re.Match[bytes]) -> bytes:
    digits = found[0].translate(None, b" -").decode()
    return _REDACTED if is_real_card(digits) else found[0]
