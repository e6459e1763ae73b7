"""Formats of strings, as jsonschema-rs and OpenAPI define them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import jsonschema_rs


def has_format(name: str, text: Any) -> bool:
    """The value has the format. A value that is not a string passes, and so does an undefined format."""
    if name == "byte":
        return not isinstance(text, str) or is_base64(text)
    return jsonschema_rs.is_valid({"format": name}, text, draft=jsonschema_rs.Draft202012, validate_formats=True)


def is_base64(text: str) -> bool:
    """The text is base64, which OpenAPI calls the format `byte`."""
    import base64
    import binascii

    try:
        base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    return True


FORMATS_BEYOND_DRAFT_4: Final = (
    *("byte", "duration", "idn-hostname", "iri", "iri-reference", "json-pointer", "relative-json-pointer"),
    *("uri-reference", "uri-template", "uuid"),
)
FORMATS: Final[dict[str, Callable[..., bool]]] = {name: partial(has_format, name) for name in FORMATS_BEYOND_DRAFT_4}
STANDARD_FORMATS: Final = (
    *("date", "date-time", "time", "email", "idn-email", "hostname", "ipv4", "ipv6", "uri", "regex"),
    *FORMATS_BEYOND_DRAFT_4,
)
