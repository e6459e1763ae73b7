"""Headers of a response: the declared ones, with values that a header can carry."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from mockserver.contract.mocking.response import NoMockedResponse
from mockserver.contract.mocking.values import ValueSource
from mockserver.contract.schema.validators import compile_validator
from mockserver.contract.strict_json import Json

NOT_MOCKED: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "upgrade"}
    | {"date", "server", "trailer", "te", "proxy-connection", "vary"}
)
"""Headers that the transport or the mock itself sets."""
_HTTP_DATE: Final = "Tue, 01 Jan 2030 00:00:00 GMT"
WELL_KNOWN: Final = {
    **dict.fromkeys(("expires", "last-modified", "sunset"), _HTTP_DATE),
    **dict.fromkeys(("content-location", "location"), "https://example.com/"),
    **{"accept-ranges": "bytes", "cache-control": "no-cache", "content-language": "en", "etag": '"text"'},
    **{"content-disposition": 'attachment; filename="text"', "content-range": "bytes 0-5/6", "retry-after": "1"},
    **{"link": '<https://example.com/?page=2>; rel="next"', "set-cookie": "name=text; Path=/"},
    "www-authenticate": "Bearer",
}
"""The texts of standard headers, whose form no schema describes."""
VALUE_KEYWORDS: Final = frozenset({"example", "examples", "default", "enum"})
"""Keywords by which a schema names values."""


class HeaderMaker:
    """Makes the headers of one operation's responses."""

    def __init__(self, values: ValueSource) -> None:
        self._values = values

    def make(
        self, response: Mapping[str, Any], seed: str | None
    ) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        """The headers of a declared response, and notes on skipped values."""
        found: list[tuple[str, str]] = []
        notes: list[str] = []
        headers = response.get("headers")
        for header, each in (headers if isinstance(headers, dict) else {}).items():
            if header.lower() in NOT_MOCKED or header.lower().startswith("access-control-"):
                continue
            resolved = self._values.resolve(each)
            if resolved.get("content"):
                media = next(iter(resolved["content"].values()))
                schema, examples = media.get("schema", True), list(self._values.examples(media, None))
            else:
                schema = resolved.get("schema", {"type": "string"})
                examples = list(self._values.examples(resolved, None))
            render = partial(_render, is_json=bool(resolved.get("content")), explode=resolved.get("explode") is True)
            text = self._text(schema, examples, header, seed, notes, render)
            if text is not None:
                found.append((header, text))
        return tuple(found), tuple(notes)

    def _text(
        self,
        schema: Json,
        examples: Sequence[tuple[str, Json]],
        header: str,
        seed: str | None,
        notes: list[str],
        render: Callable[[Json], str | None],
    ) -> str | None:
        validator = compile_validator(schema, self._values.document, "response")
        for name, value in examples if seed is None else ():
            if not validator.is_valid(value):
                notes.append(f"{name} of the header {header} does not match its own schema, and was not sent")
            elif (text := render(value)) is not None:
                return text
        known = WELL_KNOWN.get(header.lower())
        is_free = seed is None and not VALUE_KEYWORDS & self._values.resolve(schema).keys()
        if is_free and known is not None and validator.is_valid(known):
            return known
        for each in self._alternatives(schema):
            try:
                value = self._values.sample(each, f"header {header}", seed)
            except NoMockedResponse as missing:
                notes.append(missing.message)
                return None
            if (text := render(value)) is not None:
                return text
        notes.append(f"the header {header} was not sent, since no value of its schema fits into a header")
        return None

    def _alternatives(self, schema: Json) -> list[Json]:
        """The schema, and schemas of its further values: a header may not be able to carry the first one."""
        resolved = self._values.resolve(schema)
        enum = resolved.get("enum")
        others = [{"enum": [each]} for each in enum] if isinstance(enum, list) else [{}]
        plain = {word: each for word, each in resolved.items() if word not in VALUE_KEYWORDS}
        return [schema, *({**plain, **other} for other in others)]


def _render(value: Json, *, is_json: bool, explode: bool) -> str | None:
    """The text of a value in the style simple; None if a header can't carry it."""
    if is_json:
        text = json.dumps(value)
    elif isinstance(value, list):
        text = ",".join(_plain(each) for each in value)
    elif isinstance(value, dict):
        pairs = value.items()
        text = ",".join(f"{name}{'=' if explode else ','}{_plain(each)}" for name, each in pairs)
    elif value is None:
        return None
    else:
        text = _plain(value)
    is_sendable = text.isprintable() and text == text.strip() and all(ord(letter) < 256 for letter in text)
    return text if is_sendable else None


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
