"""Bodies of every media type."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import MalformedJson
from tests.contract.builders import taking_body


@pytest.mark.parametrize(
    ("declared", "content_type", "raw", "value"),
    [
        ("application/merge-patch+json", "application/merge-patch+json", b"[1]", [1]),
        ("application/json; charset=utf-8", "Application/JSON", b"1", 1),
        ("*/*", "application/json", b"1", 1),
        ("*/*", "image/png", b"\x89", "\x89"),
        ("text/*", "text/plain; charset=latin-1", b"\xe9", "\u00e9"),
        ("application/octet-stream", "application/octet-stream", b"\xff", "\xff"),
        ("application/xml", "application/xml", b"<a/>", "<a/>"),
    ],
)
def test_body_is_read_by_its_media_type(declared: str, content_type: str, raw: bytes, value: Any) -> None:
    body = taking_body(**{declared: {}}).body(content_type)
    assert body is not None
    assert body.read(raw) == (value, ())


def test_undeclared_media_type_is_not_accepted() -> None:
    operation = taking_body(**{"application/json": {}, "image/*": {}})
    for content_type in ("text/plain", "application/xml", "application/json; charset=utf-16", "", None, "json"):
        assert operation.body(content_type) is None
    for number in range(200):  # arbitrary media types do not fill the cache
        operation.body(f"image/{number}")
    assert len(operation._bodies) < 100


def test_media_type_has_its_own_schema() -> None:
    operation = taking_body(
        **{
            "application/json": {"schema": {"type": "integer"}},
            "application/a+json": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"maxLength": 2}},
        }
    )
    plain, special, text = (operation.body(each) for each in ("application/json", "application/a+json", "text/plain"))
    assert plain is not None
    assert special is not None
    assert text is not None
    assert [plain.read(b"1")[1], special.read(b'"a"')[1], text.read(b"ab")[1]] == [(), (), ()]
    assert [plain.read(b'"a"')[1][0].code, special.read(b"1")[1][0].code, text.read(b"abc")[1][0].code] == [
        "type",
        "type",
        "maxLength",
    ]
    with pytest.raises(MalformedJson):
        special.read(b"{")
    assert text.read(b"\xff")[1][0].code == "encoding"
