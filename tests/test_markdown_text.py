"""Foreign text in Markdown is harmless or code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mockserver.markdown_text import code, code_block, inline

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMFUL = (
    "@octocat",
    "see #12",
    "GH-12",
    "org/repo#3",
    ":tada:",
    "https://example.org",
    "www.example.org",
    "a@example.org",
    "<b>x</b>",
    "&lt;",
    "[x](y)",
    "![x](y)",
    "*x*",
    "_x_",
    "~~x~~",
    "$x$",
    "a | b",
    "a\\b",
    "`x`",
    "``",
    " x ",
    "a\nb",
)
MARKUP = st.text(st.sampled_from("`*_<>[]()!|~#@:&\\ \n\t-ab1."), max_size=40)


def parts(text: str) -> list[tuple[str, str]]:
    """The type and the content of each part of a list item with the text."""
    [line] = [token for token in PARSER.parse(f"- {text}\n") if token.type == "inline"]
    assert [token.type for token in PARSER.parse(f"- {text}\n") if token.type.endswith("_open")] == [
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
    ]
    return [(part.type, part.content) for part in line.children or ()]


@pytest.mark.parametrize("text", HARMFUL)
def test_harmful_text_is_one_code_span(text: str) -> None:
    [(kind, content)] = parts(inline(text))
    assert (kind, content) == ("code_inline", text.replace("\n", "\\n"))


@pytest.mark.parametrize(
    "text", ["Server error", "Another status: 422 for 400", "The target's /data of 2xx, cost_metric (1)", "50%"]
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inline(text) == text
    assert parts(text) == [("text", text)]


@given(MARKUP)
def test_code_span_shows_any_text_and_nothing_else(text: str) -> None:
    shown = text.replace("\n", "\\n").replace("\t", "\\t")
    if shown.strip():
        assert parts(f"a {code(text)} b") == [("text", "a "), ("code_inline", shown), ("text", " b")]


@given(MARKUP)
def test_code_block_shows_any_text_and_nothing_else(text: str) -> None:
    block, last = PARSER.parse(f"{code_block(text, 'sh')}\n\n# end\n")[:2]
    assert (block.type, block.info, block.content) == ("fence", "sh", f"{text}\n")
    assert last.type == "heading_open"


def test_nothing_is_no_code_span() -> None:
    assert (code(""), inline("")) == ("", "")


def test_long_text_is_cut() -> None:
    assert inline("a" * 300) == f"`{'a' * 200}… (100 more characters)`"
