from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.path_pattern import path_matches


@given(pattern=st.text("ab/*", max_size=8), path=st.text("ab/", max_size=8))
def test_star_matches_any_text_and_others_match_themselves(pattern: str, path: str) -> None:
    meaning = ".*".join(map(re.escape, pattern.split("*")))
    assert path_matches(pattern, path) is bool(re.fullmatch(meaning, path, re.DOTALL))


@pytest.mark.parametrize("path", ["/a\nb", "/a/b", "/ab", "/a.*b"])
def test_star_matches_line_ends_slashes_and_empty_text(path: str) -> None:
    assert path_matches("/a*b", path)


def test_many_stars_match_in_one_pass() -> None:
    # an expression that backtracks would take longer than anybody waits
    assert not path_matches("/" + "*a" * 400, "/" + "a" * 30_000 + "b")
    assert path_matches("/" + "*a" * 400, "/" + "a" * 30_000)
