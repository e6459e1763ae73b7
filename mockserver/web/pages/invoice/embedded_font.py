"""Inter as a font that a PDF carries: Latin, Greek and Cyrillic letters.

The file is a TrueType font without layout tables, so one character is one glyph.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pydyf

_NAME: Final = "/MOCKAA+Inter-Regular"
"""A PDF marks a part of a font by six letters before its name."""
_SYMBOLIC: Final = 4
_STEM: Final = 80


class EmbeddedFont:
    """The glyphs and the widths of a TrueType font."""

    def __init__(self, content: bytes) -> None:
        self._compressed = zlib.compress(content, 9)
        self._size = len(content)
        tables = _tables(content)
        head, hhea = tables["head"], tables["hhea"]
        self._units: int = struct.unpack_from(">H", head, 18)[0]
        self._box = [self._scaled(edge) for edge in struct.unpack_from(">4h", head, 36)]
        self._ascent, self._descent = (self._scaled(edge) for edge in struct.unpack_from(">2h", hhea, 4))
        (count,) = struct.unpack_from(">H", hhea, 34)
        self._advances: list[int] = [each for each, _ in struct.iter_unpack(">Hh", tables["hmtx"][: 4 * count])]
        self._glyphs = _character_glyphs(tables["cmap"])

    def has(self, character: str) -> bool:
        """The font has a glyph for the character."""
        return ord(character) in self._glyphs

    def width(self, text: str) -> int:
        """The width of a text in thousandths of the size."""
        return sum(self._scaled(self._advance(self._glyphs[ord(each)])) for each in text)

    def encoded(self, text: str) -> bytes:
        """The text as numbers of glyphs, two bytes each."""
        return b"".join(struct.pack(">H", self._glyphs[ord(each)]) for each in text)

    def add_to(self, document: pydyf.PDF, characters: Iterable[str]) -> bytes:
        """Add the font to a document that uses these characters; its reference."""
        glyphs = {self._glyphs[ord(each)]: ord(each) for each in characters}
        outlines = pydyf.Stream([self._compressed], {"Length1": self._size, "Filter": "/FlateDecode"})
        descriptor = _dictionary(
            Type="/FontDescriptor",
            FontName=_NAME,
            Flags=_SYMBOLIC,
            FontBBox=pydyf.Array(self._box),
            ItalicAngle=0,
            Ascent=self._ascent,
            Descent=self._descent,
            CapHeight=self._ascent,
            StemV=_STEM,
            FontFile2=_reference(document, outlines),
        )
        widths = [part for glyph in sorted(glyphs) for part in (glyph, f"[{self._scaled(self._advance(glyph))}]")]
        descendant = _dictionary(
            Type="/Font",
            Subtype="/CIDFontType2",
            BaseFont=_NAME,
            CIDSystemInfo=_dictionary(Registry=pydyf.String("Adobe"), Ordering=pydyf.String("Identity"), Supplement=0),
            CIDToGIDMap="/Identity",
            FontDescriptor=_reference(document, descriptor),
            W=pydyf.Array(widths),
        )
        font = _dictionary(
            Type="/Font",
            Subtype="/Type0",
            BaseFont=_NAME,
            Encoding="/Identity-H",
            DescendantFonts=pydyf.Array([_reference(document, descendant)]),
            ToUnicode=_reference(document, pydyf.Stream([_to_unicode(glyphs)], compress=True)),
        )
        return _reference(document, font)

    def _advance(self, glyph: int) -> int:
        """The width of a glyph in units of the font; the last one is that of all others."""
        return self._advances[min(glyph, len(self._advances) - 1)]

    def _scaled(self, units: int) -> int:
        return round(units * 1000 / self._units)


@cache
def inter() -> EmbeddedFont:
    """The font of the package."""
    return EmbeddedFont(files("mockserver.web").joinpath("assets", "checkout", "inter-regular.ttf").read_bytes())


def _tables(content: bytes) -> Mapping[str, bytes]:
    (count,) = struct.unpack_from(">H", content, 4)
    records = struct.iter_unpack(">4sLLL", content[12 : 12 + 16 * count])
    return {tag.decode("ascii"): content[start : start + length] for tag, _, start, length in records}


def _character_glyphs(cmap: bytes) -> Mapping[int, int]:
    """The glyph of each character, from a table of format 4: segments of characters in a row."""
    (start,) = struct.unpack_from(">L", cmap, 8)
    table = cmap[start:]
    (double,) = struct.unpack_from(">H", table, 6)
    count = double // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", table, at) for at in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    glyphs: dict[int, int] = {}
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for character in range(first, min(last, 0xFFFE) + 1):
            glyph = character
            if offset:
                place = 16 + 3 * double + 2 * number + offset + 2 * (character - first)
                (glyph,) = struct.unpack_from(">H", table, place)
            glyphs[character] = (glyph + delta) % 65536
    return {character: glyph for character, glyph in glyphs.items() if glyph}


def _to_unicode(glyphs: Mapping[int, int]) -> bytes:
    """The characters of the glyphs, for a reader that copies or searches the text."""
    lines = [f"<{glyph:04x}> <{character:04x}>" for glyph, character in sorted(glyphs.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode("ascii")


def _dictionary(**members: Any) -> pydyf.Dictionary:
    return pydyf.Dictionary(members)


def _reference(document: pydyf.PDF, added: pydyf.Object) -> bytes:
    document.add_object(added)
    reference: bytes = added.reference
    return reference
