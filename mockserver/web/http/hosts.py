"""Allowed Host headers, and origins of local web pages."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

DOCKER_HOST: Final = "host.docker.internal"

_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253})(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


class Hosts:
    """The hosts that the mock answers to. An attacker's DNS name is not among them (DNS rebinding)."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = frozenset(allowed)
        self.is_allowed = lru_cache(maxsize=1024)(self._is_allowed)

    def _is_allowed(self, host: str) -> bool:
        """The Host header is an IP literal, a local name or a name from the settings."""
        name = _name(host)
        if name is None:
            return False
        local = "." not in name or name.endswith(".localhost") or name == DOCKER_HOST
        return local or name in self._allowed or _is_ip(name)


def is_same_origin(origin: str, scheme: str, host: str | None) -> bool:
    """The web page's origin is the address of the request."""
    return host is not None and origin.lower() == f"{scheme}://{host}".lower()


@lru_cache(maxsize=1024)
def is_loopback_origin(origin: str) -> bool:
    """The web page's origin is this machine, on any port."""
    scheme, _, host = origin.partition("://")
    name = _name(host) or ""
    if scheme.lower() not in ("http", "https"):
        return False
    return name == "localhost" or name.endswith(".localhost") or (_is_ip(name) and ip_address(name).is_loopback)


def _name(host: str) -> str | None:
    match = _HOST.fullmatch(host)
    return match["name"].strip("[]").lower().removesuffix(".") if match else None


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
