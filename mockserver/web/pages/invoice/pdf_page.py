"""A PDF of one page: texts at positions, lines and areas.

It uses the fonts that every PDF reader has. A text that they cannot show is set in a font that the document carries.
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import Final

import pydyf

from mockserver.web.pages.invoice.embedded_font import inter

WIDTH: Final = 595
HEIGHT: Final = 842
"""A4, in points."""

REGULAR: Final = "F1"
BOLD: Final = "F2"
_EMBEDDED: Final = "F3"
_ENCODING: Final = "cp1252"
"""The letters of Western Europe, in the fonts of every PDF reader."""
_FONTS: Final = {REGULAR: "/Helvetica", BOLD: "/Helvetica-Bold"}
UNKNOWN: Final = "?"
"""The replacement of a character that no font has."""
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
    """A page that is drawn from the left and from the top, in points.

    `has_unknown` says that a text had characters which are replaced.
    """

    def __init__(self, title: str) -> None:
        self._document = pydyf.PDF()
        self._document.info["Title"] = pydyf.String(title)
        self._content = pydyf.Stream()
        self._embedded: set[str] = set()
        self.has_unknown = False

    def write(
        self, text: str, left: float, top: float, *, size: int = 10, font: str = REGULAR, most: float = WIDTH
    ) -> None:
        """Write a text, cut to a width."""
        shown = _cut(self._shown(text), most * 1000 / size)
        is_plain = _is_plain(shown)
        self._content.begin_text()
        self._content.set_font_size(font if is_plain else _EMBEDDED, size)
        self._content.set_text_matrix(1, 0, 0, 1, round(left, 2), HEIGHT - top)
        if is_plain:
            self._content.show_text_string(shown.encode(_ENCODING))
        else:
            self._embedded.update(shown)
            self._content.show_text(f"<{inter().encoded(shown).hex()}>")
        self._content.end_text()

    def write_right(
        self, text: str, right: float, top: float, *, size: int = 10, font: str = REGULAR, most: float = WIDTH
    ) -> None:
        """Write a text that ends at a place."""
        shown = _cut(self._shown(text), most * 1000 / size)
        self.write(shown, right - _width(shown) * size / 1000, top, size=size, font=font)

    def _shown(self, text: str) -> str:
        """The text in characters that a font has."""
        composed = unicodedata.normalize("NFC", text)
        if _is_plain(composed):
            return composed
        shown = "".join(_shown_character(each) for each in composed)
        self.has_unknown |= shown.count(UNKNOWN) > composed.count(UNKNOWN)
        return shown

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
        if self._embedded:
            fonts[_EMBEDDED] = inter().add_to(self._document, self._embedded)
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


def _is_plain(text: str) -> bool:
    """The fonts of every PDF reader have the text."""
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return text.isprintable()


def _shown_character(character: str) -> str:
    if character.isspace():
        return " "
    return character if inter().has(character) else UNKNOWN


def _cut(text: str, most: float) -> str:
    """The text, cut to a width in thousandths of its size."""
    if _width(text) <= most:
        return text
    while text and _width(text) + 834 > most:
        text = text[:-1]
    return f"{text}..."


def _width(text: str) -> int:
    if not _is_plain(text):
        return inter().width(text)
    return sum(_WIDTHS[ord(mark) - 32] if " " <= mark <= "~" else 556 for mark in text)
