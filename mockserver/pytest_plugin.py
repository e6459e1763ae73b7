"""The pytest plugin: a mock for the test run, and an account of its own for each test.

Fixture `videodb_mock` starts one mock, in memory, for the whole run; every test that asks for it gets a fresh API key.
What the fixture hands out is an AccountMock.
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
"""Stands for a body that was not given: null is one."""


class AccountClock:
    """The clock of one account."""

    def __init__(self, mock: AccountMock) -> None:
        self._mock = mock

    @property
    def now(self) -> str:
        """The time it shows, in RFC 3339."""
        now: str = self._mock.control("GET", "/clock", query={"key": self._mock.api_key})["now"]
        return now

    def advance(self, by: str) -> str:
        """Move it forward by a duration such as `24h`; the time it shows then."""
        return self._move(advance=by)

    def set(self, to: str) -> str:
        """Set it to an RFC 3339 time, not earlier than it shows; the time it shows then."""
        return self._move(now=to)

    def freeze(self) -> str:
        """Make it stand still; the time it shows."""
        return self._move(frozen=True)

    def unfreeze(self) -> str:
        """Let it go on; the time it shows."""
        return self._move(frozen=False)

    def reset(self) -> str:
        """Back to real time; the time it shows."""
        now: str = self._mock.control("DELETE", "/clock", query={"key": self._mock.api_key})["now"]
        return now

    def _move(self, **how: Any) -> str:
        now: str = self._mock.control("POST", "/clock", body={"key": self._mock.api_key, **how})["now"]
        return now


class AccountMock:
    """A running mock as one account sees it.

    `url` is the base URL for a client, `api_key` the account's key. What the mock refuses raises httpx.HTTPStatusError.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.api_key = f"sk-test-{secrets.token_hex(12)}"
        self.clock = AccountClock(self)

    def create(self, *, amount: float | None = 50, **fields: Any) -> dict[str, Any]:
        """A new session of that many dollars, as the control API shows it. `fields` join the request's body."""
        body = fields if amount is None else {"amount": amount, **fields}
        answer = _call("POST", f"{self.url}/billing/checkout", body=body, headers={"x-access-token": self.api_key})
        return self._session(_id_in(answer))

    def pay(self, session: dict[str, Any] | str, *, card: str | None = None) -> dict[str, Any]:
        """Pay a session, with 4242… unless another test card is named; the session then."""
        body = {} if card is None else {"card": card}
        return self._done(session, "pay", body)

    def cancel(self, session: dict[str, Any] | str) -> dict[str, Any]:
        """Turn back from a session, as a buyer does; the session then."""
        return self._done(session, "cancel", {})

    def consume(self, credits: float, *, category: str = "other") -> dict[str, Any]:
        """Spend credits, as using VideoDB does; the account's usage then."""
        body = {"key": self.api_key, "credits": credits, "category": category}
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
        """Make the account's next requests go wrong; the fault as the control API shows it.

        `then` is `reset`, `truncate`, `malformed` or `empty`; or give the `status` of an answer, with its `headers` and
        a `body` of JSON (text, with another Content-Type). A `delay` alone holds a right answer up. `times` None is
        always.
        """
        if then is not None and status is not None:
            raise ValueError(f"then={then!r} and status={status!r} exclude each other")
        answer: Any = then
        if status is not None:
            answer = {"status": status, "headers": headers or {}, **({} if body is ABSENT else {"body": body})}
        elif headers is not None or body is not ABSENT:
            raise ValueError("headers and body belong to an answer; status says which")
        match = {"method": method, "path": path, "key": self.api_key}
        plan = {"match": {name: value for name, value in match.items() if value is not None}, "times": times}
        more = {"then": answer, "delay": delay}
        plan |= {name: value for name, value in more.items() if value is not None}
        fault: dict[str, Any] = self.control("POST", "/faults", body=plan)["fault"]
        return fault

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """The account's sessions, newest first; a thousand at most."""
        query = {"key": self.api_key, "limit": "1000"}
        sessions: list[dict[str, Any]] = self.control("GET", "/sessions", query=query)["sessions"]
        return sessions

    @property
    def balance(self) -> float:
        """The account's credits."""
        # not asked at /billing/usage: looking must leave no trace among `requests`
        (account,) = self.control("GET", "/accounts", query={"key": self.api_key})["accounts"]
        balance: float = account["credit_balance"]
        return balance

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What the account's clients sent and got, newest first; a thousand at most."""
        query = {"key": self.api_key, "limit": "1000"}
        exchanges: list[dict[str, Any]] = self.control("GET", "/requests", query=query)["requests"]
        return exchanges

    def control(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        """A call of the control API at `/_mock` + path; the answer's JSON."""
        return _call(method, f"{self.url}/_mock{path}", query=query, body=body)

    def _done(self, session: dict[str, Any] | str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        name = session if isinstance(session, str) else session["id"]
        done: dict[str, Any] = self.control("POST", f"/sessions/{name}/{verb}", body=body)["session"]
        return done

    def _session(self, name: str) -> dict[str, Any]:
        session: dict[str, Any] = self.control("GET", f"/sessions/{name}")
        return session


@pytest.fixture(scope="session")
def videodb_mock_server() -> Iterator[Mock]:
    """A mock that runs, in memory and on a free port, for the whole test run. Override it to set it up otherwise."""
    from mockserver.server import running

    with running(store="memory") as mock:
        yield mock


@pytest.fixture
def videodb_mock(videodb_mock_server: Mock) -> Iterator[AccountMock]:
    """The running mock, with an account that no other test has."""
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
    import httpx  # pytest loads this module in every run; httpx in those that use it

    # a proxy of the environment knows no mock on this machine
    response = httpx.request(method, url, params=query, json=body, headers=headers, timeout=_SECONDS, trust_env=False)
    if response.is_error:
        message = f"{method} {response.url} answered {response.status_code}: {response.text}"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)
    return response.json()


def _id_in(answer: Any) -> str:
    """The session's id in a reply of any profile: its URL ends with it."""
    data = answer.get("data") or {}
    url = data.get("url") or answer.get("checkout_url") or answer.get("checkoutUrl")
    return str(url).rpartition("/")[2]
