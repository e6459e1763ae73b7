"""XML documents of values, by the `xml` objects of their schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from mockserver.contract.mocking.json_text import scalar_text
from mockserver.contract.pointer import dereference
from mockserver.contract.strict_json import Json

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u3001-\uD7FF-]")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_xml(value: Json, schema: Json, document: Mapping[str, Any]) -> str:
    """The value as an XML document, with the names in the schema's `xml` objects."""
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
            member_hints = _hints(within, document)
            tag = str(member_hints.get("name") or member)
            if member_hints.get("attribute") is True and not isinstance(each, dict | list):
                attributes += f" {_tag(tag)}={quoteattr(_printable(each))}"
            elif isinstance(each, list):
                inner += _list(tag, each, within, document, depth=depth + 1)
            else:
                inner += _element(tag, each, within, document, depth=depth + 1)
    elif isinstance(value, list):
        within = _resolved(schema, document).get("items", {})
        tag = str(_hints(within, document).get("name") or "item")
        inner = "".join(_element(tag, each, within, document, depth=depth + 1) for each in value)
    else:
        inner = escape(_printable(value))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _list(name: str, items: list[Any], schema: Json, document: Mapping[str, Any], *, depth: int) -> str:
    within = _resolved(schema, document).get("items", {})
    tag = str(_hints(within, document).get("name") or name)
    inner = "".join(_element(tag, each, within, document, depth=depth + 1) for each in items)
    return f"<{_tag(name)}>{inner}</{_tag(name)}>" if _hints(schema, document).get("wrapped") is True else inner


def _property(schema: Json, name: str, document: Mapping[str, Any]) -> Json:
    resolved = _resolved(schema, document)
    for each in (resolved, *(_resolved(part, document) for part in resolved.get("allOf") or ())):
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
        resolved = dereference(document, schema)
    except LookupError:
        return {}
    return resolved if isinstance(resolved, dict) else {}


def _component(schema: Json) -> str | None:
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    return ref.rpartition("/")[2] if isinstance(ref, str) else None


def _tag(name: str) -> str:
    """The name, with the characters that XML allows in names."""
    allowed = _NOT_IN_NAMES.sub("_", name)
    return f"_{allowed}" if allowed[:1] in ("", *"-.0123456789") else allowed


def _printable(value: Json) -> str:
    """The text of a value, without the characters that XML does not allow."""
    return _NOT_IN_XML.sub("", scalar_text(value))
