from __future__ import annotations

import pytest

from mockserver.contract.request.accept import rank_media_types

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
        ("application/hal+json", ["application/*+json"], ["application/hal+json"]),
        ("application/json", ["application/*+json"], []),
        ("application/*+json", [JSON, PROBLEM], [PROBLEM]),
        ("application/*+json, application/problem+json;q=0", [PROBLEM], []),
        ("application/*+json", ["application/*+json"], ["application/vnd.example+json"]),
        (None, ["application/*+xml"], ["application/vnd.example+xml"]),
    ],
)
def test_preferred_media_type_comes_first(accept: str | None, declared: list[str], sent: list[str]) -> None:
    assert [media_type for _, media_type in rank_media_types(accept, declared)] == sent


def test_parameters_of_a_media_type_choose_among_its_versions() -> None:
    declared = ["application/json;version=1", "application/json; version=2"]
    assert rank_media_types("application/json;version=2", declared)[0][0] == declared[1]
    assert rank_media_types("application/json", declared)[0][0] == declared[0]
    assert rank_media_types("application/json;version=3", declared) == []
    assert rank_media_types("application/json;version=3, */*;q=0.1", declared)[0][0] == declared[0]
