from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.request.security import AccessDenied, Security, SecurityScheme, secret_names

SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "basic": {"type": "http", "scheme": "Basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "oauth": {"type": "oauth2", "flows": {}},
    "openid": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example/"},
    "mutual": {"type": "mutualTLS"},
    "own": {"type": "apiKey", "in": "header", "name": "x-access-token"},
}
DOCUMENT: dict[str, Any] = {"components": {"securitySchemes": SCHEMES}}
BASIC = (b"authorization", b"Basic YTpi")
BEARER = (b"authorization", b"bearer abc.def-1=")
KEY = (b"x-api-key", b"secret")


def admitted(security: Any, headers: list[tuple[bytes, bytes]], query: str = "") -> str | None:
    try:
        return Security.of({"security": security}, DOCUMENT).admit(headers, query)
    except AccessDenied:
        return None


@pytest.mark.parametrize(
    ("security", "headers", "query", "credential"),
    [
        ([], [], "", ""),
        ([{"header": []}], [KEY], "", "secret"),
        ([{"query": []}], [], "api_key=a%20b", "a b"),
        ([{"cookie": []}], [(b"cookie", b"x=1; session=abc")], "", "abc"),
        ([{"basic": []}], [BASIC], "", "YTpi"),
        ([{"bearer": []}], [BEARER], "", "abc.def-1="),
        ([{"oauth": ["read"]}], [BEARER], "", "abc.def-1="),
        ([{"openid": []}], [BEARER], "", "abc.def-1="),
        ([{"digest": []}], [(b"authorization", b"Digest username=a")], "", "username=a"),
        ([{"mutual": []}], [], "", ""),
        ([{"header": []}, {"bearer": []}], [BEARER], "", "abc.def-1="),
        ([{"header": [], "bearer": []}], [KEY, BEARER], "", "secret"),
        ([{"header": []}, {}], [], "", ""),
        ([{}, {"header": []}], [KEY], "", "secret"),
    ],
)
def test_request_with_credentials_is_admitted(
    security: Any, headers: list[tuple[bytes, bytes]], query: str, credential: str
) -> None:
    assert admitted(security, headers, query) == credential


@pytest.mark.parametrize(
    ("security", "headers", "query"),
    [
        ([{"header": []}], [], "X-Api-Key=secret"),
        ([{"header": []}], [(b"x-api-key", b" ")], ""),
        ([{"header": []}], [KEY, KEY], ""),
        ([{"query": []}], [], "api_key="),
        ([{"cookie": []}], [(b"session", b"abc")], ""),
        ([{"basic": []}], [BEARER], ""),
        ([{"basic": []}], [(b"authorization", b"Basic no")], ""),
        ([{"basic": []}], [(b"authorization", b"Basic bm8=")], ""),
        ([{"bearer": []}], [BASIC], ""),
        ([{"bearer": []}], [(b"authorization", b"Bearer")], ""),
        ([{"bearer": []}], [(b"authorization", b"Bearer a b")], ""),
        ([{"bearer": []}], [BEARER, BEARER], ""),
        ([{"header": [], "bearer": []}], [KEY], ""),
    ],
)
def test_request_without_credentials_is_denied_with_the_requirement(
    security: Any, headers: list[tuple[bytes, bytes]], query: str
) -> None:
    assert admitted(security, headers, query) is None


def test_denial_names_every_alternative_and_its_http_challenge() -> None:
    security = Security.of({"security": [{"header": [], "basic": []}, {"oauth": []}, {"query": []}]}, DOCUMENT)
    with pytest.raises(AccessDenied) as denied:
        security.admit([], "")
    assert denied.value.message == (
        "this operation needs an API key in the header X-Api-Key and Authorization: Basic, or Authorization: Bearer, "
        "or an API key in the query parameter api_key"
    )
    assert denied.value.challenges == ('Basic realm="mock", charset="UTF-8"', "Bearer")


def test_operation_requirements_replace_those_of_the_document() -> None:
    document = {**DOCUMENT, "security": [{"own": []}]}
    assert Security.of({}, document).asks_only_for("x-access-token")
    assert Security.of({"security": []}, document).is_open
    assert not Security.of({"security": [{"own": []}, {"bearer": []}]}, document).asks_only_for("x-access-token")


def test_secret_names_list_the_places_of_api_keys() -> None:
    assert secret_names(DOCUMENT) == (frozenset({"x-api-key", "x-access-token"}), frozenset({"api_key"}))


@pytest.mark.parametrize("scheme", ["日本", "a\r\nb", ""])
def test_scheme_that_no_header_can_name_is_no_challenge(scheme: str) -> None:
    assert SecurityScheme.of("odd", {"type": "http", "scheme": scheme}).challenge == "Bearer"
