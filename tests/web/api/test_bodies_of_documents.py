"""Bodies of every coding and media type, sent to operations of a document."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import Mock, refused

JSON = "application/json"
ANSWERS = {"200": {"description": "", "content": {JSON: {"schema": {"const": "fine"}}}}}
OBJECT = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
PARTS = {"type": "object", "required": ["meta"], "properties": {"meta": OBJECT, "file": {"type": "string"}}}
BODIES: dict[str, Any] = {
    "json": {JSON: {"schema": OBJECT}},
    "yaml": {"application/yaml": {"schema": OBJECT}, "application/own+yaml": {"schema": OBJECT}},
    "number": {"text/plain": {"schema": {"type": "integer", "maximum": 9}}},
    "flag": {"text/plain": {"schema": {"type": "boolean"}}},
    "text": {"text/plain": {"schema": {"type": "string", "maxLength": 3}}},
    "any": {"*/*": {"schema": {}}},
    "bytes": {"application/octet-stream": {"schema": {"type": "string", "minLength": 2, "maxLength": 4}}},
    "related": {"multipart/related": {"schema": PARTS}},
    "mixed": {"multipart/mixed": {}},
    "versions": {
        "application/json;version=1": {"schema": {"type": "integer"}},
        "application/json; version=2": {"schema": {"type": "string"}},
    },
    "version": {"application/json;version=2": {"schema": OBJECT}},
}
LIST: dict[str, Any] = {
    "type": "array",
    "xml": {"name": "pets", "wrapped": True},
    "items": {"type": "object", "xml": {"name": "pet"}, "properties": {"id": {"const": 1}}, "required": ["id"]},
}


@pytest.fixture
def api(start: Start, tmp_path: Path) -> Mock:
    posts = {
        f"/{name}": {"post": {"requestBody": {"required": True, "content": content}, "responses": ANSWERS}}
        for name, content in BODIES.items()
    }
    pets = {"200": {"description": "", "content": {"application/xml": {"schema": LIST}}}}
    paths = {**posts, "/pets": {"get": {"responses": pets}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(document))
    return start(spec=tmp_path / "api.json")


def post(api: Mock, name: str, content: bytes, media_type: str | None = JSON, **headers: str) -> Any:
    types = {} if media_type is None else {"content-type": media_type}
    return api.request("POST", f"/{name}", headers={**types, **headers}, content=content)


RAW = b'{"a": 1}'


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", gzip.compress(RAW, mtime=0)),
        ("x-gzip", gzip.compress(RAW, mtime=0)),
        ("GZIP", gzip.compress(RAW[:4], mtime=0) + gzip.compress(RAW[4:], mtime=0)),
        ("deflate", zlib.compress(RAW)),
        ("deflate", zlib.compress(RAW)[2:-4]),
        ("deflate, gzip", gzip.compress(zlib.compress(RAW), mtime=0)),
        ("identity", RAW),
    ],
)
def test_compressed_body_is_decoded(api: Mock, coding: str, content: bytes) -> None:
    assert post(api, "json", content, **{"content-encoding": coding}).status_code == 200
    wrong = gzip.compress(b'{"a": "x"}', mtime=0)
    refused(post(api, "json", wrong, **{"content-encoding": "gzip"}), 400, "invalid_request")


@pytest.mark.parametrize("content", [RAW, gzip.compress(RAW, mtime=0)[:-9], b"\x1f\x8b"])
def test_broken_compression_is_refused(api: Mock, content: bytes) -> None:
    body = refused(post(api, "json", content, **{"content-encoding": "gzip"}), 400, "invalid_request")
    assert "the body is no gzip data" in body["message"]


def test_compressed_bomb_is_refused(api: Mock) -> None:
    bomb = gzip.compress(b" " * 50_000_000, mtime=0)
    assert len(bomb) < 100_000
    refused(post(api, "json", bomb, **{"content-encoding": "gzip"}), 413, "payload_too_large")


def test_unknown_coding_is_refused_with_the_known_ones(api: Mock) -> None:
    answer = post(api, "json", RAW, **{"content-encoding": "br"})
    assert "'br'; gzip or deflate is needed" in refused(answer, 415, "unsupported_media_type")["message"]
    assert answer.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("name", "content", "media_type", "status"),
    [
        ("yaml", b"a: 1", "application/yaml", 200),
        ("yaml", b"a: x", "application/yaml", 400),
        ("yaml", b"a: [", "application/own+yaml", 400),
        ("number", b"5", "text/plain", 200),
        ("number", b"5\n", "text/plain", 200),
        ("number", b"10", "text/plain", 400),
        ("number", b"five", "text/plain", 400),
        ("flag", b"true", "text/plain", 200),
        ("flag", b"yes", "text/plain", 400),
        ("text", b"5", "text/plain", 200),
        ("text", b"  5 ", "text/plain", 400),
        ("any", RAW, None, 200),
        ("any", b"\xff", None, 200),
        ("any", b"", None, 400),
        ("json", RAW, None, 415),
        ("bytes", b"1234", "application/octet-stream", 200),
        ("bytes", b"\xc3\xa9\xc3\xa9", "application/octet-stream", 200),
        ("bytes", b"12345", "application/octet-stream", 400),
        ("bytes", b"1", "application/octet-stream", 400),
        ("version", RAW, JSON, 200),
        ("version", RAW, "application/json;version=2", 200),
        ("json", RAW, "application/json;version=2", 200),
        ("versions", b"1", "application/json;version=1", 200),
        ("versions", b'"x"', 'application/json; version="2"', 200),
        ("versions", b"1", "application/json;version=2", 400),
    ],
)
def test_body_is_judged_by_its_media_type(
    api: Mock, name: str, content: bytes, media_type: str | None, status: int
) -> None:
    answer = post(api, name, content, media_type)
    assert answer.status_code == status, answer.text


def test_length_of_a_binary_body_counts_bytes(api: Mock) -> None:
    body = refused(post(api, "bytes", b"12345", "application/octet-stream"), 400, "invalid_request")
    assert body["message"] == "the body has a length of 5 bytes; at most 4 are allowed"


def mixed(*given: tuple[str, bytes]) -> bytes:
    return (
        b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in given) + b"--b--\r\n"
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (mixed(("Content-Type: application/json", RAW), ("Content-Type: image/png", b"\xff")), 200),
        (mixed(("Content-Type: application/json\r\nContent-ID: <meta>", RAW)), 200),
        (mixed(("Content-Disposition: attachment; name=meta", RAW)), 200),
        (mixed(("Content-Type: application/json", b'{"a": "x"}')), 400),
        (mixed(("Content-ID: <file>", b"x")), 400),
        (b"no parts", 400),
    ],
)
def test_parts_of_a_related_body_are_validated(api: Mock, content: bytes, status: int) -> None:
    answer = post(api, "related", content, "multipart/related; boundary=b")
    assert answer.status_code == status, answer.text


def test_mixed_body_without_a_schema_is_taken_as_bytes(api: Mock) -> None:
    assert post(api, "mixed", b"anything", "multipart/mixed; boundary=b").status_code == 200


def test_root_of_an_xml_list_has_its_items_inside(api: Mock) -> None:
    answer = api.get("/pets", headers={"accept": "application/xml"})
    assert answer.text.endswith("<pets><pet><id>1</id></pet></pets>")


def test_unacceptable_media_type_has_a_code_of_its_own(api: Mock) -> None:
    refused(api.get("/pets", headers={"accept": "image/png"}), 406, "not_acceptable")
