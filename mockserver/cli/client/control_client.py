"""A client of the control API."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from typing import Any

from mockserver.cli.client.flags import DEFAULT_URL
from mockserver.cli.errors import Refused, Unreachable, UsageError
from mockserver.client.http_client import HttpAnswer, HttpClient, NoAnswer, is_address


class ControlClient:
    """A client of the control API at a URL, with its bearer token if it needs one."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._url = checked_address(url)
        self._http = HttpClient(self._url)
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> ControlClient:
        """The client for the flags and the environment. Raises UsageError."""
        return cls(arguments.url, token=os.environ.get("MOCKSERVER_CONTROL_TOKEN"))

    def get(self, path: str, /, **query: Any) -> Any:
        """Send a GET, and return the answer's JSON. Raises Refused and Unreachable."""
        return self._call("GET", path, query=query)

    def post(self, path: str, /, **body: Any) -> Any:
        """Send a POST without members that are None, and return the answer's JSON. Raises as `get` does."""
        return self.post_whole(path, {name: value for name, value in body.items() if value is not None})

    def post_whole(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send a POST with the whole body. Raises as `get` does."""
        return self._call("POST", path, body=body)

    def load_state(self, state: Mapping[str, Any], *, key: str | None) -> Any:
        """Load a state into an account, or into the whole mock, and return the answer. Raises as `get` does."""
        return self._call("POST", "/state", query={"key": key}, body=state)

    def load_checkpoint(self, name: str, *, key: str | None) -> Any:
        """Load a checkpoint into an account, or into the whole mock, and return the answer. Raises as `get` does."""
        return self._call("POST", "/state", query={"key": key, "checkpoint": name})

    def delete(self, path: str, /, **query: Any) -> Any:
        """Send a DELETE, and return the answer's JSON. Raises as `get` does."""
        return self._call("DELETE", path, query=query)

    def order(self, key: str, body: Mapping[str, Any]) -> None:
        """Send an order to the checkout, as the owner of the key does. Raises Refused and Unreachable."""
        answer = self._send("POST", "/billing/checkout", body=body, headers={"x-access-token": key})
        if answer.status != 200:
            try:
                message = json.loads(answer.content)["message"]
            except (ValueError, LookupError, TypeError):
                message = answer.content[:500].decode("utf-8", "replace")
            raise Refused(f"{message} (status {answer.status})")

    def _call(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        answer = self._send(method, f"/_mock{path}", query=query, body=body, headers=self._headers)
        return _read_answer(answer.status, answer.content, self._url)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str],
    ) -> HttpAnswer:
        given = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            return self._http.send(method, path, query=given, body=body, headers=headers)
        except NoAnswer as error:
            raise Unreachable(f"no mock answers at {self._url} ({error}); `mockserver serve` starts one") from None


def checked_address(url: str, *, flag: str = "--url") -> str:
    """The address of a mock, without a slash at its end. Raises UsageError."""
    if not is_address(url):
        raise UsageError(f"{flag} is {url!r}; an address such as {DEFAULT_URL} is needed")
    return url.rstrip("/")


def _read_answer(status: int, content: bytes, url: str) -> Any:
    try:
        value = json.loads(content)
    except ValueError:
        raise Unreachable(f"the server at {url} is not a mock: status {status}, not JSON") from None
    if status == 200:
        return value
    if not isinstance(value, dict) or "error_code" not in value:
        raise Unreachable(f"the server at {url} is not a mock: status {status}")
    raise Refused(f"{value.get('message')} ({value['error_code']})")
