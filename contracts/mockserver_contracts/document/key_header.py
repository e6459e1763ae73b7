"""The header of the API key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def key_header(document: Mapping[str, Any]) -> str:
    """The header in which the document expects the key; if it names none, VideoDB's."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return str(scheme["name"])
    return "x-access-token"
