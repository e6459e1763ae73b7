from __future__ import annotations

import pytest

from mockserver.contract.media import covering, kind_of
from mockserver.contract.request.accept import liked

JSON, XML, TEXT, PROBLEM = "application/json", "application/xml", "text/plain", "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "declared", "sent"),
    [
        (None, [XML, JSON], [JSON, XML]),
        ("*/*", [XML, PROBLEM], [PROBLEM, XML]),
        (XML, [JSON, XML], [XML]),
        ("Application/XML", [JSON, XML], [XML]),
        ("application/*", [TEXT, XML, JSON], [JSON, XML]),
        ("text/plain;q=0.5, application/xml", [TEXT, XML], [XML, TEXT]),
        ("application/json;q=0, */*", [JSON, XML], [XML]),
        ("*/*;q=0.1, text/*;q=0.2", [JSON, TEXT], [TEXT, JSON]),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", [JSON, "text/html"], ["text/html", JSON]),
        ("image/png", [JSON, XML], []),
        ("no media type", [JSON], [JSON]),
        ("application/json", ["application/json; charset=utf-8"], ["application/json; charset=utf-8"]),
        (None, ["*/*"], [JSON]),
        ("text/csv", ["*/*"], ["text/csv"]),
        ("image/webp", ["image/*"], ["image/webp"]),
        (None, ["image/*"], ["image/png"]),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, declared: list[str], sent: list[str]) -> None:
    assert [media_type for _, media_type in liked(accept, declared)] == sent


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "json"),
        ("application/vnd.api+json; version=1", "json"),
        ("text/json", "json"),
        ("application/x-ndjson", "lines"),
        ("text/xml", "xml"),
        ("image/svg+xml", "xml"),
        ("text/csv", "text"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/form-data; boundary=x", "multipart"),
        ("application/pdf", "binary"),
        ("image/*", "binary"),
        ("*/*", "json"),
    ],
)
def test_a_media_type_stands_for_a_kind_of_body(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind


def test_the_narrowest_declaration_covers_a_type() -> None:
    declared = ["*/*", "text/*", "text/csv; header=present"]
    assert [covering(each, declared) for each in ("text/csv", "Text/Plain", "a/b", "")] == [
        "text/csv; header=present",
        "text/*",
        "*/*",
        None,
    ]
