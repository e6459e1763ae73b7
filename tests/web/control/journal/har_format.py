"""The structure of HTTP archives, version 1.2, as a JSON schema. Own members begin with an underscore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped] # ships no types


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {}), "comment": {"type": "string"}},
        "patternProperties": {"^_": True},
        "additionalProperties": False,
    }


_TEXT: Final = {"type": "string"}
_SIZE: Final = {"type": "integer", "minimum": -1}
_TIME: Final = {"type": "number", "minimum": -1}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_PAIRS: Final = {"type": "array", "items": _object({"name": _TEXT, "value": _TEXT})}
_COOKIES: Final = {
    "type": "array",
    "items": _object(
        {"name": _TEXT, "value": _TEXT},
        {
            "path": _TEXT,
            "domain": _TEXT,
            "expires": _MOMENT,
            "httpOnly": {"type": "boolean"},
            "secure": {"type": "boolean"},
        },
    ),
}
_MESSAGE: Final = {
    "httpVersion": _TEXT,
    "cookies": _COOKIES,
    "headers": _PAIRS,
    "headersSize": _SIZE,
    "bodySize": _SIZE,
}
_POST_DATA: Final = {
    **_object({"mimeType": _TEXT}, {"params": {"type": "array"}, "text": _TEXT}),
    "not": {"required": ["params", "text"]},
}
_REQUEST: Final = _object(
    {"method": _TEXT, "url": {"type": "string", "format": "uri"}, "queryString": _PAIRS, **_MESSAGE},
    {"postData": _POST_DATA},
)
_CONTENT: Final = _object(
    {"size": {"type": "integer", "minimum": 0}, "mimeType": _TEXT},
    {"text": _TEXT, "encoding": _TEXT, "compression": {"type": "integer"}},
)
_RESPONSE: Final = _object(
    {"status": {"type": "integer"}, "statusText": _TEXT, "content": _CONTENT, "redirectURL": _TEXT, **_MESSAGE}
)
_TIMINGS: Final = _object(
    {"send": {"type": "number", "minimum": 0}, "wait": {"type": "number", "minimum": 0}, "receive": {"type": "number"}},
    {"blocked": _TIME, "dns": _TIME, "connect": _TIME, "ssl": _TIME},
)
_ENTRY: Final = _object(
    {
        "startedDateTime": _MOMENT,
        "time": {"type": "number", "minimum": 0},
        "request": _REQUEST,
        "response": _RESPONSE,
        "cache": _object({}, {"beforeRequest": {}, "afterRequest": {}}),
        "timings": _TIMINGS,
    },
    {"pageref": _TEXT, "serverIPAddress": _TEXT, "connection": _TEXT},
)
_TOOL: Final = _object({"name": _TEXT, "version": _TEXT})
_LOG: Final = _object(
    {"version": {"const": "1.2"}, "creator": _TOOL, "entries": {"type": "array", "items": _ENTRY}},
    {"browser": _TOOL, "pages": {"type": "array"}},
)
_ARCHIVE: Final = Draft202012Validator(
    {"type": "object", "required": ["log"], "properties": {"log": _LOG}, "additionalProperties": False},
    format_checker=FormatChecker(),
)


def har_faults(archive: Any) -> list[str]:
    """The deviations of an archive from the format."""
    faults = [f"{each.json_path}: {each.message}" for each in _ARCHIVE.iter_errors(archive)]
    for number, entry in enumerate(() if faults else archive["log"]["entries"]):
        timed = sum(value for name, value in entry["timings"].items() if name != "ssl" and value > 0)
        if timed != entry["time"]:
            faults.append(f"entry {number}: the timings are {timed} ms in all, but the time is {entry['time']} ms")
    return faults
