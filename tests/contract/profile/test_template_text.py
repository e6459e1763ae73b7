"""The text of a template is that of its filled body, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import load
from mockserver.contract.profile.template import SPREAD, compile_template, placeholder_of
from mockserver.contract.profile.template_text import compile_text, encode_json

KNOWN = ("id", "amount", "units", "note")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LITERALS = TEXTS.filter(lambda text: placeholder_of(text) == (None, False))
KEYS = TEXTS.filter(lambda text: text != SPREAD)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.sampled_from(["{id}", "{amount}", "%s", "100 %", "{}"]) | SCALARS | LITERALS
BODIES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
VALUES = st.fixed_dictionaries(
    {"id": TEXTS, "amount": SCALARS | TEXTS, "units": st.dictionaries(TEXTS, st.integers()), "note": st.none() | TEXTS}
)


def texts_of(body: Any, values: dict[str, Any]) -> tuple[str, str]:
    fill = compile_template(body, KNOWN)
    return compile_text(body, fill)(values), encode_json(fill(values))


@given(BODIES, VALUES)
def test_text_is_that_of_the_filled_body(body: Any, values: dict[str, Any]) -> None:
    text, expected = texts_of(body, values)
    assert text == expected


@pytest.mark.parametrize(
    "body",
    [
        {"id": "{id}", "note": "{note?}"},
        {"data": [{"note": "{note?}"}]},
        {"...": "{units}", "id": "{id}"},
        {"%": "%s", "%s": ["{id}", "{id}", "%d {id}"]},
        "{id}",
        [],
        {},
    ],
)
@pytest.mark.parametrize("note", [None, "", 'a "quote" \\ % %s \u2028 \U0001f4b8 \n'])
def test_members_that_come_and_go_are_in_the_text_too(body: Any, note: str | None) -> None:
    values = {"id": "x%s", "note": note, "units": {"llm": 1}}
    text, expected = texts_of(body, values)
    assert text == expected
    assert json.loads(text) == compile_template(body, KNOWN)(values)


@pytest.mark.parametrize("name", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
def test_checkout_reply_of_a_bundled_profile_is_text_with_holes(name: str) -> None:
    profile = load(name)[1]
    values = {"id": "cs_1", "url": 'http://h/"%', "expires_at": "2030"}
    assert profile.checkout_text(values) == encode_json(profile.checkout_body(values))
    assert profile.checkout_text.__name__ == "fill_text"
