"""The differences between two responses to the same request, each with the cause by which drifts are grouped.

Rule 1: a difference hides its consequences. If one server accepts and the other refuses, the bodies are not compared.
Rule 2: a cause names the behaviour of the mock and of the target, and nothing of the particular request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockserver_contracts.drift.normalize import TEXT_FORMATS, NormalizedResponse
from mockserver_contracts.results.finding import Severity


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the responses of the mock and of the target."""

    aspect: str
    pointer: str
    cause: str
    severity: Severity
    title: str
    mock: str
    target: str


def diff(mock: NormalizedResponse, target: NormalizedResponse, *, request: str) -> Iterator[Difference]:
    """Compare two responses; `request` names the kind of request in a few words."""
    if mock.outcome != target.outcome:
        yield _diff_outcome(mock, target, request)
        return
    if mock.status != target.status:
        cause = f"status {mock.status} here, {target.status} there"
        title = f"Another status: {target.status} for {mock.status}"
        yield Difference("status", "", cause, _severity(mock), title, str(mock.status), str(target.status))
    if mock.media_type != target.media_type:
        here, there = mock.media_type or "none", target.media_type or "none"
        cause = f"{mock.outcome}: {here} here, {there} there"
        yield Difference("media type", "", cause, _severity(mock), f"Another content type: {there}", here, there)
    yield from _diff_headers(mock, target)
    yield from _diff_types(mock, target)
    yield from _diff_words(mock, target)
    yield from _diff_prose(mock, target)
    yield from _diff_forms(mock, target)


def _diff_outcome(mock: NormalizedResponse, target: NormalizedResponse, request: str) -> Difference:
    here, there = _summary(mock), _summary(target)
    titles = {
        ("accepted", "refused"): f"The mock takes what the target refuses: {request}",
        ("refused", "accepted"): f"The target takes what the mock refuses: {request}",
    }
    if target.outcome in ("failed", "redirected", "unanswered") or mock.outcome in ("failed", "unanswered"):
        # The request is not the reason, so the cause leaves it out.
        title = f"{there.capitalize()} where the mock has {here}"
        return Difference("verdict", "", f"{mock.outcome} here, {target.outcome} there", "error", title, here, there)
    title = titles.get((mock.outcome, target.outcome), f"{there.capitalize()} where the mock has {here}: {request}")
    return Difference(
        "verdict", "", f"{mock.outcome} here, {target.outcome} there: {request}", "error", title, here, there
    )


def _diff_headers(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    for name in sorted({*mock.headers, *target.headers}):
        here, there = mock.headers.get(name, "none"), target.headers.get(name, "none")
        if here != there:
            cause = f"{name} {here} here, {there} there"
            title = f"Another {name.title()} header on {_status_class(mock)}"
            yield Difference("header", "", cause, "warning", title, f"{name}: {here}", f"{name}: {there}")


def _diff_types(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    is_reply = mock.outcome == "accepted"
    status_class = _status_class(mock)
    for pointer in _outermost_missing(mock.types, target.types):
        title = f"The target has no {pointer or 'the body'} of {status_class}"
        here = _join(mock.types[pointer])
        yield Difference("missing", pointer, f"{status_class}: missing", _severity(mock), title, here, "not there")
    for pointer in _outermost_missing(target.types, mock.types):
        title = f"The mock has no {pointer or 'the body'} of {status_class}"
        there = _join(target.types[pointer])
        yield Difference("more", pointer, f"{status_class}: more", "info", title, "not there", there)
    for pointer, types in mock.types.items():
        others = target.types.get(pointer)
        # In an accepted reply a nullable member may be null in one answer only.
        nulls = frozenset({"null"} if is_reply else ())
        if others is None or types - nulls == others - nulls or (is_reply and (types <= nulls or others <= nulls)):
            continue
        here, there = _join(types), _join(others)
        # A client can still read a text of another format, but not a number in place of a text.
        severity: Severity = "warning" if _is_text(types) and _is_text(others) else "error"
        cause = f"{status_class}: {here} here, {there} there"
        title = f"Another type at {pointer or 'the body'} of {status_class}"
        yield Difference("type", pointer, cause, severity, title, here, there)


def _diff_words(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    status_class = _status_class(mock)
    for pointer, words in mock.words.items():
        others = target.words.get(pointer)
        if others is None or words == others or mock.types.get(pointer) != target.types.get(pointer):
            continue
        here, there = _join(words - others) or _join(words), _join(others - words) or _join(others)
        cause = f"{status_class}: {here} here, {there} there"
        title = f"Another word at {pointer} of {status_class}: {there} for {here}"
        yield Difference("word", pointer, cause, _severity(mock), title, here, there)


def _diff_prose(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    status_class = _status_class(mock)
    for pointer, texts in mock.prose.items():
        others = target.prose.get(pointer)
        if others is not None and texts != others:
            title = f"Other words for people at {pointer} of {status_class}"
            cause = f"{status_class}: other words"
            yield Difference("prose", pointer, cause, "info", title, _join(texts), _join(others))


def _diff_forms(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    """Ids may have any form; a column or a pattern of a client may be made for one."""
    status_class = _status_class(mock)
    for pointer, forms in mock.forms.items():
        others = target.forms.get(pointer, frozenset())
        # Ids of several forms in one list have none.
        if len(forms) == len(others) == 1 and forms != others:
            here, there = _join(forms), _join(others)
            title = f"Another form of the id at {pointer} of {status_class}: {there}"
            yield Difference("form", pointer, f"{status_class}: {here} here, {there} there", "info", title, here, there)


def _outermost_missing(one: Mapping[str, object], other: Mapping[str, object]) -> Iterator[str]:
    """Yield the pointers that only `one` has, without those below them."""
    missing = [pointer for pointer in one if pointer not in other]
    for pointer in missing:
        parents = pointer.split("/")[:-1]
        if "/".join(parents) not in missing or not parents:
            # An empty list or free-form object lacks its items only, and that is no difference.
            parent_types = other.get(pointer.rpartition("/")[0])
            is_container = isinstance(parent_types, frozenset) and parent_types & {"list", "object"}
            if pointer.rpartition("/")[2] == "0" and is_container:
                continue
            yield pointer


def _severity(mock: NormalizedResponse) -> Severity:
    return "error" if mock.outcome == "accepted" else "warning"


def _summary(response: NormalizedResponse) -> str:
    return response.outcome if response.outcome == "unanswered" else f"{response.status} ({response.outcome})"


def _status_class(response: NormalizedResponse) -> str:
    return f"{response.status // 100}xx"


def _is_text(types: frozenset[str]) -> bool:
    return types <= {"text", "null", *TEXT_FORMATS}


def _join(values: frozenset[str]) -> str:
    return " or ".join(sorted(values))
