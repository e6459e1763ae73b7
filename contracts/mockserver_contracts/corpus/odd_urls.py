"""URLs that the contract's pattern allows, but that a correct URL parser may refuse."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

_HOST: Final = re.compile(r"(?=.*[a-z0-9])[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_USER: Final = re.compile(r"[A-Za-z0-9._~-]*")


def has_odd_url(body: bytes) -> bool:
    """A string of the JSON body is a URL that some parsers refuse."""
    try:
        return any("://" in text and not is_plain(text) for text in _texts(json.loads(body)))
    except (ValueError, RecursionError):
        return False


def is_plain(url: str) -> bool:
    """Every parser accepts the URL: its host has letters and digits, and its port exists."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        if ":" in host or "[" in parts.netloc:
            ipaddress.IPv6Address(host)
            return True
    except ValueError:
        return False
    has_labels = _HOST.fullmatch(host) is not None and ".." not in host
    if re.fullmatch(r"[0-9.]+", host):  # an address of four bytes; parsers read other digits in their own ways
        has_labels = _is_ipv4(host)
    has_port = port is not None or not parts.netloc.endswith(":")
    return has_labels and has_port and port != 0 and _USER.fullmatch(parts.username or "") is not None


def _is_ipv4(host: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
