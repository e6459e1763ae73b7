"""An invoice as a PDF of one page: merchant, buyer, table and total."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mockserver.web.pages.invoice.invoice_view import InvoiceView
from mockserver.web.pages.invoice.pdf_page import BOLD, REGULAR, WIDTH, PdfPage

_LEFT: Final = 56
_MIDDLE: Final = 310
_RIGHT: Final = WIDTH - _LEFT
_QUANTITY: Final = 370
_UNIT_PRICE: Final = 455
_MARK: Final = (1.0, 0.91, 0.66)
_HEADER: Final = (0.95, 0.945, 0.925)
_LINE: Final = 15


def render_invoice(view: InvoiceView) -> bytes:
    """Render the page, with the note that no money moved."""
    page = PdfPage(f"Invoice {view.number}")
    _draw_head(page, view)
    _draw_table(page, view)
    page.write(view.payment, _LEFT, 440, most=_RIGHT - _LEFT)
    page.write("Status: Paid", _LEFT, 440 + _LINE, font=BOLD)
    page.write("This document is for tests. It is no tax invoice, and nobody owes anything.", _LEFT, 790, size=9)
    if page.has_unknown:
        page.write("A ? may stand for a letter that this document has no font for.", _LEFT, 776, size=9)
    return page.render()


def _draw_head(page: PdfPage, view: InvoiceView) -> None:
    page.area(0, 0, WIDTH, 28, _MARK)
    page.write("TEST MODE: made by a mock, no money moved", _LEFT, 18, font=BOLD)
    page.write("Invoice", _LEFT, 84, size=24, font=BOLD)
    page.write_right(view.merchant.name, _RIGHT, 84, size=14, most=260)
    facts = (("Invoice number", view.number), ("Date paid", view.date), ("Account", view.account))
    for row, (name, value) in enumerate(facts):
        page.write(name, _LEFT, 116 + row * _LINE, font=BOLD)
        page.write(value, _LEFT + 90, 116 + row * _LINE, most=_RIGHT - _LEFT - 90)
    for left, title, lines in ((_LEFT, "From", [view.merchant.name]), (_MIDDLE, "Bill to", view.buyer)):
        page.write(title, left, 188, font=BOLD)
        for row, text in enumerate(lines, start=1):
            page.write(text, left, 188 + row * _LINE, most=_RIGHT - _MIDDLE)


def _draw_table(page: PdfPage, view: InvoiceView) -> None:
    page.write(f"{view.total} paid on {view.date}", _LEFT, 276, size=16, font=BOLD, most=_RIGHT - _LEFT)
    page.area(_LEFT, 296, _RIGHT - _LEFT, 22, _HEADER)
    _draw_row(page, ("Description", "Quantity", "Unit price", "Amount"), 311)
    _draw_row(page, view.item, 336)
    page.rule(_LEFT, _RIGHT, 348)
    for row, (name, text) in enumerate(
        (("Subtotal", view.item[-1]), ("Total", view.total), ("Amount paid", view.total))
    ):
        font = BOLD if row else REGULAR
        page.write(name, _MIDDLE, 366 + row * 18, font=font)
        page.write_right(text, _RIGHT - 6, 366 + row * 18, font=font, most=150)


def _draw_row(page: PdfPage, texts: Sequence[str], top: int) -> None:
    description, *numbers = texts
    page.write(description, _LEFT + 6, top, most=_QUANTITY - _LEFT - 80)
    for text, right in zip(numbers, (_QUANTITY, _UNIT_PRICE, _RIGHT - 6), strict=True):
        page.write_right(text, right, top, most=80)
