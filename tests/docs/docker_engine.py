"""A stand-in for Docker's engine: its API as far as Testcontainers calls it, with a mock in place of a container.

The port of a container is open at once, but the server behind it answers 503 to its first requests. So a test sees
if a client waits for HTTP or for the port alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mockserver import Settings, create_app
from tests.contracts.servers.local import serving

ID: Final = "c0ffee" * 10
NOT_READY: Final = 2
"""The number of requests that a container answers with 503 after its start."""


class Starting:
    """An application that is not ready for its first requests; `seen` has the method, path and status of each."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.seen: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def observe(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.seen.append((scope["method"], scope["path"], message["status"]))
            await send(message)

        if len(self.seen) < NOT_READY:
            await observe({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._application(scope, receive, observe)


class DockerEngine:
    """The API of the engine for one container, whose exposed port leads to a mock at `url`."""

    def __init__(self, url: str) -> None:
        self._port = url.rpartition(":")[2]
        self.created: dict[str, Any] = {}
        self.is_removed = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        status, answer = self._answer(scope["method"], re.sub(r"^/v[\d.]+", "", scope["path"]), body)
        content = b"" if answer is None else json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        match method, path:
            case "GET", "/version":
                return 200, {"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}
            case "POST", "/containers/create":
                self.created = json.loads(body)
                return 201, {"Id": ID, "Warnings": []}
            case "GET", "/containers/json":
                return 200, [self._container()]
            case "DELETE", _:
                self.is_removed = True
                return 204, None
            case "POST", _:
                return 204, None
            case _ if path == f"/containers/{ID}/json" or path.startswith("/images/"):
                return 200, self._container()
            case _:
                return 404, {"message": f"{path} is not known"}

    def _container(self) -> dict[str, Any]:
        ports = {
            name: [{"HostIp": "127.0.0.1", "HostPort": self._port}] for name in self.created.get("ExposedPorts", {})
        }
        state = {"Status": "running", "Running": True}
        return {"Id": ID, "Config": {}, "State": state, "NetworkSettings": {"Ports": ports}}


@contextmanager
def docker_engine() -> Iterator[tuple[DockerEngine, str, Starting]]:
    """A running engine, its address as DOCKER_HOST has it, and the server in its container."""
    container = Starting(create_app(Settings(store="memory")))
    with serving(container) as url:
        engine = DockerEngine(url)
        with serving(engine) as address:
            yield engine, address.replace("http://", "tcp://"), container
