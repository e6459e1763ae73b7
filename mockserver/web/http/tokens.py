"""Tokens: compared in constant time, and bound to what they are for."""

from __future__ import annotations

import hashlib
import hmac


def same_text(given: str, expected: str) -> bool:
    """Whether two secrets are the same; how alike they are takes no part in how long it takes."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode("utf-8"))


def page_token(secret: bytes, session_id: str) -> str:
    """What a checkout page posts with, so that no other page can: bound to its session and to the store."""
    return hmac.new(secret, b"page:" + session_id.encode("utf-8"), hashlib.sha256).hexdigest()
