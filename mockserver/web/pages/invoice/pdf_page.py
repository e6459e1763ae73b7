"""A PDF of one page: texts at positions, lines and areas. It uses the fonts that every PDF reader has."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import pydyf

WIDTH: Final = 595
HEIGHT: Final = 842
"""A4, in points."""

REGULAR: Final = "F1"
BOLD: Final = "F2"
_FONTS: Final = {REGULAR: "/Helvetica", BOLD: "/Helvetica-Bold"}
_WIDTHS: Final = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015),
    *(667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667),
    *(944, 667, 667, 611, 278, 278, 278, 469, 556, 333),
    *(556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500),
    *(722, 500, 500, 500, 334, 260, 334, 584),
)
"""The widths of Helvetica's letters from the space to the tilde, in thousandths of the size."""


class PdfPage:
    """A page that is drawn from the left and from the top, in points."""

    def __init__(self, title: str) -> None:
        self._document = pydyf.PDF()
        self._document.info["Title"] = pydyf.String(title)
        self._content = pydyf.Stream()

    def write(
        self, text: str, left: float, top: float, *, size: int = 10, font: str = REGULAR, most: float = WIDTH
    ) -> None:
        """Write a text, cut to a width."""
        self._content.begin_text()
        self._content.set_font_size(font, size)
        self._content.set_text_matrix(1, 0, 0, 1, round(left, 2), HEIGHT - top)
        self._content.show_text_string(_encoded(_cut(text, most * 1000 / size)))
        self._content.end_text()

    def write_right(
        self, text: str, right: float, top: float, *, size: int = 10, font: str = REGULAR, most: float = WIDTH
    ) -> None:
        """Write a text that ends at a place."""
        text = _cut(text, most * 1000 / size)
        self.write(text, right - _width(text) * size / 1000, top, size=size, font=font)

    def rule(self, left: float, right: float, top: float) -> None:
        """Draw a thin line."""
        self._content.set_line_width(0.5)
        self._content.move_to(left, HEIGHT - top)
        self._content.line_to(right, HEIGHT - top)
        self._content.stroke()

    def area(self, left: float, top: float, width: float, height: float, color: tuple[float, float, float]) -> None:
        """Fill an area with a colour."""
        self._content.push_state()
        self._content.set_color_rgb(*color)
        self._content.rectangle(left, HEIGHT - top - height, width, height)
        self._content.fill()
        self._content.pop_state()

    def render(self) -> bytes:
        """The document."""
        fonts = pydyf.Dictionary({name: self._font(base) for name, base in _FONTS.items()})
        self._document.add_object(self._content)
        page = pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": self._document.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Resources": pydyf.Dictionary({"Font": fonts}),
                "Contents": self._content.reference,
            }
        )
        self._document.add_page(page)
        output = BytesIO()
        self._document.write(output)
        return output.getvalue()

    def _font(self, base: str) -> bytes:
        font = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": base, "Encoding": "/WinAnsiEncoding"}
        )
        self._document.add_object(font)
        reference: bytes = font.reference
        return reference


def _cut(text: str, most: float) -> str:
    """The text without control characters, cut to a width in thousandths of its size."""
    plain = "".join(mark if mark.isprintable() else "?" for mark in text)
    if _width(plain) <= most:
        return plain
    while plain and _width(plain) + 834 > most:
        plain = plain[:-1]
    return f"{plain}..."


def _width(text: str) -> int:
    return sum(_WIDTHS[ord(mark) - 32] if " " <= mark <= "~" else 556 for mark in text)


def _encoded(text: str) -> bytes:
    """The text in the encoding of the fonts, which covers Western Europe; other letters are question marks."""
    return text.encode("cp1252", "replace")
