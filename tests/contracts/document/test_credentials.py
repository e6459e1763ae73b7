"""The run's key in every place in which a document expects credentials."""

from __future__ import annotations

from typing import Any

import pytest
from mockserver_contracts.document.credentials import Credentials, Lines

KEY = "sk-a b"
BEARER = {"type": "http", "scheme": "Bearer"}
QUERY = {"type": "apiKey", "in": "query", "name": "k"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "sid"}
HEADER = {"type": "apiKey", "in": "header", "name": "x-key"}
OAUTH = {"type": "oauth2", "flows": {}}
TOKEN = ("authorization", f"Bearer {KEY}")


def credentials(scheme: dict[str, Any], **more: dict[str, Any]) -> Credentials:
    security: list[dict[str, list[str]]] = [{name: []} for name in ("s", *more)]
    paths = {"/a": {"get": {"security": security}, "parameters": []}}
    return Credentials({"paths": paths, "components": {"securitySchemes": {"s": scheme, **more}}})


@pytest.mark.parametrize(
    ("scheme", "target", "headers", "with_key"),
    [
        (QUERY, "/a?k=&n=1&k=%00", [], ("/a?k=sk-a%20b&n=1&k=sk-a%20b", [])),
        (QUERY, "/a?n=1", [], ("/a?n=1", [])),
        (BEARER, "/a?k=1", [("Authorization", "Bearer x")], ("/a?k=1", [("Authorization", f"Bearer {KEY}")])),
        (BEARER, "/a", [("Authorization", "Other x")], ("/a", [("Authorization", "Other x")])),
        (BEARER, "/a", [], ("/a", [])),
        (COOKIE, "/a", [("Cookie", "a=1; sid=x; sid")], ("/a", [("Cookie", f"a=1; sid={KEY}; sid")])),
        (OAUTH, "/a", [], ("/a", [TOKEN])),
        (OAUTH, "/a", [("Authorization", "own")], ("/a", [("Authorization", "own")])),
        (HEADER, "/a?k=1", [("Cookie", "sid=1")], ("/a?k=1", [("Cookie", "sid=1")])),
    ],
)
def test_generated_credential_is_replaced_by_the_key(
    scheme: dict[str, Any], target: str, headers: Lines, with_key: tuple[str, Lines]
) -> None:
    assert credentials(scheme).put(KEY, "GET /a", target, headers, adds=False) == with_key


@pytest.mark.parametrize(
    ("scheme", "with_key"),
    [
        (QUERY, ("/a?n=1&k=sk-a%20b", [])),
        (BEARER, ("/a?n=1", [TOKEN])),
        (COOKIE, ("/a?n=1", [("cookie", f"sid={KEY}")])),
        (HEADER, ("/a?n=1", [])),
    ],
)
def test_near_miss_gets_the_key(scheme: dict[str, Any], with_key: tuple[str, Lines]) -> None:
    made = credentials(scheme)
    target, headers = made.put(KEY, "GET /a", "/a?n=1", [], adds=True)
    assert (target, headers) == with_key
    assert made.has(KEY, target, dict(headers)) is (scheme is not HEADER)
    assert not made.has(KEY, "/a?n=1", {"x-key": KEY})


def test_token_is_for_operations_that_ask_for_it_alone() -> None:
    assert credentials(OAUTH).put(KEY, "GET /b", "/b", [], adds=False) == ("/b", [])
    assert credentials(OAUTH, other=BEARER).put(KEY, "GET /a", "/a", [], adds=False) == ("/a", [])
