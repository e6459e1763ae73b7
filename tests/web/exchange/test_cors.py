"""CORS as browsers apply it, by the rules of the fetch standard."""

from __future__ import annotations

import pytest

from tests.web.mock_client import Mock, refused

LOCAL = "http://localhost:3000"


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443", "http://a.localhost"]
)
def test_local_web_page_may_call_the_api(mock: Mock, origin: str) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-access-token",
    }
    preflight = mock.request("OPTIONS", "/billing/checkout", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == origin
    assert "POST" in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"]
    assert {"x-access-token", "content-type"} <= {name.strip().lower() for name in allowed.split(",")}
    for status, amount in ((200, 5), (400, "5")):
        answer = mock.billing("POST", "checkout", json={"amount": amount}, headers={"origin": origin})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == origin
        assert "origin" in answer.headers["vary"].lower()
    unknown = mock.get("/billing/usage", headers={"origin": origin})
    assert unknown.status_code == 401
    assert unknown.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://evil.example\\.localhost"]
)
def test_foreign_web_page_may_not_read_the_api(mock: Mock, origin: str) -> None:
    for method in ("OPTIONS", "POST"):
        answer = mock.billing(method, "checkout", headers={"origin": origin, "access-control-request-method": "POST"})
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_reply_without_an_origin_has_no_cors_headers(mock: Mock) -> None:
    assert not [name for name in mock.checkout({"amount": 5}).headers if name.startswith("access-control")]


def names(value: str) -> set[str]:
    return {name.strip().lower() for name in value.split(",")}


def preflight(mock: Mock, path: str, method: str, headers: str = "", *, origin: str = LOCAL) -> dict[str, str]:
    asked = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": headers}
    answer = mock.request("OPTIONS", path, headers={name: value for name, value in asked.items() if value})
    assert answer.status_code == 204
    assert answer.content == b""
    return dict(answer.headers)


def test_preflight_lists_the_methods_and_the_requested_headers(mock: Mock) -> None:
    told = preflight(mock, "/billing/auto_recharge", "POST", 'X-Access-Token, x-request-id,a b, ,x"y')
    assert names(told["access-control-allow-methods"]) == {"get", "post", "options"}
    assert names(told["access-control-allow-headers"]) == {
        "content-type",
        "x-access-token",
        "x-videodb-client",
        "x-request-id",
    }
    assert int(told["access-control-max-age"]) > 0
    assert names(told["vary"]) == {"origin", "access-control-request-method", "access-control-request-headers"}
    assert "access-control-allow-credentials" not in told


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/billing/nowhere", "GET", 404, "not_found"),
        ("/billing/checkout", "DELETE", 405, "method_not_allowed"),
        ("/billing/usage", "GET", 401, "unauthorized"),
    ],
)
def test_preflight_never_hides_a_refusal_from_a_page(
    mock: Mock, path: str, method: str, status: int, code: str
) -> None:
    assert method.lower() in names(preflight(mock, path, method, "content-type")["access-control-allow-methods"])
    answer = mock.request(method, path, headers={"origin": LOCAL})
    refused(answer, status, code)
    assert answer.headers["access-control-allow-origin"] == LOCAL


def test_every_header_of_a_reply_is_exposed(mock: Mock) -> None:
    answer = mock.request("DELETE", "/billing/checkout", headers={"origin": LOCAL})
    assert answer.headers["access-control-expose-headers"] == "*"
    assert answer.headers["allow"]


def test_every_reply_varies_by_origin(mock: Mock) -> None:
    for headers in ({}, {"origin": LOCAL}, {"origin": "https://evil.example"}):
        assert "origin" in names(mock.billing("GET", "usage", headers=headers).headers["vary"])


@pytest.mark.parametrize("path", ["/billing/nowhere", "/billing/checkout"])
def test_options_without_an_origin_is_not_a_preflight(mock: Mock, path: str) -> None:
    answer = mock.request("OPTIONS", path, headers={"origin": LOCAL})
    assert answer.status_code == (204 if "checkout" in path else 404)
    assert "access-control-allow-methods" not in answer.headers


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/sessions"])
def test_control_api_is_readable_by_its_own_pages_only(mock: Mock, path: str) -> None:
    answer = mock.get(path, headers={"origin": LOCAL})
    assert not [name for name in answer.headers if name.startswith("access-control")]
