"""Calls of the control API and of the documented one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from json import loads
from typing import Any

from mockserver.client.errors import refusal_of
from mockserver.client.http_client import HttpClient, NoAnswer, is_address

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these


class ControlApi:
    """Calls a mock and reads its answers. Numbers with a fraction are read as Decimal."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        """The calls of the mock at a URL, with its control token if it has one. Raises ValueError for no such URL."""
        if not is_address(url):
            raise ValueError(f"the mock's URL is {url!r}; an address such as http://127.0.0.1:8765 is needed")
        self.url = url
        self._headers = {} if token is None else {"authorization": f"Bearer {token}"}
        self._http = HttpClient(url)

    def call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Call the control API, and return the answer's JSON. A path begins with `/_mock`, or is what follows it.

        Raises the mock's refusal as a CheckoutError, NoAnswer, and ValueError for an answer that is not JSON.
        """
        target = f"/_mock/{path.removeprefix('/_mock').lstrip('/')}"
        return self._call(method.upper(), target, query=query, body=body, headers=self._headers)

    def state(self, api_key: str) -> Any:
        """The state of an account, as plain JSON that can be written to a file. Raises as `call` does."""
        return self._call("GET", "/_mock/state", query={"key": api_key}, headers=self._headers, parse_float=float)

    def create(self, api_key: str, body: Mapping[str, Any]) -> Any:
        """Create a checkout session as the owner of the key does, and return its reply. Raises as `call` does."""
        return self._call("POST", "/billing/checkout", body=body, headers={"x-access-token": api_key})

    def close(self) -> None:
        """Close the connection of this thread."""
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str],
        parse_float: Callable[[str], Any] = Decimal,
    ) -> Any:
        try:
            answer = self._http.send(method, path, query=query, body=body, headers=headers)
        except NoAnswer as error:
            raise NoAnswer(f"no mock answers at {self.url}: {error}") from None
        if answer.status >= 400:
            raise refusal_of(f"{method} {self.url}{path}", answer)
        try:
            return loads(answer.content, parse_float=parse_float)
        except ValueError:
            raise ValueError(f"{method} {self.url}{path} answered {answer.status} with no JSON") from None
