from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.path_pattern import path_matches


@given(pattern=st.text("ab/*", max_size=8), path=st.text("ab/", max_size=8))
def test_a_star_stands_for_anything_and_all_else_for_itself(pattern: str, path: str) -> None:
    meaning = ".*".join(map(re.escape, pattern.split("*")))
    assert path_matches(pattern, path) is bool(re.fullmatch(meaning, path, re.DOTALL))


@pytest.mark.parametrize("path", ["/a\nb", "/a/b", "/ab", "/a.*b"])
def test_a_star_stands_for_line_ends_slashes_and_nothing_too(path: str) -> None:
    assert path_matches("/a*b", path)


def test_many_stars_cost_no_more_than_a_look_at_the_path() -> None:
    # an expression that backtracks would take longer than anybody waits
    assert not path_matches("/" + "*a" * 400, "/" + "a" * 30_000 + "b")
    assert path_matches("/" + "*a" * 400, "/" + "a" * 30_000)
