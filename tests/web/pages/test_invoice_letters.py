"""The letters of an invoice's PDF: Latin, Greek and Cyrillic ones are shown, and any other is replaced and told."""

from __future__ import annotations

import string
from io import BytesIO
from typing import Any

import pypdf
import pytest

from mockserver.web.pages.invoice.embedded_font import inter
from mockserver.web.pages.invoice.pdf_page import PdfPage
from tests.web.conftest import Start
from tests.web.mock_client import Mock
from tests.web.pages.checkout_forms import post

REPLACED = "A ? may stand for a letter that this document has no font for."


def pdf_of(mock: Mock, **typed: Any) -> tuple[str, set[str]]:
    """The text and the fonts of an invoice for this buyer."""
    post(mock, mock.create(), **typed)
    (invoice,) = mock.invoices()
    (page,) = pypdf.PdfReader(BytesIO(mock.client.get(invoice["pdf_url"]).content), strict=True).pages
    fonts = page["/Resources"]["/Font"].values()  # type: ignore[index]  # pypdf's own types are wider
    return page.extract_text(), {font["/BaseFont"] for font in fonts}


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Ştefan Țiriac", "Đặng Nguyễn", "Ελένη Παππάς", "Сергій Ґалаґан", "Jürgen ẞ", "Čapek “№ 1”"]
)
def test_name_in_letters_of_europe_is_shown(start: Start, name: str) -> None:
    text, _ = pdf_of(start(merchant_name=f"{name} & Co"), name=name)
    assert f"Invoice {name} & Co\n" in text
    assert f"\n{name}\n" in text
    assert REPLACED not in text


def test_font_is_carried_where_it_is_needed_alone(mock: Mock, start: Start) -> None:
    helvetica = {"/Helvetica", "/Helvetica-Bold"}
    assert pdf_of(mock, name="Zoë (Åsa) €")[1] == helvetica
    assert pdf_of(start(), name="Жанна")[1] == {*helvetica, "/MOCKAA+Inter-Regular"}


@pytest.mark.parametrize(("name", "shown"), [("山田 Łukasz", "?? Łukasz"), ("Zoë \U0001f600", "Zoë ?"), ("نور", "???")])
def test_letter_without_a_font_is_replaced_and_told(mock: Mock, name: str, shown: str) -> None:
    text, _ = pdf_of(mock, name=name)
    assert f"\n{shown}\n" in text
    assert REPLACED in text


@pytest.mark.parametrize("name", ["Who? Me?", "Who? Łukasz?"])
def test_question_mark_of_a_name_replaces_nothing(mock: Mock, name: str) -> None:
    text, _ = pdf_of(mock, name=name)
    assert f"\n{name}\n" in text
    assert REPLACED not in text


def test_letter_in_two_parts_is_composed(mock: Mock) -> None:
    assert "\nŁucja Žofie\n" in pdf_of(mock, name="Łucja Z\u030cofie")[0]


def test_widths_of_the_font_are_those_of_its_glyphs() -> None:
    font = inter()
    assert font.width("") == 0
    assert font.width("Щ") > font.width("ї") > 0
    assert font.width("Łódź") == sum(map(font.width, "Łódź"))
    assert {len(font.encoded(letter)) for letter in string.ascii_letters} == {2}


def test_long_text_in_the_font_is_cut_to_its_width() -> None:
    page = PdfPage("Letters")
    page.write_right("Ж" * 200, 500, 100, most=100)
    (read,) = pypdf.PdfReader(BytesIO(page.render()), strict=True).pages
    text = read.extract_text()
    assert text.endswith("...")
    assert inter().width(text) * 10 / 1000 <= 100
