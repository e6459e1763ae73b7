from __future__ import annotations

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, refused

ALLOWED = {
    "/billing/checkout": {"POST"},
    "/billing/checkouts": {"GET"},
    "/billing/usage": {"GET"},
    "/_mock/health": {"GET", "HEAD"},
    "/_mock/live": {"GET", "HEAD"},
    "/_mock/contract.yaml": {"GET", "HEAD"},
    "/_mock/contract.json": {"GET", "HEAD"},
    "/_mock/accounts": {"GET", "HEAD", "POST"},
    "/_mock/clock": {"GET", "HEAD", "POST", "DELETE"},
    "/_mock/sessions": {"GET", "HEAD", "POST"},
    "/_mock/sessions/{id}": {"GET", "HEAD"},
    "/_mock/sessions/{id}/pay": {"POST"},
    "/_mock/sessions/{id}/cancel": {"POST"},
    "/_mock/sessions/{id}/expire": {"POST"},
    "/_mock/credits": {"POST"},
    "/_mock/ledger": {"GET", "HEAD"},
    "/_mock/state": {"GET", "HEAD", "POST"},
    "/_mock/state/diff": {"POST"},
    "/_mock/checkpoints": {"GET", "HEAD", "POST", "DELETE"},
    "/_mock/requests": {"GET", "HEAD", "DELETE"},
    "/_mock/reset": {"POST"},
    "/c/pay/{id}": {"GET", "HEAD", "POST"},
    "/pay/{id}": {"GET", "HEAD", "POST"},
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]


def allow(value: str) -> set[str]:
    return {method.strip() for method in value.split(",")}


@pytest.mark.parametrize("path", ALLOWED)
def test_options_lists_the_allowed_methods(mock: Mock, path: str) -> None:
    answer = mock.request("OPTIONS", path.format(id=mock.create()))
    assert answer.status_code == 204
    assert answer.content == b""
    assert "content-type" not in answer.headers
    assert allow(answer.headers["allow"]) == ALLOWED[path] | {"OPTIONS"}


@pytest.mark.parametrize("path", ALLOWED)
def test_methods_are_refused_unless_allowed(mock: Mock, path: str) -> None:
    for method in METHODS:
        name = mock.create()
        answer = mock.request(method, path.format(id=name), headers={"x-access-token": KEY})
        if method in ALLOWED[path]:
            assert answer.status_code != 405, method
        else:
            assert answer.status_code == 405, method
            assert allow(answer.headers["allow"]) == ALLOWED[path] | {"OPTIONS"}
            assert mock.session(name)["status"] == "pending", method


@pytest.mark.parametrize("path", [path for path in ALLOWED if "/pay/" not in path[:7]])
def test_refused_method_has_the_body_of_every_refusal(mock: Mock, path: str) -> None:
    body = refused(mock.request("PUT", path.format(id=mock.create())), 405, "method_not_allowed")
    assert "PUT" in body["message"]


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/sessions", "/c/pay/{id}"])
def test_head_is_get_without_the_body(mock: Mock, path: str) -> None:
    url = path.format(id=mock.create())
    got, head = mock.get(url), mock.request("HEAD", url)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/billing",
        "/billing/nowhere",
        "/nothing",
        "/billing/checkout/x",
        "/_mock",
        "/_mock/nothing",
        "/_mockery",
        "/é",
        "/%00",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_unknown_path_is_not_found_for_any_method_and_key(mock: Mock, path: str, method: str) -> None:
    refused(mock.request(method, path), 404, "not_found")


@pytest.mark.parametrize("path", ["/billing/nothing/", "/billing/usage//x", "/_mock/health/", "/_mock/sessions/"])
def test_trailing_slash_leads_to_no_path_that_is_not_declared(mock: Mock, path: str) -> None:
    for method in ("GET", "POST"):
        answer = mock.request(method, path, headers={"x-access-token": KEY})
        assert answer.status_code == 404
        refused(answer, 404, answer.json()["error_code"])


@pytest.mark.parametrize("path", ["/BILLING/usage", "/billing/Usage", "/_MOCK/health"])
def test_another_case_is_another_path(mock: Mock, path: str) -> None:
    refused(mock.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["//billing/usage", "/billing//usage", "////billing///usage"])
def test_repeated_slashes_are_merged_without_redirect(mock: Mock, path: str) -> None:
    answer = mock.get(path, headers={"x-access-token": KEY})
    assert answer.status_code == 200
    assert answer.json()["data"]["credit_balance"] == 0
    assert mock.journal()[0]["path"] == "/billing/usage"


def test_repeated_slashes_are_merged_for_pages_and_control_too(mock: Mock) -> None:
    assert mock.get("//_mock//health").json()["status"] == "ok"
    assert mock.get(f"//c///pay//{mock.create()}").status_code == 200


TEXT = {"content-type": "text/plain"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "key", "headers", "content", "status"),
    [
        ("POST", "/nothing", None, TEXT, b"x" * 2000, 404),
        ("PUT", "/billing/checkout", None, TEXT, b"x" * 2000, 405),
        ("POST", "/billing/checkout", None, TEXT, b"x" * 2000, 401),
        ("POST", "/billing/checkout", KEY, TEXT, b"x" * 2000, 413),
        ("POST", "/billing/checkout", KEY, TEXT, b"x" * 1000, 415),
        ("POST", "/billing/checkout", KEY, JSON, b"x" * 1000, 400),
        ("POST", "/_mock/nothing", None, TEXT, b"x" * 2000, 404),
        ("PUT", "/_mock/credits?x=1", None, TEXT, b"x" * 2000, 405),
        ("POST", "/_mock/credits?x=1", None, TEXT, b"x" * 2000, 413),
        ("POST", "/_mock/credits?x=1", None, TEXT, b"x" * 1000, 415),
        ("POST", "/_mock/credits?x=1", None, JSON, b"x" * 1000, 400),
    ],
)
def test_refusals_have_a_fixed_order(
    start: Start, method: str, path: str, key: str | None, headers: dict[str, str], content: bytes, status: int
) -> None:
    mock = start(body_limit=1000)
    given = {**headers, **({"x-access-token": key} if key else {})}
    answer = mock.request(method, path, headers=given, content=content)
    refused(answer, status, answer.json()["error_code"])


@pytest.mark.parametrize(("size", "status"), [(32_000, 401), (33_000, 431), (200_000, 431)])
@pytest.mark.parametrize("path", ["/billing/usage", "/_mock/health"])
def test_headers_over_32_kib_are_refused(mock: Mock, path: str, size: int, status: int) -> None:
    answer = mock.get(path, headers={"x-long": "a" * size})
    if status == 431:
        refused(answer, 431, "headers_too_large")
    else:
        assert answer.status_code in (200, 401)


def test_many_small_headers_count_like_a_long_one(mock: Mock) -> None:
    headers = [("host", "127.0.0.1"), *((f"x-{number}", "a" * 60) for number in range(600))]
    refused(mock.get("/billing/usage", headers=headers), 431, "headers_too_large")


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 400), (1024 * 1024 + 1, 413)])
def test_body_over_1_mib_is_refused(mock: Mock, size: int, status: int) -> None:
    answer = mock.billing("POST", "checkout", content=b" " * size, headers=JSON)
    refused(answer, status, {400: "invalid_json", 413: "payload_too_large"}[status])
