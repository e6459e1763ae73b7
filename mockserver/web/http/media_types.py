"""Media types: of a body that is sent, and of the answer that a client prefers."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from mockserver.web.http.reply import JSON, Header

_HTML: Final = "text/html"


@lru_cache(maxsize=256)
def is_media_type(content_type: str | None, media_types: Collection[str]) -> bool:
    """The Content-Type is one of the media types. A charset, if given, must be UTF-8 or ASCII, its subset."""
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


def is_json_type(content_type: str | None) -> bool:
    """The media type is JSON or ends in +json."""
    essence = (content_type or "").partition(";")[0].strip().lower()
    return essence == JSON or essence.endswith("+json")


def prefers_html(headers: Collection[Header]) -> bool:
    """`Accept` names text/html, and JSON with no greater weight. Browsers send this; programs do not."""
    accept = ",".join(value.decode("latin-1") for name, value in headers if name == b"accept")
    weights = dict(map(_media_range, accept.split(",")))
    return weights.get(_HTML, 0.0) > 0 and weights[_HTML] >= weights.get(JSON, 0.0)


def _media_range(text: str) -> tuple[str, float]:
    """A media range of `Accept` and its weight."""
    essence, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            digits = value.replace(".", "", 1)
            return essence, float(value) if digits.isascii() and digits.isdigit() else 0.0
    return essence, 1.0
