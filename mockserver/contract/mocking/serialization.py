"""Serialization of a value in a media type: JSON, XML, a form, plain text or bytes."""

from __future__ import annotations

import base64
import codecs
import csv
import io
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from mockserver.contract.media import Kind, essence_of, kind_of, media_parameter
from mockserver.contract.mocking.json_text import dumps, scalar_text
from mockserver.contract.mocking.xml_document import render_xml
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
"""The smallest valid files of some binary types."""


def content_type(media_type: str) -> str:
    """The Content-Type header: the declared media type, with a boundary or a charset if it needs one."""
    kind = kind_of(media_type)
    if kind == "multipart" and media_parameter(media_type, "boundary") is None:
        return f"{media_type}; boundary={BOUNDARY}"
    if kind == "text" and media_parameter(media_type, "charset") is None:
        return f"{media_type}; charset=utf-8"
    return media_type


def serialize(value: Json, media_type: str, schema: Json, document: Mapping[str, Any]) -> bytes:
    """The bytes of a value of a schema."""
    kind = kind_of(media_type)
    if kind == "binary":
        return _binary(value, media_type, schema)
    if kind == "form":
        return _form(value).encode("ascii")
    if kind == "multipart":
        return _multipart(value, media_parameter(media_type, "boundary") or BOUNDARY)
    return _encode(_text(value, kind, media_type, schema, document), media_type)


def _text(value: Json, kind: Kind, media_type: str, schema: Json, document: Mapping[str, Any]) -> str:
    if kind == "json":
        return dumps(value)
    if kind == "lines":
        return "".join(dumps(each) + "\n" for each in (value if isinstance(value, list) else [value]))
    if kind == "xml":
        return value if isinstance(value, str) and value.lstrip()[:1] == "<" else render_xml(value, schema, document)
    if essence_of(media_type) == "text/event-stream" and not isinstance(value, str):
        return "".join(f"data: {dumps(each)}\n\n" for each in (value if isinstance(value, list) else [value]))
    if essence_of(media_type) == "text/csv" and isinstance(value, list):
        return _csv(value)
    return value if isinstance(value, str) else dumps(value)


def _csv(rows: list[Json]) -> str:
    """A line for each row; the members of objects have a line of names above them (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    if names:
        writer.writerow(names)
    for row in rows:
        cells = [row.get(name) for name in names] if isinstance(row, dict) else row if isinstance(row, list) else [row]
        writer.writerow([scalar_text(cell) for cell in cells])
    return out.getvalue()


def _encode(text: str, media_type: str) -> bytes:
    charset = media_parameter(media_type, "charset") or "utf-8"
    try:
        codecs.lookup(charset)
        return text.encode(charset, "replace")
    except (LookupError, ValueError):
        return text.encode()


def _binary(value: Json, media_type: str, schema: Json) -> bytes:
    is_bound = isinstance(schema, dict) and any(word in schema for word in ("maxLength", "minLength", "enum", "const"))
    if not is_bound and value in (None, "sample", "text") and (picture := PICTURES.get(essence_of(media_type))):
        return picture
    return value.encode() if isinstance(value, str) else b"sample" if value is None else dumps(value).encode()


def _form(value: Json) -> str:
    if not isinstance(value, dict):
        return quote(scalar_text(value))
    pairs: list[tuple[str, str]] = []
    for name, each in value.items():
        pairs += [(name, scalar_text(item)) for item in each] if isinstance(each, list) else [(name, scalar_text(each))]
    return urlencode(pairs)


def _multipart(value: Json, boundary: str) -> bytes:
    members = value if isinstance(value, dict) else {"value": value}
    lines: list[str] = []
    for name, each in members.items():
        for item in each if isinstance(each, list) else [each]:
            kind = "application/json" if isinstance(item, dict | list) else "text/plain"
            escaped = name.replace('"', "%22").replace("\r", "").replace("\n", "")
            lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{escaped}"', f"Content-Type: {kind}", ""]
            lines.append(item if isinstance(item, str) else dumps(item))
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()
