from __future__ import annotations

import hashlib

import pytest

from mockserver.domain.identifier import account_of, is_account_id, is_key


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
