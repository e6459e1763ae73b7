"""An answer without what differs between two right servers, or two runs: ids, URLs, times, hosts and order.

Rule 1: what a client branches on stays: status, media type, names and types of members, flags, error codes.
Rule 2: what differs from account to account (amounts, balances, how many) is a type here; the trace compares those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mockserver_contracts.exchange import Response

Verdict = Literal["accepted", "refused", "redirected", "failed", "unanswered"]

_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL: Final = re.compile(r"https?://\S*", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
# As ids are made: long, and with a digit among the letters; of 24 letters drawn by lot one in sixty has none, so after
# a prefix capitals among the small ones will do.
_ID: Final = re.compile(
    r"(?=.*\d)[A-Za-z0-9_-]{12,}"
    r"|[a-z]{2,8}(?:_test|_live)?_(?=[A-Za-z]*[a-z])(?=[A-Za-z]*[A-Z])[A-Za-z]{12,}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
# Members whose text is for people; it may be anything.
_PROSE: Final = frozenset({"message", "detail", "description", "title", "error_description", "reason", "hint"})
_MOST_MEMBERS: Final = 400
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class NormalizedResponse:
    """What is compared of an answer."""

    verdict: Verdict
    status: int
    media_type: str
    # The methods of Allow, and whether there is a Retry-After, a WWW-Authenticate or a Location.
    headers: Mapping[str, str]
    # From a JSON pointer, in which every place of a list or a map is 0, to the types that stand there.
    types: Mapping[str, frozenset[str]]
    # From a pointer to the words, flags and nulls that stand there.
    words: Mapping[str, frozenset[str]]
    # From a pointer to texts for people.
    prose: Mapping[str, frozenset[str]]


def canonical(response: Response | None, *, maps: Collection[str] = ()) -> NormalizedResponse:
    """The answer in its canonical form; None stands for no whole answer, `maps` for objects with any names."""
    if response is None:
        return NormalizedResponse("unanswered", 0, "", {}, {}, {}, {})
    told = {name.lower(): value for name, value in response.headers.items()}
    media_type = told.get("content-type", "").partition(";")[0].strip().lower()
    types: dict[str, frozenset[str]] = {}
    words: dict[str, frozenset[str]] = {}
    prose: dict[str, frozenset[str]] = {}
    try:
        body = json.loads(response.body) if response.body else None
    except (ValueError, RecursionError):
        body = None
        if response.body:
            types[""] = frozenset({"no JSON"})
    if body is not None:
        for pointer, kind, word, text in _members(body, "", "", 0, maps):
            types[pointer] = types.get(pointer, frozenset()) | {kind}
            if word is not None:
                words[pointer] = words.get(pointer, frozenset()) | {word}
            if text is not None:
                prose[pointer] = prose.get(pointer, frozenset()) | {text}
            if len(types) > _MOST_MEMBERS:
                break
    return NormalizedResponse(
        verdict_of(response.status), response.status, media_type, _headers(told), types, words, prose
    )


def verdict_of(status: int) -> Verdict:
    """What a status says of its request."""
    if 200 <= status < 300:
        return "accepted"
    if 300 <= status < 400:
        return "redirected"
    return "refused" if 400 <= status < 500 else "failed"


def kind_of(value: Any) -> str:
    """The type of a value; of text, what it is a text of."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "object"
    return text_kind(str(value))


def text_kind(text: str) -> str:
    """What a text is a text of."""
    for pattern, kind in ((_TIME, "time"), (_DATE, "date"), (_URL, "URL"), (_EMAIL, "e-mail address"), (_ID, "id")):
        if pattern.fullmatch(text):
            return kind
    return "text"


def _members(
    value: Any, pointer: str, name: str, depth: int, maps: Collection[str]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    kind = kind_of(value)
    word: str | None = None
    text: str | None = None
    if isinstance(value, bool):
        word = str(value).lower()
    elif kind == "text":
        if name.lower() in _PROSE or " " in value:
            text = value
        elif _WORD.fullmatch(value):
            word = value
    yield pointer, kind, word, text
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            # The names in a map are an account's own, like the places of a list.
            escaped = "0" if pointer in maps else key.replace("~", "~0").replace("/", "~1")
            yield from _members(member, f"{pointer}/{escaped}", key, depth + 1, maps)
    elif isinstance(value, list):
        for item in value[:_MOST_MEMBERS]:
            yield from _members(item, f"{pointer}/0", name, depth + 1, maps)


def _headers(told: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    if "allow" in told:
        methods = {method.strip().upper() for method in told["allow"].split(",")} - {"", "HEAD", "OPTIONS"}
        kept["allow"] = ", ".join(sorted(methods))
    for name in ("retry-after", "www-authenticate", "location"):
        if name in told:
            kept[name] = "present"
    return kept
