"""The mock as an HTTP server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.server.running import Mock, running

if TYPE_CHECKING:
    from mockserver.server.server import GRACE_SECONDS, PortTaken, Server, bound_socket, protocol_of, url_of

__all__ = ["GRACE_SECONDS", "Mock", "PortTaken", "Server", "bound_socket", "protocol_of", "running", "url_of"]


def __getattr__(name: str) -> Any:
    # a test whose mock runs in another process needs no server in its own
    if name not in __all__:
        raise AttributeError(f"module 'mockserver.server' has no attribute {name!r}")
    from mockserver.server import server

    return getattr(server, name)
