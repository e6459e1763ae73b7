"""The address a client used, and the URLs that are built from it."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

from mockserver.web.http.hosts import Hosts
from mockserver.web.http.reply import Header

HOST_KEY: Final = "mockserver.host"
"""The key of the Host in a request's scope; the guard sets it."""


class Address:
    """Builds the URLs of checkout pages, invoices and the control API."""

    def __init__(self, hosts: Hosts, *, checkout_base: str | None = None) -> None:
        self._hosts = hosts
        self._checkout_base = checkout_base

    def base(self, scope: Scope) -> str:
        """The request's scheme and Host; the listen address if the Host is not allowed."""
        host = scope[HOST_KEY] if HOST_KEY in scope else host_of(scope["headers"])
        if host is None or not self._hosts.is_allowed(host):
            name, port = scope.get("server") or ("127.0.0.1", None)
            host = f"[{name}]" if ":" in name else name
            host = f"{host}:{port}" if port else host
        return f"{scope['scheme']}://{host}"

    def page_url(self, scope: Scope, session_id: str) -> str:
        """The URL of a session's checkout page."""
        return f"{self._checkout_base or self.base(scope)}/c/pay/{session_id}"

    def invoice_url(self, scope: Scope, invoice_id: str) -> str:
        """The URL of an invoice's PDF. It is always on this server; `checkout_base` does not apply."""
        return f"{self.base(scope)}/c/invoice/{invoice_id}.pdf"


def host_of(headers: list[Header]) -> str | None:
    """The Host header; None if it is missing or repeated."""
    found = [value for name, value in headers if name == b"host"]
    return found[0].decode("latin-1") if len(found) == 1 else None
