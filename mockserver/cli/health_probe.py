"""One request to `/_mock/health`, within a time that neither a name server nor a slow answer can exceed.

It uses the standard library alone, since a container runs it every few seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from mockserver.client.http_client import HttpAnswer

SECONDS: Final = 2.0
PATH: Final = "/_mock/health"
_LARGEST: Final = 65_536


class Unhealthy(Exception):
    """No healthy mock answers. The message is one sentence; `status` is None without an answer in HTTP."""

    def __init__(self, message: str, *, advice: str = "", status: int | None = None, is_mock: bool = False) -> None:
        super().__init__(message)
        self.advice = advice
        self.status = status
        self.is_mock = is_mock


class Health(NamedTuple):
    """The health that a mock reports of itself."""

    version: str
    profile: str
    store: str


def probe_health(url: str, *, seconds: float = SECONDS) -> Health:
    """The health of the mock at an address. Raises Unhealthy."""
    outcome: list[Health | Unhealthy] = []
    # a thread, because looking up a name and an answer in drops have no time-out of their own
    thread = threading.Thread(target=lambda: outcome.append(_probe(url, seconds)), daemon=True)
    thread.start()
    thread.join(seconds)
    found = outcome[0] if outcome else Unhealthy(f"no answer from {url} within {seconds:g} s")
    if isinstance(found, Unhealthy):
        raise found
    return found


def _probe(url: str, seconds: float) -> Health | Unhealthy:
    from http.client import HTTPException, InvalidURL

    try:
        answer = _get(url, seconds)
    except TimeoutError:
        return Unhealthy(f"no answer from {url} within {seconds:g} s")
    except OSError as error:
        reason = (error.strerror or str(error) or type(error).__name__).lower()
        return Unhealthy(f"nothing answers at {url} ({reason})", advice="`mockserver serve` starts a mock")
    except (InvalidURL, ValueError):
        return Unhealthy(f"{url} is no usable address; one such as http://127.0.0.1:8765 is needed")
    except HTTPException:
        return Unhealthy(f"the server at {url} is not a mock: it does not answer in HTTP")
    return _read(url, answer.status, answer.json_object)


def _get(url: str, seconds: float) -> HttpAnswer:
    from http.client import HTTPConnection, HTTPSConnection

    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", parts.path.rstrip("/") + PATH, headers={"accept": "application/json"})
        response = connection.getresponse()
        return HttpAnswer(response.status, response.read(_LARGEST))
    finally:
        connection.close()


def _read(url: str, status: int, body: Mapping[str, Any]) -> Health | Unhealthy:
    if status == 200 and body.get("status") == "ok" and {"version", "profile", "store"} <= body.keys():
        return Health(*(str(body[name]) for name in Health._fields))
    if status == 200 or not {"error_code", "message"} <= body.keys():
        return Unhealthy(f"the server at {url} is not a mock: {PATH} has status {status}", status=status)
    if body["error_code"] == "store_unavailable":
        start = f"the store of the mock at {url} is unavailable"
    else:
        start = f"the mock at {url} answers with status {status}"
    return Unhealthy(f"{start}: {body['message']}", status=status, is_mock=True)
