"""Bodies in YAML."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.errors import MalformedYaml
from mockserver.contract.request.yaml_body import parse_yaml


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (
            b"a: 1\nb: [x, 'true', true, null, ~, 1.5, -2, 0x1F]",
            {"a": 1, "b": ["x", "true", True, None, None, 1.5, -2, 31]},
        ),
        (b'{"a": {"b": []}}', {"a": {"b": []}}),
        (b"no: yes\non: 2020-01-01\n1: a\nempty:\n", {"no": "yes", "on": "2020-01-01", "1": "a", "empty": None}),
        (b"--- |\n  text\n", "text\n"),
        (b"<<: a", {"<<": "a"}),
        (b"5", 5),
    ],
)
def test_yaml_is_read_as_json_values(raw: bytes, value: Any) -> None:
    assert parse_yaml(raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"a: &x 1\nb: *x", "aliases are not allowed"),
        (b"a: !!python/object:os.system {}", "tags are not allowed"),
        (b"!own 1", "tags are not allowed"),
        (b"a: 1\na: 2", "twice in one mapping"),
        (b"[1]: 2", "a key that is no text"),
        (b"[" * 100_000, "nested deeper than 64 levels"),
        (b"- " * 100_000, "nested deeper than 64 levels"),
        (b"a: .nan", "not a JSON number"),
        (b"9" * 400, "too large for binary64"),
        (b"1e999", "too large for binary64"),
        (b"a: [", "is not YAML"),
        (b"a: \x00", "is not YAML"),
        (b"\xff", "is not UTF-8"),
        (b"", "the body is empty"),
        (b"--- 1\n--- 2", "several YAML documents"),
    ],
)
def test_ambiguous_or_costly_yaml_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedYaml, match=reason):
        parse_yaml(raw)
