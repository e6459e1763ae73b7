"""How a value is written in a media type: JSON, XML, a form, plain text or bytes."""

from __future__ import annotations

import base64
import codecs
import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

from mockserver.contract.media import Kind, essence_of, kind_of, parameter_of
from mockserver.contract.pointer import dereferenced
from mockserver.contract.strict_json import Json

BOUNDARY: Final = "part-of-the-mocks-answer"
PICTURES: Final = {
    "image/png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
    "image/gif": base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
    "application/pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}
"""The smallest files of types that somebody may want to open."""

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u3001-\uD7FF-]")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_dumps: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def content_type(media_type: str) -> str:
    """What the header says: the media type as it was declared, with what a reader needs to know besides."""
    kind = kind_of(media_type)
    if kind == "multipart" and parameter_of(media_type, "boundary") is None:
        return f"{media_type}; boundary={BOUNDARY}"
    if kind == "text" and parameter_of(media_type, "charset") is None:
        return f"{media_type}; charset=utf-8"
    return media_type


def written(value: Json, media_type: str, schema: Json, document: Mapping[str, Any]) -> bytes:
    """The bytes of a value that was made for a schema."""
    kind = kind_of(media_type)
    if kind == "binary":
        return _binary(value, media_type, schema)
    if kind == "form":
        return _form(value).encode("ascii")
    if kind == "multipart":
        return _multipart(value, parameter_of(media_type, "boundary") or BOUNDARY)
    return _encoded(_text(value, kind, media_type, schema, document), media_type)


def _text(value: Json, kind: Kind, media_type: str, schema: Json, document: Mapping[str, Any]) -> str:
    if kind == "json":
        return _dumps(value)
    if kind == "lines":
        return "".join(_dumps(each) + "\n" for each in (value if isinstance(value, list) else [value]))
    if kind == "xml":
        return value if isinstance(value, str) and value.lstrip()[:1] == "<" else xml(value, schema, document)
    if essence_of(media_type) == "text/event-stream" and not isinstance(value, str):
        return "".join(f"data: {_dumps(each)}\n\n" for each in (value if isinstance(value, list) else [value]))
    return value if isinstance(value, str) else _dumps(value)


def _encoded(text: str, media_type: str) -> bytes:
    charset = parameter_of(media_type, "charset") or "utf-8"
    try:
        codecs.lookup(charset)
        return text.encode(charset, "replace")
    except (LookupError, ValueError):
        return text.encode()


def _binary(value: Json, media_type: str, schema: Json) -> bytes:
    is_bound = isinstance(schema, dict) and any(word in schema for word in ("maxLength", "minLength", "enum", "const"))
    if not is_bound and value in (None, "sample", "text") and (picture := PICTURES.get(essence_of(media_type))):
        return picture
    return value.encode() if isinstance(value, str) else b"sample" if value is None else _dumps(value).encode()


def _scalar(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else _dumps(value)


def _form(value: Json) -> str:
    if not isinstance(value, dict):
        return quote(_scalar(value))
    pairs: list[tuple[str, str]] = []
    for name, each in value.items():
        pairs += [(name, _scalar(item)) for item in each] if isinstance(each, list) else [(name, _scalar(each))]
    return urlencode(pairs)


def _multipart(value: Json, boundary: str) -> bytes:
    members = value if isinstance(value, dict) else {"value": value}
    lines: list[str] = []
    for name, each in members.items():
        for item in each if isinstance(each, list) else [each]:
            kind = "text/plain" if isinstance(item, str) else "application/json"
            shown = name.replace('"', "%22").replace("\r", "").replace("\n", "")
            lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{shown}"', f"Content-Type: {kind}", ""]
            lines.append(item if isinstance(item, str) else _dumps(item))
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


def xml(value: Json, schema: Json, document: Mapping[str, Any]) -> str:
    """A value as an XML document, with the names that the schema's `xml` objects give."""
    name = _hints(schema, document).get("name") or _component(schema) or "root"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _element(str(name), value, schema, document, depth=0)


def _element(name: str, value: Json, schema: Json, document: Mapping[str, Any], *, depth: int) -> str:
    hints = _hints(schema, document)
    name = _tag(name)
    attributes = ""
    if isinstance(hints.get("namespace"), str):
        prefix = f":{_tag(str(hints['prefix']))}" if hints.get("prefix") else ""
        attributes = f" xmlns{prefix}={quoteattr(hints['namespace'])}"
    if hints.get("prefix"):
        name = f"{_tag(str(hints['prefix']))}:{name}"
    inner = ""
    if isinstance(value, dict):
        for member, each in value.items():
            within = _property(schema, member, document)
            told = _hints(within, document)
            called = str(told.get("name") or member)
            if told.get("attribute") is True and not isinstance(each, dict | list):
                attributes += f" {_tag(called)}={quoteattr(_printable(each))}"
            elif isinstance(each, list):
                inner += _list(called, each, within, document, depth=depth + 1)
            else:
                inner += _element(called, each, within, document, depth=depth + 1)
    elif isinstance(value, list):
        inner = _list("item", value, schema, document, depth=depth + 1)
    else:
        inner = escape(_printable(value))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _list(name: str, items: list[Any], schema: Json, document: Mapping[str, Any], *, depth: int) -> str:
    within = _resolved(schema, document).get("items", {})
    called = str(_hints(within, document).get("name") or name)
    inner = "".join(_element(called, each, within, document, depth=depth + 1) for each in items)
    return f"<{_tag(name)}>{inner}</{_tag(name)}>" if _hints(schema, document).get("wrapped") is True else inner


def _property(schema: Json, name: str, document: Mapping[str, Any]) -> Json:
    told = _resolved(schema, document)
    for each in (told, *(_resolved(part, document) for part in told.get("allOf") or ())):
        properties = each.get("properties")
        if isinstance(properties, dict) and name in properties:
            found: Json = properties[name]
            return found
    return {}


def _hints(schema: Json, document: Mapping[str, Any]) -> Mapping[str, Any]:
    hints = _resolved(schema, document).get("xml")
    return hints if isinstance(hints, dict) else {}


def _resolved(schema: Json, document: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        told = dereferenced(document, schema)
    except LookupError:
        return {}
    return told if isinstance(told, dict) else {}


def _component(schema: Json) -> str | None:
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    return ref.rpartition("/")[2] if isinstance(ref, str) else None


def _tag(name: str) -> str:
    """The name as XML allows one."""
    allowed = _NOT_IN_NAMES.sub("_", name)
    return f"_{allowed}" if allowed[:1] in ("", *"-.0123456789") else allowed


def _printable(value: Json) -> str:
    """A value as text, without the characters that no XML document may hold."""
    return _NOT_IN_XML.sub("", _scalar(value))
