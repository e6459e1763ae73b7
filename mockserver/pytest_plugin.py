"""The pytest plugin: one mock for the test run, and one account for each test.

The fixture `videodb_mock` starts one mock, in memory, for the whole run. Each test gets an AccountMock with a fresh API
key.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mockserver.server import Mock

_SECONDS = 30.0
ABSENT: Final = object()
"""The default of `body`, since None is a body: null."""


class AccountClock:
    """The clock of one account."""

    def __init__(self, mock: AccountMock) -> None:
        self._mock = mock

    @property
    def now(self) -> str:
        """The time on the clock, in RFC 3339."""
        now: str = self._mock.control("GET", "/clock", query={"key": self._mock.api_key})["now"]
        return now

    def advance(self, by: str) -> str:
        """Move the clock forward by a duration such as `24h`, and return its time."""
        return self._move(advance=by)

    def set(self, to: str) -> str:
        """Set the clock to an RFC 3339 time that is not in its past, and return its time."""
        return self._move(now=to)

    def freeze(self) -> str:
        """Stop the clock, and return its time."""
        return self._move(frozen=True)

    def unfreeze(self) -> str:
        """Start a stopped clock again, and return its time."""
        return self._move(frozen=False)

    def reset(self) -> str:
        """Return to real time, and return the clock's time."""
        now: str = self._mock.control("DELETE", "/clock", query={"key": self._mock.api_key})["now"]
        return now

    def _move(self, **change: Any) -> str:
        now: str = self._mock.control("POST", "/clock", body={"key": self._mock.api_key, **change})["now"]
        return now


class AccountMock:
    """One account of a running mock.

    `url` is the base URL for a client, `api_key` the account's key. A refused call raises httpx.HTTPStatusError.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.api_key = f"sk-test-{secrets.token_hex(12)}"
        self.clock = AccountClock(self)

    def create(self, *, amount: float | None = 50, **fields: Any) -> dict[str, Any]:
        """Create a session for an amount of dollars, and return its JSON. `fields` are added to the request body."""
        body = fields if amount is None else {"amount": amount, **fields}
        answer = _call("POST", f"{self.url}/billing/checkout", body=body, headers={"x-access-token": self.api_key})
        return self._session(_session_id(answer))

    def pay(self, session: dict[str, Any] | str, *, card: str | None = None) -> dict[str, Any]:
        """Pay a session with a test card (default 4242…), and return its JSON."""
        body = {} if card is None else {"card": card}
        return self._send(session, "pay", body)

    def cancel(self, session: dict[str, Any] | str) -> dict[str, Any]:
        """Cancel the payment of a session, as a buyer does, and return its JSON."""
        return self._send(session, "cancel", {})

    def consume(
        self,
        credits: float | None = None,
        *,
        category: str | None = None,
        resource: str | None = None,
        units: float | None = None,
    ) -> dict[str, Any]:
        """Consume credits, or units of a resource, as the use of VideoDB does, and return the account's usage."""
        given = {"credits": credits, "category": category, "resource": resource, "units": units}
        body = {"key": self.api_key, **{name: value for name, value in given.items() if value is not None}}
        usage: dict[str, Any] = self.control("POST", "/usage", body=body)["usage"]
        return usage

    def fail_next(
        self,
        then: str | None = None,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        body: Any = ABSENT,
        delay: str | float | None = None,
        times: int | None = 1,
        method: str | None = None,
        path: str | None = None,
    ) -> dict[str, Any]:
        """Plan a fault for the account's next requests, and return its JSON.

        `then` is `reset`, `truncate`, `malformed` or `empty`. Alternatively give the `status` of an answer, with its
        `headers` and `body` (JSON, or text with another Content-Type). A `delay` alone delays the mock's own answer.
        With `times` None the fault applies to all requests.
        """
        if then is not None and status is not None:
            raise ValueError(f"then={then!r} and status={status!r} exclude each other")
        answer: Any = then
        if status is not None:
            answer = {"status": status, "headers": headers or {}, **({} if body is ABSENT else {"body": body})}
        elif headers is not None or body is not ABSENT:
            raise ValueError("headers and body need status, the status of the answer")
        match = {"method": method, "path": path, "key": self.api_key}
        plan = {"match": {name: value for name, value in match.items() if value is not None}, "times": times}
        more = {"then": answer, "delay": delay}
        plan |= {name: value for name, value in more.items() if value is not None}
        fault: dict[str, Any] = self.control("POST", "/faults", body=plan)["fault"]
        return fault

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """The account's latest sessions, newest first, up to a thousand."""
        query = {"key": self.api_key, "limit": "1000"}
        sessions: list[dict[str, Any]] = self.control("GET", "/sessions", query=query)["sessions"]
        return sessions

    @property
    def balance(self) -> float:
        """The account's credits."""
        # not read from /billing/usage, which would add an entry to `requests`
        (account,) = self.control("GET", "/accounts", query={"key": self.api_key})["accounts"]
        balance: float = account["credit_balance"]
        return balance

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The account's latest requests with their answers, newest first, up to a thousand."""
        query = {"key": self.api_key, "limit": "1000"}
        exchanges: list[dict[str, Any]] = self.control("GET", "/requests", query=query)["requests"]
        return exchanges

    def control(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        """Call the control API at `/_mock` + path, and return the answer's JSON."""
        return _call(method, f"{self.url}/_mock{path}", query=query, body=body)

    def _send(self, session: dict[str, Any] | str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        name = session if isinstance(session, str) else session["id"]
        after: dict[str, Any] = self.control("POST", f"/sessions/{name}/{action}", body=body)["session"]
        return after

    def _session(self, name: str) -> dict[str, Any]:
        session: dict[str, Any] = self.control("GET", f"/sessions/{name}")
        return session


@pytest.fixture(scope="session")
def videodb_mock_server() -> Iterator[Mock]:
    """One mock in memory, on a free port, for the whole test run. Override this fixture to change its settings."""
    from mockserver.server import running

    with running(store="memory") as mock:
        yield mock


@pytest.fixture
def videodb_mock(videodb_mock_server: Mock) -> Iterator[AccountMock]:
    """The running mock, with an account for this test only."""
    mock = AccountMock(videodb_mock_server.url)
    yield mock
    mock.control("POST", "/reset", body={"key": mock.api_key})


def _call(
    method: str,
    url: str,
    *,
    query: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    import httpx  # pytest imports this module in every run; httpx is only needed with a mock

    response = httpx.request(
        method,
        url,
        params=query,
        json=body,
        headers=headers,
        timeout=_SECONDS,
        trust_env=False,  # a proxy from the environment does not reach the mock on this machine
        verify=not url.startswith("http:"),  # loading the trusted certificates takes longer than the call
    )
    if response.is_error:
        message = f"{method} {response.url} answered {response.status_code}: {response.text}"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)
    return response.json()


def _session_id(answer: Any) -> str:
    """The session's id, from the end of its URL, in a reply of any profile."""
    data = answer.get("data") or {}
    url = data.get("url") or answer.get("checkout_url") or answer.get("checkoutUrl")
    return str(url).rpartition("/")[2]
