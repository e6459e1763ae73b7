"""The JSON text of a template: its fixed parts are encoded once, its values at each reply.

Rule: the text is that of the filled body, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import (  # type: ignore[attr-defined] # typeshed lacks the first
    c_make_encoder,
    encode_basestring,
)
from typing import Any, Final, TypeAlias

from mockserver.contract.profile.template import SPREAD, Fill, Values, placeholder_of
from mockserver.contract.strict_json import Json

Text: TypeAlias = Callable[[Values], str]

# JSONEncoder.encode builds an encoder anew for each value that is no text; the flags: unsorted, no odd keys, no NaN
_encode_parts: Final = c_make_encoder(
    None, json.JSONEncoder().default, encode_basestring, None, ":", ",", False, False, False
)


def encode_json(value: Any) -> str:
    """The value as JSON, on one line. Raises ValueError for a number that JSON does not have."""
    return "".join(_encode_parts(value, 0))


def compile_text(body: Json, fill: Fill) -> Text:
    """The function that fills the text of a body; `fill` fills the body itself."""
    holes: list[str] = []
    try:
        text = _text(body, holes)
    except _NotFixed:
        return lambda values: encode_json(fill(values))
    names = tuple(dict.fromkeys(holes))
    places = tuple(names.index(name) for name in holes)

    def fill_text(values: Values) -> str:
        given = [values[name] for name in names]
        encoded = [encode_basestring(value) if type(value) is str else _encode(value) for value in given]
        return text % tuple([encoded[place] for place in places])

    return fill_text


class _NotFixed(Exception):
    """The members of an object depend on the values."""


def _text(body: Json, holes: list[str]) -> str:
    """A format string with a hole for each placeholder; the names of the holes are added in order."""
    if isinstance(body, dict):
        members = [f"{_literal(name)}:{_member(name, value, holes)}" for name, value in body.items()]
        return f"{{{','.join(members)}}}"
    if isinstance(body, list):
        return f"[{','.join(_text(each, holes) for each in body)}]"
    name, _ = placeholder_of(body)
    if name is None:
        return _literal(body)
    holes.append(name)
    return "%s"


def _member(name: str, value: Json, holes: list[str]) -> str:
    if name == SPREAD or placeholder_of(value)[1]:
        raise _NotFixed
    return _text(value, holes)


def _literal(value: Json) -> str:
    return encode_json(value).replace("%", "%%")


def _encode(value: Any) -> str:
    # the encoder of the library builds itself anew for each value that is no text
    return str(value) if type(value) is int else encode_json(value)
