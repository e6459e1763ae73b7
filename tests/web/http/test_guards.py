from __future__ import annotations

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, found_id, refused

OURS = [
    "127.0.0.1",
    "127.0.0.1:8765",
    "192.168.0.7:80",
    "[::1]",
    "[::1]:8765",
    "localhost",
    "LOCALHOST:8765",
    "shop.localhost:3000",
    "mock",
    "videodb-mock:8765",
    "host.docker.internal:8765",
]
FOREIGN = [
    "evil.example",
    "evil.example:8765",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "mock.internal",
    "user@localhost",
    "localhost/",
    "localhost:x",
    "a b",
    "",
]
GUARDED = [
    "/billing/usage",
    "/nothing",
    "/_mock/health",
    "/_mock/sessions",
    "/_mock/nothing",
    "/c/pay/x",
    "/pay/x",
    "//_mock//health",
    "/%5fmock/health",
]


@pytest.mark.parametrize("host", OURS)
def test_local_host_is_answered_and_begins_the_urls(mock: Mock, host: str) -> None:
    assert mock.get("/_mock/health", headers={"host": host}).status_code == 200
    url = mock.billing("POST", "checkout", json={"amount": 1}, headers={"host": host}).json()["data"]["url"]
    assert url == f"http://{host}/c/pay/{found_id(url)}"


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", GUARDED)
def test_foreign_host_is_refused_everywhere(mock: Mock, host: str, path: str) -> None:
    refused(mock.get(path, headers={"host": host}), 403, "forbidden_host")


def test_foreign_host_changes_nothing(mock: Mock) -> None:
    name = mock.create()
    refused(mock.post(f"/_mock/sessions/{name}/pay", headers={"host": "evil.example"}), 403, "forbidden_host")
    refused(mock.post("/_mock/reset", headers={"host": "evil.example"}), 403, "forbidden_host")
    assert mock.session(name)["status"] == "pending"


def test_repeated_host_header_is_refused(mock: Mock) -> None:
    answer = mock.get("/_mock/health", headers=[("host", "localhost"), ("host", "evil.example")])
    assert refused(answer, 400, "invalid_request")["message"] == "the request has 2 Host headers; one is needed"


def test_hosts_can_be_allowed(start: Start) -> None:
    mock = start(allow_hosts=["mock.internal", "Other.Example"])
    for host in ("mock.internal", "MOCK.internal:99", "other.example"):
        assert mock.get("/_mock/health", headers={"host": host}).status_code == 200
    for host in ("evil.example", "a.mock.internal", "xmock.internal"):
        refused(mock.get("/_mock/health", headers={"host": host}), 403, "forbidden_host")


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1", "http://localhost:3000", "https://localhost", "http://[::1]:1", "http://a.localhost"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_local_origin_is_answered(mock: Mock, origin: str, method: str) -> None:
    path = {"GET": "/_mock/health", "POST": "/_mock/reset"}[method]
    assert mock.request(method, path, headers={"origin": origin}).status_code == 200


def test_same_origin_is_always_answered(start: Start) -> None:
    mock = start(allow_hosts=["mock.internal"])
    headers = {"host": "mock.internal:81", "origin": "http://mock.internal:81"}
    assert mock.get("/_mock/health", headers=headers).status_code == 200
    for origin in ("http://mock.internal", "https://mock.internal:81", "http://mock.internal:82"):
        refused(mock.get("/_mock/health", headers={**headers, "origin": origin}), 403, "forbidden_origin")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://evil.example@localhost",
        "file://localhost",
        "http://localhost/path",
        "http://evil.example\\.localhost",
        "localhost",
        "http://[",
        "http://192.168.0.7",
    ],
)
@pytest.mark.parametrize("path", ["/_mock/reset", "/c/pay/{id}"])
def test_foreign_origin_is_refused_and_changes_nothing(mock: Mock, origin: str, path: str) -> None:
    name = mock.create()
    refused(mock.post(path.format(id=name), headers={"origin": origin}), 403, "forbidden_origin")
    assert mock.session(name)["status"] == "pending"


def test_one_foreign_origin_among_two_is_refused(mock: Mock) -> None:
    origins = [("origin", "http://localhost"), ("origin", "https://evil.example")]
    refused(mock.get("/_mock/health", headers=[("host", "localhost"), *origins]), 403, "forbidden_origin")


@pytest.mark.parametrize(
    "path", ["/_mock/sessions", "/_mock/clock", "/_mock/contract.yaml", "/_mock/accounts", "//_mock/clock"]
)
def test_control_token_is_required(start: Start, path: str) -> None:
    mock = start(control_token="open sesame")
    for headers in ({}, {"authorization": "Bearer open"}, {"authorization": "open sesame"}, {"authorization": "é"}):
        encoded = {name: value.encode() for name, value in headers.items()}
        refused(mock.get(path, headers=encoded), 401, "control_token_required")
    assert mock.get(path, headers={"authorization": "Bearer open sesame"}).status_code == 200


def test_control_token_is_checked_before_any_effect(start: Start) -> None:
    mock = start(control_token="sesame")
    name = found_id(mock.checkout({"amount": 5}).text)
    refused(mock.pay(name), 401, "control_token_required")
    refused(mock.post("/_mock/reset"), 401, "control_token_required")
    allowed = {"authorization": "Bearer sesame"}
    assert mock.get(f"/_mock/sessions/{name}", headers=allowed).json()["status"] == "pending"


def test_health_the_api_and_pages_need_no_control_token(start: Start) -> None:
    mock = start(control_token="sesame")
    assert mock.get("/_mock/health").status_code == mock.get("/_mock/live").status_code == 200
    assert mock.get(f"/c/pay/{mock.create()}").status_code == 200
    assert mock.usage()["credit_balance"] == 0


@pytest.mark.parametrize("path", ["checkout", "checkouts", "usage"])
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("x-access-token", "")],
        [("x-access-token", "your_api_key")],
        [("x-access-token", "sk-")],
        [("x-access-token", "SK-abc")],
        [("x-access-token", "sk-a b")],
        [("x-access-token", "sk-" + "a" * 201)],
        [("x-access-token", "Bearer sk-abc")],
        [("x-access-token", "sk-a"), ("x-access-token", "sk-a")],
        [("authorization", "Bearer sk-abc")],
        [("cookie", "x-access-token=sk-abc")],
    ],
)
def test_missing_or_malformed_key_is_unauthorized(mock: Mock, path: str, headers: list[tuple[str, str]]) -> None:
    method = "POST" if path == "checkout" else "GET"
    response = mock.request(method, f"/billing/{path}?x-access-token=sk-abc", headers=headers)
    body = refused(response, 401, "unauthorized")
    assert "abc" not in body["message"]
    assert mock.get("/_mock/accounts").json() == {"accounts": []}


def test_known_keys_can_be_listed(start: Start) -> None:
    mock = start(api_keys=[KEY])
    assert mock.usage()["credit_balance"] == 0
    for key in ("sk-other", KEY + "x", KEY[:-1]):
        refused(mock.billing("GET", "usage", key=key), 401, "unauthorized")
