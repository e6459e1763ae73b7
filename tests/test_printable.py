"""Foreign text does nothing to a terminal."""

from __future__ import annotations

import json
import logging

import pytest

from mockserver.printable import EscapingFormatter, escape_commands, escape_line, json_lines

HOSTILE = {
    "escape": ("\x1b[31mred", r"\x1b[31mred"),
    "bell": ("a\x07", r"a\x07"),
    "line break": ("a\r\nb", r"a\r\nb"),
    "C1": ("\x9b31m", r"\x9b31m"),
    "direction": ("a\u202eb", r"a\u202eb"),
    "isolate": ("\u2066a", r"\u2066a"),
    "surrogate": ("\ud800", r"\ud800"),
    "separator": ("a\u2028b", r"a\u2028b"),
    "tag": ("\U000e0041", r"\U000e0041"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_character_that_does_not_print_is_escaped(name: str) -> None:
    given, escaped = HOSTILE[name]
    assert escape_line(given) == escaped
    assert json_lines(given).isprintable()
    assert json.loads(json_lines([given])) == [given]


def test_text_of_any_language_is_left_alone() -> None:
    for text in ("Grüße, 世界", "שלום", "🎬 video"):
        assert escape_line(text) == text
        assert json_lines(text) == f'"{text}"'


def test_log_line_is_escaped_and_a_traceback_keeps_its_lines() -> None:
    try:
        raise ValueError("no")
    except ValueError as error:
        trouble = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a", logging.WARNING, "a.py", 1, "of %s", ("\x1b[0m\n",), trouble)
    first, *rest = EscapingFormatter("%(levelname)s: %(message)s").format(record).splitlines()
    assert first == r"WARNING: of \x1b[0m\n"
    assert rest[0] == "Traceback (most recent call last):"


@pytest.mark.parametrize(
    ("given", "escaped"),
    [
        ("::set-output name=a::b", r"\x3a:set-output name=a::b"),
        ("a\n \t::error::b\r::c\n\n::d", "a\n \t\\x3a:error::b\r\\x3a:c\n\n\\x3a:d"),
        ("\x1b[1m ::error::b", "\x1b[1m \\x3a:error::b"),
        ("a ##[error]b ##[group]", r"a #\x23[error]b #\x23[group]"),
        ("###[error]", r"##\x23[error]"),
        ("a::b, std::vector, # [x], ## h, : :", "a::b, std::vector, # [x], ## h, : :"),
    ],
)
def test_command_for_the_runner_of_github_is_escaped(given: str, escaped: str) -> None:
    assert escape_commands(given) == escaped
