"""Tokens: compared in constant time, and bound to their purpose."""

from __future__ import annotations

import hashlib
import hmac


def is_same_token(given: str, expected: str) -> bool:
    """The two texts are equal. The time it takes does not depend on their common prefix."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode("utf-8"))


def page_token(secret: bytes, session_id: str) -> str:
    """The CSRF token of a checkout page's form, bound to the session and to the store's secret."""
    return hmac.new(secret, b"page:" + session_id.encode("utf-8"), hashlib.sha256).hexdigest()
