"""Elements of the checkout page."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page

PAY: Final = re.compile(r"^(Pay \$|Subscribe$)")
"""The name of the button that pays with the card of the form; each test card has its own button."""
BACK: Final = re.compile(r"^Back to ")
CARD: Final = "4242424242424242"
TYPED: Final = {
    "E-mail": "ada@shop.example",
    "Expiry": "12 / 34",
    "CVC": "123",
    "Full name": "Ada Byron",
    "Postal code": "12345",
}


def type_form(page: Page, *, card: str = CARD) -> None:
    """Type a buyer and a card into the form."""
    for label, text in {"Card number": card, **TYPED}.items():
        page.get_by_label(label, exact=True).fill(text)


def pay_by_form(page: Page, *, card: str = CARD) -> None:
    """Type the form and press its button."""
    type_form(page, card=card)
    page.get_by_role("button", name=PAY).click()
