"""Media types: whether a body is of a kind that is taken, and which kind of answer is preferred."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from mockserver.web.http.reply import JSON, Header

_HTML: Final = "text/html"


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


def prefers_html(headers: Collection[Header]) -> bool:
    """Whether a web page is asked for by name, and no less than JSON is: what browsers do and programs do not."""
    accept = ",".join(value.decode("latin-1") for name, value in headers if name == b"accept")
    weights = dict(map(_weighed, accept.split(",")))
    return weights.get(_HTML, 0.0) > 0 and weights[_HTML] >= weights.get(JSON, 0.0)


def _weighed(choice: str) -> tuple[str, float]:
    essence, *parameters = (part.strip().lower() for part in choice.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            digits = value.replace(".", "", 1)
            return essence, float(value) if digits.isascii() and digits.isdigit() else 0.0
    return essence, 1.0
