"""Redirects of the buyer after payment or cancellation."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

SESSION_ID_MARK: Final = "{CHECKOUT_SESSION_ID}"
"""Stripe's template for the session's id in a success URL."""

_USABLE: Final = re.compile(
    r"https?://"
    r"(?:[A-Za-z0-9._~%!$&'()*+,;=:-]*@)?"
    r"(?:[A-Za-z0-9_][A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{0,5})?"
    r"(?:[/?#][!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
"""The same pattern as in spec/overlays/redirects.yaml; a test compares the two."""


def usable_redirect(given: object) -> str | None:
    """The redirect if it is an absolute http(s) URL of printable ASCII with a host; else None."""
    if not isinstance(given, str):
        return None
    return given if _USABLE.fullmatch(given) else None


def with_session_id(url: str, session_id: str) -> str:
    """The URL with Stripe's template replaced by the session's id."""
    return url.replace(SESSION_ID_MARK, quote(session_id, safe=""))
