"""A buyer: the person who pays at the checkout page.

Rule 1: a buyer is known by the form of the page alone; a program may pay without one.
Rule 2: a payment needs no buyer, and the buyer never decides whether the card pays.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 120
LONGEST_POSTAL_CODE: Final = 16
_EMAIL: Final = re.compile(r"[^@\s<>\"(),:;\\]+@[^@\s<>\"(),:;\\.]+(?:\.[^@\s<>\"(),:;\\.]+)+")


class Buyer(NamedTuple):
    """A buyer's e-mail address, and what else the form asks for; an empty text is not known."""

    email: str
    name: str = ""
    country: str = ""
    postal_code: str = ""


def is_email(text: str) -> bool:
    """The text has the form of an e-mail address."""
    return len(text) <= LONGEST_EMAIL and text.isprintable() and _EMAIL.fullmatch(text) is not None
