"""The types of ASGI, the interface between a server and an application (https://asgi.readthedocs.io)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
"""A connection: of HTTP a request without its body, or the lifespan of the server."""
Message: TypeAlias = MutableMapping[str, Any]
"""An event: a part of a request's body, the start of a response, a part of its body."""
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
