"""Talking to a mock that runs."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver.cli.parser import Refused, Unreachable, UsageError

DEFAULT_URL: Final = "http://127.0.0.1:8765"
_SECONDS: Final = 30.0


def configure_client(parser: argparse.ArgumentParser, *, key: str | None = "the account's") -> None:
    """Add the flags all client commands have; `key` says whose, None: the command takes none."""
    parser.add_argument(
        "--url",
        default=os.environ.get("MOCKSERVER_URL", DEFAULT_URL),
        help=f"The mock's address. [env: MOCKSERVER_URL; default: {DEFAULT_URL}]",
    )
    if key is not None:
        parser.add_argument("--key", metavar="KEY", help=f"API key or account id: {key} only.")
    parser.add_argument("--json", action="store_true", help="Print the control API's answer as JSON.")


class Control:
    """The control API at a URL; `token` is the one it may be locked with."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        if not _is_address(url):
            raise UsageError(f"--url is {url!r}; an address such as {DEFAULT_URL} is needed")
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Control:
        """The control API that the flags and the environment name; raises UsageError."""
        return cls(arguments.url, token=os.environ.get("MOCKSERVER_CONTROL_TOKEN"))

    def get(self, path: str, **query: Any) -> Any:
        """Ask; the answer's JSON. Raises Refused and Unreachable."""
        return self._call("GET", path, query=query)

    def post(self, path: str, **body: Any) -> Any:
        """Do, with what is not None; the answer's JSON. Raises Refused and Unreachable."""
        return self.post_whole(path, {name: value for name, value in body.items() if value is not None})

    def post_whole(self, path: str, body: Mapping[str, Any]) -> Any:
        """Do, with the body as it is. Raises as `post` does."""
        return self._call("POST", path, body=body)

    def delete(self, path: str, **query: Any) -> Any:
        """Undo; the answer's JSON. Raises Refused and Unreachable."""
        return self._call("DELETE", path, query=query)

    def _call(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        import httpx  # costs more than all of --help does

        given = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            response = httpx.request(
                method,
                f"{self._url}/_mock{path}",
                params=given,
                json=body,
                headers=self._headers,
                timeout=_SECONDS,
                trust_env=False,  # a proxy knows no mock on this machine
            )
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"no mock answers at {self._url} ({reason}); `mockserver serve` starts one") from None
        return _answer(response.status_code, response.content, self._url)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _answer(status: int, content: bytes, url: str) -> Any:
    try:
        value = json.loads(content)
    except ValueError:
        raise Unreachable(f"what answers at {url} is no mock: status {status}, not JSON") from None
    if status == 200:
        return value
    if not isinstance(value, dict) or "error_code" not in value:
        raise Unreachable(f"what answers at {url} is no mock: status {status}")
    raise Refused(f"{value.get('message')} ({value['error_code']})")
