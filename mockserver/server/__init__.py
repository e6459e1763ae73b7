"""The mock as an HTTP server."""

from mockserver.server.server import GRACE_SECONDS, Mock, PortTaken, Server, bound_socket, protocol_of, running, url_of

__all__ = ["GRACE_SECONDS", "Mock", "PortTaken", "Server", "bound_socket", "protocol_of", "running", "url_of"]
