from __future__ import annotations

import pytest

from mockserver.contract.media import covering_type, kind_of

JSON, XML, TEXT, PROBLEM = "application/json", "application/xml", "text/plain", "application/problem+json"


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
        ("application/*+json", "json"),
        ("application/*+xml", "xml"),
    ],
)
def test_media_type_has_a_kind_of_body(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind


def test_narrowest_declared_media_type_covers_a_type() -> None:
    declared = ["*/*", "text/*", "text/csv; header=present"]
    assert [covering_type(each, declared) for each in ("text/csv", "Text/Plain", "a/b", "")] == [
        "text/csv; header=present",
        "text/*",
        "*/*",
        None,
    ]


def test_range_with_a_suffix_covers_the_types_of_that_suffix() -> None:
    declared = ["application/*", "Application/*+json", PROBLEM]
    given = ("application/vnd.a+json; version=1", PROBLEM, JSON, "application/a+xml", "image/a+json")
    covering = [covering_type(each, declared) for each in given]
    assert covering == [declared[1], PROBLEM, declared[0], declared[0], None]
    assert covering_type(JSON, declared[1:]) is None


VERSIONS = ["application/vnd.a+json; version=2", "application/vnd.a+json"]


@pytest.mark.parametrize(
    ("media_type", "declared", "covering"),
    [
        ("application/vnd.a+json; version=2", VERSIONS, VERSIONS[0]),
        ('application/vnd.a+json;Version="2"', VERSIONS, VERSIONS[0]),
        ("application/vnd.a+json", VERSIONS, VERSIONS[1]),
        ("application/vnd.a+json; version=3", VERSIONS, VERSIONS[1]),
        ("application/vnd.a+json; version=3", VERSIONS[:1], None),
        ("application/vnd.a+json", VERSIONS[:1], VERSIONS[0]),
        ("application/vnd.a+json; profile=x", VERSIONS[:1], VERSIONS[0]),
        ("application/vnd.a+json; version=3", [VERSIONS[0], "*/*"], "*/*"),
    ],
)
def test_parameter_with_another_value_is_another_media_type(
    media_type: str, declared: list[str], covering: str | None
) -> None:
    assert covering_type(media_type, declared) == covering
