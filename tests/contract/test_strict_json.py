from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract import Json, MalformedJson, parse_json
from mockserver.contract.strict_json import MAX_DEPTH

TEXT = st.text(st.characters(codec="utf-8"))
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200)
@given(VALUES, st.booleans())
def test_json_value_is_read_back(value: Json, escaped: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the body is empty"),
        (b"   ", "not JSON"),
        (b"{", "not JSON"),
        (b'{"amount": 50,}', "not JSON"),
        (b"{'amount': 50}", "not JSON"),
        (b"{} {}", "not JSON: extra data at line 1, column 4"),
        (b'"\x00"', "not JSON"),
        (b'{"amount": \xff}', "not UTF-8: byte 11"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ('{"amount": 50}'.encode("utf-16"), "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"amount": NaN}', "NaN"),
        (b'{"amount": Infinity}', "Infinity"),
        (b'{"amount": -Infinity}', "-Infinity"),
        (b'{"amount": 1e400}', "too large for binary64: 1e400"),
        (b'{"amount": -1E+999}', "too large for binary64"),
        (b'{"amount": ' + b"9" * 400 + b"}", "too large for binary64"),
        (b'{"amount": ' + b"9" * 5_000 + b"}", "too large for binary64"),
        (b'{"amount": 1, "amount": 2}', 'the key "amount" twice'),
        (b'[{"a": {"b": 1, "b": 1}}]', 'the key "b" twice'),
        (b'{"a": 1, "\\u0061": 2}', 'the key "a" twice'),
        (b'"\\ud800"', "half of a surrogate pair"),
        (b'{"a": ["\\uDC00x"]}', "half of a surrogate pair"),
        (b'{"\\ud83d": 1}', "half of a surrogate pair"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "deeper than 64"),
        (b"[" * 100_000 + b"]" * 100_000, "deeper than 64"),
        (b"[" * 100_000, "deeper than 64"),
        (b'{"a":' * 100_000, "deeper than 64"),
        (b"true" * 100, "not JSON"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_ambiguous_json_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_json(raw)
    assert said in refused.value.message
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b"[" + b"[]," * 1_000 + b"[]]", None),
        (b'"' + b"[{" * 1_000 + b'"', "[{" * 1_000),
        (b'["' + b'\\"[' * 100 + b'"]', ['"[' * 100]),
        (b"9" * 308, int("9" * 308)),
        (b"1e308", 1e308),
        (b"1e-400", 0.0),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b'"\\u0000"', "\0"),
        (b' {"a": [1, 2.5, null, true]}\n', {"a": [1, 2.5, None, True]}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_json_just_within_the_limits_is_read(raw: bytes, value: Json) -> None:
    read = parse_json(raw)
    assert value is None or read == value


@settings(max_examples=300)
@given(st.text('[]{}"\\,:1 ', max_size=400))
def test_text_of_brackets_and_quotes_is_read_or_refused(text: str) -> None:
    try:
        parse_json(text.encode())
    except MalformedJson:
        with pytest.raises((ValueError, RecursionError)):
            _refused_by_json_too(text)


def _refused_by_json_too(text: str) -> None:
    json.loads(text, object_pairs_hook=_only_once)
    depth = deepest = 0
    for index, each in enumerate(text):
        depth += (each in "[{") - (each in "]}") if not _in_string(text[:index]) else 0
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise ValueError("deep")


def _only_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def _in_string(before: str) -> bool:
    return before.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 1


@pytest.mark.parametrize("unit", [b'"\\"', b"[]", b"{", b'"', b"\\", b'"\\u0041'])
def test_mebibyte_of_any_text_takes_little_time(unit: bytes) -> None:
    raw = unit * (1_048_576 // len(unit))
    began = time.process_time()
    with pytest.raises(MalformedJson):
        parse_json(raw)
    assert time.process_time() - began < 2
