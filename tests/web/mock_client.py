"""A client of a mock, in this process without a socket or over HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from mockserver import Settings, create_app
from mockserver.asgi import ASGIApp
from tests.web.control_audit import audit
from tests.web.lifespan import lifespan

KEY: Final = "sk-one"
OTHER: Final = "sk-two"
HERE: Final = "http://127.0.0.1"
START: Final = datetime(2030, 1, 15, 12, tzinfo=UTC)
ID: Final = re.compile(r"cs_test_[A-Za-z0-9]{58}")


class SettableWall:
    """Real time that stands still until it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class InProcess(httpx.BaseTransport):
    """A transport to an ASGI application. It owns an event loop and the lifespan; closing it ends both."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app)
        self._runner = asyncio.Runner()
        self._life = lifespan(app)
        self._runner.run(self._life.__aenter__())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        self._runner.run(self._life.__aexit__(None, None, None))
        self._runner.close()


class Mock:
    """A mock as tests call it. `client` sends no API key of its own.

    Its control API is held to its document, unless the mock has defects.
    """

    def __init__(self, client: httpx.Client, real_time: SettableWall | None = None, *, is_audited: bool = True) -> None:
        self.client = client
        self._is_audited = is_audited
        self.real_time = real_time or SettableWall()

    def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        # joined here: a client would read a path that begins with two slashes as a host
        response = self.client.request(method, f"{str(self.client.base_url).rstrip('/')}{path}", **parts)
        if self._is_audited and path.startswith("/_mock"):
            audit(response)
        return response

    def get(self, path: str, **parts: Any) -> httpx.Response:
        return self.request("GET", path, **parts)

    def post(self, path: str, json: Any = None, **parts: Any) -> httpx.Response:
        return self.request("POST", path, **({} if json is None else {"json": json}), **parts)

    def delete(self, path: str, **parts: Any) -> httpx.Response:
        return self.request("DELETE", path, **parts)

    def billing(self, method: str, path: str, *, key: str = KEY, **parts: Any) -> httpx.Response:
        """A call of the API with a key."""
        headers = {"x-access-token": key, **parts.pop("headers", {})}
        return self.request(method, f"/billing/{path}", headers=headers, **parts)

    def checkout(self, body: Any, *, key: str = KEY) -> httpx.Response:
        return self.billing("POST", "checkout", key=key, json=body)

    def create(self, *, key: str = KEY, **body: Any) -> str:
        """The id of a new session, of 50 dollars by default."""
        response = self.checkout(body or {"amount": 50}, key=key)
        assert response.status_code == 200, response.text
        return found_id(response.text)

    def session(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/_mock/sessions/{name}").json()
        return found

    def pay(self, name: str, **body: Any) -> httpx.Response:
        return self.post(f"/_mock/sessions/{name}/pay", body)

    def listed(self, *, key: str = KEY, **query: Any) -> list[dict[str, Any]]:
        """The list of `GET /billing/checkouts`."""
        response = self.billing("GET", "checkouts", key=key, params=query)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["data"]
        return found

    def usage(self, *, key: str = KEY) -> dict[str, Any]:
        found: dict[str, Any] = self.billing("GET", "usage", key=key).json()["data"]
        return found

    def balance(self, *, key: str = KEY) -> int | float:
        found: int | float = self.usage(key=key)["credit_balance"]
        return found

    def invoices(self, *, key: str = KEY, **query: Any) -> list[dict[str, Any]]:
        """The list of `GET /billing/invoices`."""
        response = self.billing("GET", "invoices", key=key, params=query)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["data"]
        return found

    def consume(self, credits: Any, *, key: str = KEY, **fields: Any) -> httpx.Response:
        return self.post("/_mock/usage", {"key": key, "credits": credits, **fields})

    def recharge(self, *, key: str = KEY, **settings: Any) -> httpx.Response:
        return self.billing("POST", "auto_recharge", key=key, json=settings)

    def advance(self, by: str, *, key: str | None = None) -> None:
        response = self.post("/_mock/clock", {"advance": by, **({"key": key} if key else {})})
        assert response.status_code == 200, response.text

    def journal(self, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/_mock/requests", params=query).json()["requests"]
        return found


@contextmanager
def a_mock(*, real_time: SettableWall | None = None, **overrides: object) -> Iterator[Mock]:
    """A mock in this process; its real time stands still."""
    real_time = real_time or SettableWall()
    app = create_app(Settings().having(**overrides), real_time=real_time)
    with httpx.Client(transport=InProcess(app), base_url=HERE) as client:
        yield Mock(client, real_time)


def found_id(text: str) -> str:
    """The session id in a text."""
    match = ID.search(text)
    assert match, text
    return match[0]


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, checked against rule 12."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert body["success"] is False
    assert body["error_code"] == code
    assert isinstance(body["message"], str)
    assert body["message"]
    assert set(body) <= {"success", "message", "error_code", "errors", "decline_code"}
    for fault in body.get("errors", [{"pointer": "", "message": "-", "code": "-"}]):
        assert set(fault) == {"pointer", "message", "code"}
        assert re.fullmatch(r"(/([^/~]|~[01])*)*", fault["pointer"])
        assert fault["message"]
        assert fault["code"]
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    """The pointers of a refusal's violations."""
    return {fault["pointer"] for fault in body["errors"]}
