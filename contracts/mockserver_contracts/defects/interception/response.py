"""The response that a defect gets from the correct server, and may change before the client sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

JSON: Final = b"application/json"
HTML: Final = b"text/html; charset=utf-8"

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class InterceptedResponse:
    """A response with its whole body."""

    status: int
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, status: int, body: bytes, media_type: bytes) -> InterceptedResponse:
        """A new response."""
        return cls(status, ((b"content-type", media_type),), body)

    @classmethod
    def of_json(cls, status: int, value: Any) -> InterceptedResponse:
        """A new response with a JSON body."""
        return cls.of(status, json.dumps(value).encode(), JSON)

    @property
    def json(self) -> Any:
        """The parsed body; None if it is not JSON."""
        return parse_json(self.body)

    @property
    def is_success(self) -> bool:
        """The status is 2xx."""
        return 200 <= self.status < 300

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The entries of a list; empty if the body has none."""
        parsed = self.json
        data = parsed.get("data") if isinstance(parsed, dict) else None
        return data if isinstance(data, list) else []

    @property
    def location(self) -> str | None:
        """The header Location."""
        return next((value.decode("latin-1") for name, value in self.headers if name == b"location"), None)

    def with_status(self, status: int) -> InterceptedResponse:
        """The response with another status."""
        return replace(self, status=status)

    def with_json(self, value: Any) -> InterceptedResponse:
        """The response with another JSON body."""
        return self.with_body(json.dumps(value, ensure_ascii=False).encode())

    def with_rows(self, rows: list[dict[str, Any]]) -> InterceptedResponse:
        """The response with other entries in its list."""
        return self.with_json({**self.json, "data": rows}) if isinstance(self.json, dict) else self

    def with_body(self, body: bytes) -> InterceptedResponse:
        """The response with another body."""
        return replace(self, body=body)

    def with_header(self, name: bytes, value: bytes | None) -> InterceptedResponse:
        """The response with this header once, or without it if the value is None."""
        return replace(self, headers=replace_header(self.headers, name, value))

    def with_redirect(self, url: str) -> InterceptedResponse:
        """The response with another redirect, in the form of the page or of the control API."""
        if self.location is not None:
            return self.with_header(b"location", url.encode("latin-1", "replace"))
        parsed = self.json
        return self.with_json({**parsed, "redirect_url": url}) if isinstance(parsed, dict) else self


def replace_header(headers: Headers, name: bytes, value: bytes | None) -> Headers:
    """The headers with this one once, or without it if the value is None."""
    others = tuple(header for header in headers if header[0] != name)
    return others if value is None else (*others, (name, value))


def parse_json(body: bytes) -> Any:
    """The value of a JSON body; None if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
