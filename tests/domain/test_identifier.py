from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.identifier import account_of, is_account_id, is_key, key_hint


@pytest.mark.parametrize("text", ["sk-a", "sk-xxx", "sk-A_b-9", "sk-" + "x" * 200])
def test_key_is_sk_and_up_to_200_word_characters(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["", "sk-", "sk_a", "SK-a", "sk-a b", "sk-a\n", "sk-é", "xsk-a", "sk-" + "x" * 201])
def test_other_texts_are_not_keys(text: str) -> None:
    assert not is_key(text)


def test_account_id_is_the_hash_of_the_key() -> None:
    assert account_of("sk-a") == "acct_" + hashlib.sha256(b"sk-a").hexdigest()[:12]
    assert is_account_id(account_of("sk-a"))


def test_keys_are_compared_whole_and_case_sensitive() -> None:
    assert len({account_of(key) for key in ("sk-a", "sk-A", "sk-aa", "sk-a-")}) == 4


@pytest.mark.parametrize("text", ["acct_", "acct_0123456789aB", "acct_0123456789abc", "sk-a"])
def test_other_texts_are_not_account_ids(text: str) -> None:
    assert not is_account_id(text)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("sk-a", "sk-…"),
        ("sk-abc", "sk-…"),
        ("sk-demo", "sk-…o"),
        ("sk-123456789", "sk-…89"),
        ("sk-123456789abc", "sk-…abc"),
        ("sk-" + "x" * 196 + "demo", "sk-…demo"),
    ],
)
def test_hint_of_a_key_is_its_end(key: str, hint: str) -> None:
    assert key_hint(key) == hint


@given(st.from_regex(r"sk-[A-Za-z0-9_-]{1,200}", fullmatch=True))
def test_hint_shows_a_quarter_of_a_key_at_most(key: str) -> None:
    shown = key_hint(key).removeprefix("sk-…")
    assert key.endswith(shown)
    assert len(shown) <= min(4, len(key.removeprefix("sk-")) / 4)
    assert len(key) > 12 or len(shown) <= 2
