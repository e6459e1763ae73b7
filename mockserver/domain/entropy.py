"""Ids from random bytes, which are told."""

from __future__ import annotations

from typing import Final

_ALPHANUMERIC: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_TO_ALPHANUMERIC: Final = bytes(_ALPHANUMERIC[byte % 62] for byte in range(256))


def alphanumeric(entropy: bytes) -> str:
    """As many letters and digits as there are bytes."""
    return entropy.translate(_TO_ALPHANUMERIC).decode("ascii")
