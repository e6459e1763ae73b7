"""API keys, account ids and random ids.

An account id is `acct_` and the first 12 hex digits of the SHA-256 of the account's key. Keys are not stored. A hint of
a key shows its last characters: one for each four after `sk-`, and never more than four.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import product
from typing import Final

KEY_PATTERN: Final = r"^sk-[A-Za-z0-9_-]{1,200}$"
LONGEST_HINT: Final = 4
"""The characters of a key that its hint shows, at most."""

_KEY: Final = re.compile(r"sk-[A-Za-z0-9_-]{1,200}", re.ASCII)
_ALPHANUMERIC: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PAIRS: Final = 62 * 62
_PAIR_TEXTS: Final = [bytes(pair).decode() for pair in product(_ALPHANUMERIC, repeat=2)]
_TO_ALPHANUMERIC: Final = bytes(_ALPHANUMERIC[byte % 62] for byte in range(256))
_ACCOUNT: Final = re.compile(r"acct_[0-9a-f]{12}", re.ASCII)


def is_key(text: str) -> bool:
    """The text has the form of an API key."""
    return _KEY.fullmatch(text) is not None


def is_account_id(text: str) -> bool:
    """The text has the form of an account id."""
    return _ACCOUNT.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def account_of(key: str) -> str:
    """The id of the account of a key."""
    return "acct_" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def key_hint(key: str) -> str:
    """The hint of a key, such as `sk-…mo` of a key with 8 to 11 characters after `sk-`."""
    secret = key.removeprefix("sk-")
    shown = min(len(secret) // 4, LONGEST_HINT)
    return f"sk-…{secret[len(secret) - shown :]}"


def to_alphanumeric(number: int) -> str:
    """The eight letters and digits of a number under 62**8."""
    number, rest = divmod(number, _PAIRS * _PAIRS)
    first, second = divmod(number, _PAIRS)
    third, fourth = divmod(rest, _PAIRS)
    return _PAIR_TEXTS[first] + _PAIR_TEXTS[second] + _PAIR_TEXTS[third] + _PAIR_TEXTS[fourth]


def from_alphanumeric(text: str) -> int:
    """The number of `to_alphanumeric`."""
    number = 0
    for letter in text.encode("ascii"):
        number = number * 62 + _ALPHANUMERIC.index(letter)
    return number


def alphanumeric(entropy: bytes) -> str:
    """One letter or digit for each random byte."""
    return entropy.translate(_TO_ALPHANUMERIC).decode("ascii")
