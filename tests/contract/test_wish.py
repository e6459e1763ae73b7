from __future__ import annotations

import pytest

from mockserver.contract.mocking.preferences import Wish, wish_of


@pytest.mark.parametrize(
    ("prefer", "query", "wish"),
    [
        ([], "", Wish()),
        (["code=404"], "", Wish(code=404)),
        (["code=404, example=cat"], "", Wish(code=404, example="cat")),
        (["code=404; example=cat"], "", Wish(code=404, example="cat")),
        (["code=404", "example=cat", "dynamic=true"], "", Wish(code=404, example="cat", is_dynamic=True)),
        (['example="a, b", CODE = 201'], "", Wish(code=201, example="a, b")),
        (["dynamic"], "", Wish(is_dynamic=True)),
        (["dynamic=false"], "", Wish()),
        (["code=404, code=500"], "", Wish(code=404)),
        (["respond-async, wait=10, return=minimal"], "", Wish()),
        (["code=404"], "__code=500&__example=cat", Wish(code=404, example="cat")),
        ([], "__code=500&__dynamic=true&__seed=x&code=7", Wish(code=500, is_dynamic=True, seed="x")),
        ([], "__example=a%20b", Wish(example="a b")),
        (['"', ",,;", "=5"], "", Wish()),
    ],
)
def test_the_header_says_what_is_wished_and_the_query_the_rest(prefer: list[str], query: str, wish: Wish) -> None:
    assert wish_of(prefer, query) == (wish, ())


def test_a_preference_that_cannot_be_meant_is_a_fault_and_every_one_is_told() -> None:
    _, violations = wish_of(["code=none", "dynamic=perhaps"], "")
    assert [violation.message for violation in violations] == [
        "the preference code is 'none'; a status such as 404 is needed",
        "the preference dynamic is 'perhaps'; true or false is needed",
    ]


def test_a_header_made_to_take_long_is_read_at_once() -> None:
    assert wish_of([" " * 10_000 + "a=" + '"' * 10_000], "__" * 10_000) == (Wish(), ())
