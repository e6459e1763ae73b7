"""A right server of the document with a link, and wrong ones."""

from __future__ import annotations

import json
import re
from collections.abc import MutableMapping
from typing import Any

from tests.contracts.servers.independent import Receive, Send

DEFECTS = {
    "number_for_id": "response_schema_conformance",
    "forgets_videos": "ensure_resource_availability",
    "crashes_on_looking": "not_a_server_error",
    "takes_any_title": "negative_data_rejection",
}


class Videos:
    """An ASGI application; without a defect it is true to its document."""

    def __init__(self, defect: str | None = None) -> None:
        self.looked_at: list[str] = []
        self._videos: set[str] = set()
        self._defect = defect

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"")
        status, headers, reply = self._answer(scope["method"], scope["path"], body, dict(scope["headers"]))
        headers = [(b"content-type", b"application/json"), *headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(reply).encode()})

    def _answer(
        self, method: str, path: str, body: bytes, headers: dict[bytes, bytes]
    ) -> tuple[int, list[tuple[bytes, bytes]], Any]:
        found = re.fullmatch(r"/videos/([^/]+)", path)
        if path != "/videos" and found is None:
            return 404, [], {}
        allowed = "POST" if found is None else "GET"
        if method != allowed:
            return 405, [(b"allow", allowed.encode())], {}
        if found is not None:
            return self._looked(found[1])
        if not headers.get(b"content-type", b"").startswith(b"application/json"):
            return 400, [], {}
        try:
            order = json.loads(body.decode())
        except ValueError:
            return 400, [], {}
        is_right = isinstance(order, dict) and isinstance(order.get("title", ""), str)
        if not is_right and self._defect != "takes_any_title":
            return 400, [], {}
        name = f"v-{len(self._videos) + 1}"
        self._videos.add(name)
        return 201, [], {"id": 7 if self._defect == "number_for_id" else name}

    def _looked(self, name: str) -> tuple[int, list[tuple[bytes, bytes]], Any]:
        self.looked_at.append(name)
        if self._defect == "crashes_on_looking":
            return 500, [], {}
        if name not in self._videos or self._defect == "forgets_videos":
            return 404, [], {}
        return 200, [], {"id": name}
