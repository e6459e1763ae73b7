"""The normalized response: without values that differ between two correct servers or two runs.

Rule 1: a client's branching criteria stay: status, media type, names and types of members, flags, error codes.
Rule 2: values of an account (amounts, balances, counts) become types. The trace compares these values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mockserver.contract.pointer import pointer_of
from mockserver_contracts.document.free_form import FreeForm
from mockserver_contracts.exchange import Response

ReplyOutcome = Literal["accepted", "refused", "redirected", "failed", "unanswered"]

_LOCAL_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_TIME: Final = re.compile(_LOCAL_TIME.pattern + r" ?([Zz]|[+-]\d{2}(:?\d{2})?)")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL: Final = re.compile(r"https?://\S*", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
# Generated ids are long and contain a digit. One in sixty ids of 24 random letters has no digit; after a prefix, a
# mix of capitals and small letters is therefore enough.
_ID: Final = re.compile(
    r"(?=.*\d)[A-Za-z0-9_-]{12,}"
    r"|[a-z]{2,8}(?:_test|_live)?_(?=[A-Za-z]*[a-z])(?=[A-Za-z]*[A-Z])[A-Za-z]{12,}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
TEXT_FORMATS: Final[Mapping[str, re.Pattern[str]]] = {
    "time": _TIME,
    "time without zone": _LOCAL_TIME,
    "date": _DATE,
    "URL": _URL,
    "e-mail address": _EMAIL,
    "id": _ID,
}
"""The formats of a text that count as its type. A time without zone is a type of its own: clients read it as local."""
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEXADECIMAL: Final = re.compile(r"(?=.*[0-9])[0-9a-f]{8,}")
_SPACE: Final = re.compile(r"\s")
# At most two words before the part that is drawn: more would be a part of it.
_ID_PREFIX: Final = re.compile(r"(?:[a-z]{2,12}[_-]){0,2}(?=.{4})")
# Members with text for people; any text is correct.
_PROSE: Final = frozenset({"message", "detail", "description", "title", "error_description", "reason", "hint"})
NO_FREE_FORM: Final[FreeForm] = {}
_MOST_MEMBERS: Final = 400
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class NormalizedResponse:
    """The comparable parts of a response. In a pointer, 0 stands for every index and every name of a free-form object.

    `headers` has the methods of Allow, and `present` for Retry-After, WWW-Authenticate and Location.
    """

    outcome: ReplyOutcome
    status: int
    media_type: str
    headers: Mapping[str, str]
    # By pointer: the types, the words and flags, the texts for people, and the forms of ids.
    types: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    prose: Mapping[str, frozenset[str]]
    forms: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Member:
    """One value of a body, with its type, its text if that is a word or prose, and its form if it is an id."""

    pointer: str
    type: str
    word: str | None = None
    prose: str | None = None
    form: str | None = None


def normalize(response: Response | None, *, free_form: FreeForm = NO_FREE_FORM) -> NormalizedResponse:
    """Normalize a response; None stands for a missing answer. `free_form` has the free-form objects."""
    if response is None:
        return NormalizedResponse("unanswered", 0, "", {}, {}, {}, {}, {})
    headers = {name.lower(): value for name, value in response.headers.items()}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    types: dict[str, frozenset[str]] = {}
    words: dict[str, frozenset[str]] = {}
    prose: dict[str, frozenset[str]] = {}
    forms: dict[str, frozenset[str]] = {}
    try:
        body = json.loads(response.body) if response.body else None
    except (ValueError, RecursionError):
        body = None
        if response.body:
            types[""] = frozenset({"no JSON"})
    if body is not None:
        for member in _members(body, "", "", 0, free_form):
            found = (types, member.type), (words, member.word), (prose, member.prose), (forms, member.form)
            for values, value in found:
                if value is not None:
                    values[member.pointer] = values.get(member.pointer, frozenset()) | {value}
            if len(types) > _MOST_MEMBERS:
                break
    outcome = outcome_of(response.status)
    return NormalizedResponse(outcome, response.status, media_type, _headers(headers), types, words, prose, forms)


def outcome_of(status: int) -> ReplyOutcome:
    """The outcome of a request by the status of its reply."""
    if 200 <= status < 300:
        return "accepted"
    if 300 <= status < 400:
        return "redirected"
    return "refused" if 400 <= status < 500 else "failed"


def type_of(value: Any, *, name: str = "") -> str:
    """The JSON type of a value; for text, its format. A word by the name `id` is one, whatever it looks like."""
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
    text = str(value)
    return "id" if name.lower() == "id" and text and not _SPACE.search(text) else _format_of(text)


def form_of_id(text: str) -> str:
    """The form of an id in words, such as `cs_test_ and 58 signs`."""
    if _UUID.fullmatch(text):
        return "a UUID"
    prefix = _ID_PREFIX.match(text)
    before = "" if prefix is None else prefix[0]
    drawn = text[len(before) :]
    signs = "digits" if drawn.isdecimal() else "hexadecimal digits" if _HEXADECIMAL.fullmatch(drawn) else "signs"
    return f"{before} and {len(drawn)} {signs}" if before else f"{len(drawn)} {signs}"


def _format_of(text: str) -> str:
    return next((name for name, pattern in TEXT_FORMATS.items() if pattern.fullmatch(text)), "text")


def _members(value: Any, pointer: str, name: str, depth: int, free_form: FreeForm) -> Iterator[_Member]:
    type_ = type_of(value, name=name)
    if isinstance(value, bool):
        yield _Member(pointer, type_, word=str(value).lower())
    elif type_ == "text" and (name.lower() in _PROSE or " " in value):
        yield _Member(pointer, type_, prose=value)
    elif type_ == "text" and _WORD.fullmatch(value):
        yield _Member(pointer, type_, word=value)
    else:
        yield _Member(pointer, type_, form=form_of_id(value) if type_ == "id" else None)
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            is_free = pointer in free_form and key not in free_form[pointer]
            below = pointer + pointer_of(["0" if is_free else key])
            yield from _members(member, below, key, depth + 1, free_form)
    elif isinstance(value, list):
        for item in value[:_MOST_MEMBERS]:
            yield from _members(item, f"{pointer}/0", name, depth + 1, free_form)


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    normalized = {}
    if "allow" in headers:
        methods = {method.strip().upper() for method in headers["allow"].split(",")} - {"", "HEAD", "OPTIONS"}
        normalized["allow"] = ", ".join(sorted(methods))
    for name in ("retry-after", "www-authenticate", "location"):
        if name in headers:
            normalized[name] = "present"
    return normalized
