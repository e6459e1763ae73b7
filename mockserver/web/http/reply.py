"""An HTTP reply, ready to be sent and to be recorded in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.contract.profile.template_text import encode_json

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"

NO_STATUS: Final = 0
"""The journal's status for a request without a reply."""

Header = tuple[bytes, bytes]

UNREAD: Final = object()
"""The value of a JSON reply that is read from its content whenever it is needed."""


class Reply:
    """A status, headers and body. `value` is the decoded body of a JSON reply, or UNREAD."""

    __slots__ = ("content", "headers", "media_type", "status", "value")

    damage: str | None = None
    """The damage that a planned fault did to the reply. A damaged reply is not checked against the contract."""

    ends_connection: bool = False
    """The connection closes after this reply."""

    def __init__(
        self,
        status: int,
        content: bytes = b"",
        *,
        media_type: str | None = None,
        value: Any = None,
        headers: Iterable[Header] = (),
    ) -> None:
        self.status = status
        self.content = content
        self.media_type = media_type
        self.value = value
        self.headers: list[Header] = [(b"content-length", b"%d" % len(content))] if status not in (204, 304) else []
        if media_type is not None:
            self.headers.append((b"content-type", media_type.encode("latin-1")))
        self.headers.extend(headers)

    @classmethod
    def json(cls, value: Any, status: int = 200, *, headers: Iterable[Header] = ()) -> Reply:
        """A JSON reply."""
        content = encode_json(value).encode("utf-8")
        return cls(status, content, media_type=JSON, value=UNREAD, headers=headers)

    @classmethod
    def text(cls, text: str, *, media_type: str, status: int = 200, headers: Iterable[Header] = ()) -> Reply:
        """A text reply."""
        return cls(status, text.encode("utf-8"), media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the reply."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.content})
