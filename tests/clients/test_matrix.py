"""The effect of each profile's reply on each reader of `POST /billing/checkout`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.matrix import long_but

from .control import the_session
from .readers import READERS

MATRIX: Final = {
    ("page", "python sample"): ("url", "id"),
    ("page", "javascript sample"): ("url", "id"),
    ("page", "python sdk"): ("url",),
    ("page", "node sdk"): ("url",),
    ("openapi", "python sample"): ("None", "None"),
    ("openapi", "javascript sample"): ("undefined", "undefined"),
    ("openapi", "python sdk"): ("url",),
    ("openapi", "node sdk"): ("url",),
    ("python-sample", "python sample"): ("url", "id"),
    ("python-sample", "javascript sample"): ("undefined", "id"),
    ("python-sample", "python sdk"): ("raises InvalidRequestError",),
    ("python-sample", "node sdk"): ("data undefined",),
    ("javascript-sample", "python sample"): ("None", "id"),
    ("javascript-sample", "javascript sample"): ("url", "id"),
    ("javascript-sample", "python sdk"): ("raises InvalidRequestError",),
    ("javascript-sample", "node sdk"): ("data undefined",),
}


@pytest.mark.parametrize(("profile", "reader"), long_but(*list(MATRIX)[::5], *list(MATRIX)[2::5], of=MATRIX))
def test_reader_finds_promises_of_its_voice_in_each_profile(
    address_of: Callable[[str], str], key: str, profile: str, reader: str
) -> None:
    url = address_of(profile)

    seen = READERS[reader](url, key)

    # the session is made in any case: a reader that breaks has still ordered
    session = the_session(url, key)
    words = {session["url"]: "url", session["id"]: "id"}
    assert tuple(words.get(text, text) for text in seen) == MATRIX[profile, reader]
