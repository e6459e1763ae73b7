from __future__ import annotations

import pytest

from tests.web.mock_client import Mock, pointers, refused

QUERIES = [
    ("GET", "/_mock/health"),
    ("GET", "/_mock/live"),
    ("GET", "/_mock/contract.yaml"),
    ("GET", "/_mock/contract.json"),
    ("GET", "/_mock/openapi.yaml"),
    ("GET", "/_mock/openapi.json"),
    ("GET", "/_mock/accounts"),
    ("GET", "/_mock/clock"),
    ("POST", "/_mock/clock"),
    ("DELETE", "/_mock/clock"),
    ("GET", "/_mock/sessions"),
    ("GET", "/_mock/sessions/{id}"),
    ("POST", "/_mock/sessions/{id}/pay"),
    ("POST", "/_mock/sessions/{id}/cancel"),
    ("POST", "/_mock/sessions/{id}/expire"),
    ("POST", "/_mock/credits"),
    ("POST", "/_mock/usage"),
    ("GET", "/_mock/faults"),
    ("POST", "/_mock/faults"),
    ("DELETE", "/_mock/faults"),
    ("GET", "/_mock/requests"),
    ("DELETE", "/_mock/requests"),
    ("POST", "/_mock/reset"),
]
BODIES = [path for method, path in QUERIES if method == "POST"]
BODILESS = [(method, path) for method, path in QUERIES if method != "POST"]


@pytest.mark.parametrize(("method", "path"), QUERIES)
def test_unknown_query_name_is_refused_by_name(mock: Mock, method: str, path: str) -> None:
    name = mock.create()
    body = refused(mock.request(method, path.format(id=name) + "?kye=sk-one"), 400, "invalid_request")
    assert "'kye'" in body["message"]
    assert mock.session(name)["status"] == "pending"


@pytest.mark.parametrize("path", BODIES)
def test_unknown_field_is_refused_by_name(mock: Mock, path: str) -> None:
    name = mock.create()
    body = refused(mock.post(path.format(id=name), {"crad/~": "4242424242424242"}), 400, "invalid_request")
    assert "crad/~" in body["message"]
    assert pointers(body) == {"/crad~1~0"}
    assert mock.session(name)["status"] == "pending"


@pytest.mark.parametrize("content", ["[]", "1", '"text"', "null", "true"])
@pytest.mark.parametrize("path", BODIES)
def test_non_object_body_is_refused(mock: Mock, path: str, content: str) -> None:
    url, headers = path.format(id=mock.create()), {"content-type": "application/json"}
    refused(mock.post(url, content=content, headers=headers), 400, "invalid_request")


@pytest.mark.parametrize("content", ["{", "{'a': 1}", '{"key": "sk-a", "key": "sk-b"}', "NaN", "\ufeff{}", '"\\ud800"'])
def test_malformed_json_body_is_refused(mock: Mock, content: str) -> None:
    headers = {"content-type": "application/json"}
    refused(mock.post("/_mock/reset", content=content, headers=headers), 400, "invalid_json")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
@pytest.mark.parametrize("path", BODIES)
def test_unsupported_media_type_is_refused(mock: Mock, path: str, media_type: str) -> None:
    url, headers = path.format(id=mock.create()), {"content-type": media_type}
    refused(mock.post(url, content="{}", headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_may_declare_utf_8(mock: Mock, media_type: str) -> None:
    assert mock.post("/_mock/reset", content="{}", headers={"content-type": media_type}).status_code == 200


@pytest.mark.parametrize(("method", "path"), BODILESS)
def test_unexpected_body_is_refused(mock: Mock, method: str, path: str) -> None:
    refused(mock.request(method, path.format(id=mock.create()), json={"key": "sk-one"}), 400, "invalid_request")


@pytest.mark.parametrize("query", ["key=sk-a&key=sk-b", "key=%ff", "status=%ff"])
def test_unreadable_query_is_refused(mock: Mock, query: str) -> None:
    refused(mock.get(f"/_mock/sessions?{query}"), 400, "invalid_request")


def test_refused_reset_deletes_nothing(mock: Mock) -> None:
    name = mock.create()
    refused(mock.post("/_mock/reset", {"account": "sk-one"}), 400, "invalid_request")
    assert mock.session(name)["status"] == "pending"
