from __future__ import annotations

from hashlib import sha256

from mockserver.contract import load, spec_folder

PUBLISHED = "9c6babe1f19b7f7a53b4d2d6614de57b022c97c12b33299d6913598a8293a2dd"


def test_published_document_equals_the_page_word_for_word() -> None:
    assert sha256((spec_folder() / "videodb.yaml").read_bytes()).hexdigest() == PUBLISHED


def test_profile_openapi_accepts_requests_exactly_as_published() -> None:
    import yaml

    published = yaml.safe_load((spec_folder() / "videodb.yaml").read_text(encoding="utf-8"))
    effective = load("openapi")[0].document
    path = "/billing/checkout"
    assert effective["paths"][path]["post"]["requestBody"] == published["paths"][path]["post"]["requestBody"]
    assert effective["info"] == published["info"]
    assert effective["servers"] == published["servers"]
