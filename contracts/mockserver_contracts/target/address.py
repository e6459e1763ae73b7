"""Addresses of targets: a URL, or the name of a server of the document.

Rule: the production host of the document is refused unless it is allowed by name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

# A host with a port, or with a dot in its name, without its scheme.
_ADDRESS: Final = re.compile(
    r"(?:localhost|\[[0-9A-Fa-f:]+\]|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:[0-9]))(?::[0-9]+)?(?:/.*)?"
)


class TargetRefused(Exception):
    """The target may not be tested, or not like this; the message says why."""


def resolve_address(given: str, document: Mapping[str, Any], *, allow_production: str | None = None) -> tuple[str, str]:
    """The URL and the host of `given`, a URL or the name of a server of the document. Nothing is sent.

    Raises TargetRefused if it is neither, or the production host without a permission that names it.
    """
    servers = _servers(document)
    url = servers.get(given.lower(), given)
    host = _host(url, given, servers)
    is_allowed = allow_production is not None and allow_production.lower().rstrip(".") == host
    if host in _production_hosts(document) and not is_allowed:
        raise TargetRefused(
            f"{host} is the document's production host; nothing is sent to it unless --allow-production {host} says so"
        )
    return url, host


def is_loopback(host: str) -> bool:
    """The host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(document: Mapping[str, Any]) -> frozenset[str]:
    """The hosts of the document's servers."""
    hosts = (urlsplit(str(server["url"])).hostname for server in document.get("servers", []))
    return frozenset(host.rstrip(".") for host in hosts if host and not is_loopback(host))


def _servers(document: Mapping[str, Any]) -> dict[str, str]:
    servers: dict[str, str] = {}
    for server in document.get("servers", []):
        words = str(server.get("description", "")).split()
        if words:
            servers.setdefault(words[0].lower(), str(server["url"]))
    return servers


def _production_hosts(document: Mapping[str, Any]) -> frozenset[str]:
    servers = document.get("servers", [])
    described = [server for server in servers if "prod" in str(server.get("description", "")).lower()]
    # If no description says so, the first server is the one that users call.
    hosts = (urlsplit(str(server["url"])).hostname for server in described or servers[:1])
    return frozenset(host.rstrip(".") for host in hosts if host and not is_loopback(host))


def _host(url: str, given: str, servers: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise TargetRefused(f"{given!r} is no URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        names = ", ".join(sorted(servers)) or "none"
        hint = f"; did you mean http://{given}?" if _ADDRESS.fullmatch(given) else ""
        raise TargetRefused(f"{given!r} is neither an http(s) URL nor a server of the document ({names}){hint}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TargetRefused(f"{parts.hostname}: a target is a base URL without user, query or fragment")
    return parts.hostname.lower().rstrip(".")
