"""Media types: whether a body is of a kind that is taken."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache


@lru_cache(maxsize=256)
def takes(content_type: str | None, media_types: Collection[str]) -> bool:
    """Whether a Content-Type is one of those, in UTF-8 (or ASCII, which is UTF-8) where it names a charset."""
    if content_type is None:
        return False
    essence, *parameters = (part.strip() for part in content_type.split(";"))
    if essence.lower() not in media_types:
        return False
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8", "us-ascii"):
            return False
    return True
