"""The address a client used, and the URLs that are built from it."""

from __future__ import annotations

from mockserver.asgi import Scope
from mockserver.web.http.headers import headers_of
from mockserver.web.http.hosts import Hosts


class Address:
    """Builds the URLs of checkout pages, invoices and the control API."""

    def __init__(self, hosts: Hosts, *, checkout_base: str | None = None) -> None:
        self._hosts = hosts
        self._checkout_base = checkout_base

    def base(self, scope: Scope) -> str:
        """The request's scheme and Host; the listen address if the Host is not allowed."""
        host = headers_of(scope).host
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
