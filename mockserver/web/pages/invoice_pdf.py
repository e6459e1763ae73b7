"""An invoice as a PDF of one page."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple

import pydyf

from mockserver.domain.instant import rfc3339
from mockserver.domain.invoice import Invoice
from mockserver.domain.money import format_dollars

WIDTH: Final = 595
HEIGHT: Final = 842
"""A4, in points."""

_LEFT: Final = 64
_VALUES: Final = 200
_LONGEST_LINE: Final = 60
_FONTS: Final = {"F1": "/Helvetica", "F2": "/Helvetica-Bold"}


class Line(NamedTuple):
    """A text and its position, in points from the left and from the top."""

    text: str
    left: int
    top: int
    size: int = 11
    font: str = "F1"


def render_invoice(invoice: Invoice) -> bytes:
    """Render the page: purchase, date, price, and the note that no money moved."""
    document = pydyf.PDF()
    document.info["Title"] = pydyf.String(f"Invoice {invoice.id}")
    fonts = pydyf.Dictionary({name: _font(document, base) for name, base in _FONTS.items()})
    content = _content(invoice)
    document.add_object(content)
    page = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": document.pages.reference,
            "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
            "Resources": pydyf.Dictionary({"Font": fonts}),
            "Contents": content.reference,
        }
    )
    document.add_page(page)
    output = BytesIO()
    document.write(output)
    return output.getvalue()


def _content(invoice: Invoice) -> pydyf.Stream:
    content = pydyf.Stream()
    content.begin_text()
    for line in _lines(invoice):
        content.set_font_size(line.font, line.size)
        content.set_text_matrix(1, 0, 0, 1, line.left, HEIGHT - line.top)
        content.show_text_string(_printable(line.text))
    content.end_text()
    content.move_to(_LEFT, HEIGHT - 150)
    content.line_to(WIDTH - _LEFT, HEIGHT - 150)
    content.stroke()
    return content


def _lines(invoice: Invoice) -> Iterator[Line]:
    yield Line("Invoice", _LEFT, 90, 24, "F2")
    yield Line("TEST MODE: made by a mock, no money moved", _LEFT, 118)
    rows = {
        "Number": invoice.id,
        "Date": rfc3339(invoice.created_at),
        "Account": invoice.account,
        "For": invoice.description,
        "Amount": f"{format_dollars(invoice.cents)} USD",
        "Status": "Paid",
    }
    for number, (name, value) in enumerate(rows.items()):
        top = 185 + 24 * number
        yield Line(name, _LEFT, top)
        yield Line(value, _VALUES, top, font="F2")


def _font(document: pydyf.PDF, base: str) -> bytes:
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": base, "Encoding": "/WinAnsiEncoding"})
    document.add_object(font)
    reference: bytes = font.reference
    return reference


def _printable(text: str) -> str:
    """The text in ASCII and cut to the page's width: the fonts that every PDF reader has cover no more."""
    plain = "".join(mark if " " <= mark <= "~" else "?" for mark in text)
    return plain if len(plain) <= _LONGEST_LINE else f"{plain[: _LONGEST_LINE - 3]}..."
