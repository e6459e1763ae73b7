"""A stored request reads back as it was written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.corpus.entry import CorpusEntry, Expected, Link, NearMiss, decode_entry, encode_entry

PLAIN = CorpusEntry("POST /a", "near-miss", "POST", "/a?b=%20", (("x-a", "1"),), b"{}", Expected.REFUSED)
LINKS = st.builds(
    Link,
    parent=st.text(),
    place=st.sampled_from(["body", "header"]),
    where=st.text(),
    mark=st.text(),
    recorded=st.text(),
    name=st.text(),
)
ENTRIES = st.builds(
    CorpusEntry,
    operation=st.text(),
    origin=st.sampled_from(["examples", "coverage", "fuzzing", "stateful", "near-miss"]),
    method=st.sampled_from(["GET", "POST", "QUERY"]),
    target=st.text(),
    headers=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
    body=st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")),
    expected=st.sampled_from(Expected),
    links=st.lists(LINKS, max_size=2).map(tuple),
    case=st.none() | st.dictionaries(st.text(), st.integers(), max_size=2),
    miss=st.none() | st.builds(NearMiss, cause=st.text(), status=st.integers(400, 499), claim=st.text()),
)


@given(ENTRIES)
def test_entry_is_equal_after_encode_and_decode(entry: CorpusEntry) -> None:
    assert decode_entry(json.loads(json.dumps(encode_entry(entry), ensure_ascii=True))) == entry


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"x" * (1 << 20)])
def test_large_body_is_stored_compressed(body: bytes) -> None:
    line = json.dumps(encode_entry(replace(PLAIN, body=body)))
    assert decode_entry(json.loads(line)).body == body
    assert len(line) < 3_000


def test_entry_id_depends_on_the_bytes_alone() -> None:
    assert replace(PLAIN, origin="fuzzing", expected=Expected.EITHER, miss=NearMiss("x")).id == PLAIN.id
    for other in (
        replace(PLAIN, method="PUT"),
        replace(PLAIN, target="/a"),
        replace(PLAIN, headers=(("x-a", "2"),)),
        replace(PLAIN, body=b"[]"),
    ):
        assert other.id != PLAIN.id


@pytest.mark.parametrize("broken", [{}, {"operation": "GET /"}, {**encode_entry(PLAIN), "expected": "perhaps"}])
def test_malformed_entry_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        decode_entry(broken)
