"""Texts of patterns: beside a format, of Unicode properties, and of any length."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.mocking.sample import NoSample, sample_valid
from mockserver.contract.mocking.sample.regex import writer
from mockserver.contract.mocking.sample.regex.parts import Part
from mockserver.contract.schema.pattern import matches

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0"}
BESIDE_A_FORMAT = [
    ("email", "@acme\\.com$", "somebody@acme.com"),
    ("uri", "\\.(png|jpg)$", "https://example.com/.png"),
    ("hostname", "\\.local$", "example.com.local"),
    ("date", "^1999-12-", "1999-12-01"),
    ("date-time", "\\.\\d{6}Z$", "2030-01-01T00:00:00.123456Z"),
    ("date-time", "\\+02:00$", "2030-01-01T00:00:00.000+02:00"),
    ("time", "\\+02:00$", "00:00:00+02:00"),
    ("ipv4", "^10\\.", "10.0.2.1"),
    ("ipv6", "^fe80", "fe80:db8::1"),
]
PROPERTIES = ["Script=Greek", "sc=Cyrillic", "Script_Extensions=Hiragana", "Emoji_Presentation", "ASCII_Hex_Digit"]


@pytest.mark.parametrize(("name", "pattern", "text"), BESIDE_A_FORMAT)
def test_text_of_a_format_takes_the_form_of_a_pattern(name: str, pattern: str, text: str) -> None:
    assert sample_valid({"type": "string", "format": name, "pattern": pattern}, DOCUMENT) == text


@pytest.mark.parametrize("name", [*PROPERTIES, "General_Category=Lu", "Lowercase_Letter", "Alphabetic"])
def test_unicode_property_has_characters(name: str) -> None:
    pattern = f"^\\p{{{name}}}{{3}}$"
    text: Any = sample_valid({"type": "string", "pattern": pattern}, DOCUMENT)
    assert matches(pattern, text)


@pytest.mark.parametrize("length", [5_001, 100_000])
def test_pattern_of_a_long_text_has_a_value(length: int) -> None:
    assert sample_valid({"type": "string", "pattern": f"^a{{{length}}}$"}, DOCUMENT) == "a" * length


def test_pattern_without_a_value_is_written_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = writer._TextWriter.write

    def counted(self: writer._TextWriter, part: Part) -> None:
        written.append(1)
        write(self, part)

    monkeypatch.setattr(writer._TextWriter, "write", counted)
    with pytest.raises(NoSample):
        sample_valid({"type": "string", "pattern": "^a{200000}$"}, DOCUMENT)
    assert len(written) < 500_000
