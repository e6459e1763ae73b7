from __future__ import annotations

import pytest

from mockserver.contract.mocking.preferences import Preferences, read_preferences


@pytest.mark.parametrize(
    ("prefer", "query", "preferences"),
    [
        ([], "", Preferences()),
        (["code=404"], "", Preferences(code=404)),
        (["code=404, example=cat"], "", Preferences(code=404, example="cat")),
        (["code=404; example=cat"], "", Preferences(code=404, example="cat")),
        (["code=404", "example=cat", "dynamic=true"], "", Preferences(code=404, example="cat", is_dynamic=True)),
        (['example="a, b", CODE = 201'], "", Preferences(code=201, example="a, b")),
        (["dynamic"], "", Preferences(is_dynamic=True)),
        (["dynamic=false"], "", Preferences()),
        (["code=404, code=500"], "", Preferences(code=404)),
        (["respond-async, wait=10, return=minimal"], "", Preferences()),
        (["code=404"], "__code=500&__example=cat", Preferences(code=404, example="cat")),
        ([], "__code=500&__dynamic=true&__seed=x&code=7", Preferences(code=500, is_dynamic=True, seed="x")),
        ([], "__example=a%20b", Preferences(example="a b")),
        (['"', ",,;", "=5"], "", Preferences()),
    ],
)
def test_header_precedes_the_query_parameters(prefer: list[str], query: str, preferences: Preferences) -> None:
    assert read_preferences(prefer, query) == (preferences, ())


def test_invalid_preferences_are_violations() -> None:
    _, violations = read_preferences(["code=none", "dynamic=perhaps"], "")
    assert [violation.message for violation in violations] == [
        "the preference code is 'none'; a status such as 404 is needed",
        "the preference dynamic is 'perhaps'; true or false is needed",
    ]


def test_hostile_prefer_header_is_read_in_linear_time() -> None:
    assert read_preferences([" " * 10_000 + "a=" + '"' * 10_000], "__" * 10_000) == (Preferences(), ())
