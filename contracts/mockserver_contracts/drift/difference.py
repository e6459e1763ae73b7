"""What differs between two answers to the same request: each difference with a cause that groups it with its like.

Rule 1: the first thing that differs hides what follows from it: of an order that one takes and the other refuses, the
bodies are not compared.
Rule 2: a cause names what the mock does and what the target does, and nothing of the request that showed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockserver_contracts.drift.normalize import NormalizedResponse
from mockserver_contracts.results.finding import Severity


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the target's answer is another than the mock's."""

    kind: str
    pointer: str
    cause: str
    severity: Severity
    title: str
    mock: str
    target: str


def differences(mock: NormalizedResponse, target: NormalizedResponse, *, request: str) -> Iterator[Difference]:
    """What differs; `request` says in a few words what kind of request it was."""
    if mock.verdict != target.verdict:
        yield _verdict(mock, target, request)
        return
    if mock.status != target.status:
        severity: Severity = "error" if mock.verdict == "accepted" else "warning"
        cause = f"status {mock.status} here, {target.status} there"
        title = f"Another status: {target.status} for {mock.status}"
        yield Difference("status", "", cause, severity, title, str(mock.status), str(target.status))
    if mock.media_type != target.media_type:
        severity = "error" if mock.verdict == "accepted" else "warning"
        here, there = mock.media_type or "none", target.media_type or "none"
        cause = f"{mock.verdict}: {here} here, {there} there"
        yield Difference("media type", "", cause, severity, f"Another content type: {there}", here, there)
    yield from _headers(mock, target)
    yield from _types(mock, target)
    yield from _words(mock, target)
    yield from _prose(mock, target)


def _verdict(mock: NormalizedResponse, target: NormalizedResponse, request: str) -> Difference:
    here, there = _told(mock), _told(target)
    titles = {
        ("accepted", "refused"): f"The mock takes what the target refuses: {request}",
        ("refused", "accepted"): f"The target takes what the mock refuses: {request}",
    }
    if target.verdict in ("failed", "redirected", "unanswered") or mock.verdict in ("failed", "unanswered"):
        # It does so for a reason of its own, whatever was asked.
        title = f"{there.capitalize()} where the mock has {here}"
        return Difference("verdict", "", f"{mock.verdict} here, {there} there", "error", title, here, there)
    title = titles.get((mock.verdict, target.verdict), f"{there.capitalize()} where the mock has {here}: {request}")
    return Difference(
        "verdict", "", f"{mock.verdict} here, {target.verdict} there: {request}", "error", title, here, there
    )


def _told(answer: NormalizedResponse) -> str:
    return answer.verdict if answer.verdict == "unanswered" else f"{answer.status} ({answer.verdict})"


def _headers(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    for name in sorted({*mock.headers, *target.headers}):
        here, there = mock.headers.get(name, "none"), target.headers.get(name, "none")
        if here != there:
            cause = f"{name} {here} here, {there} there"
            title = f"Another {name.title()} header on {_family(mock)}"
            yield Difference("header", "", cause, "warning", title, f"{name}: {here}", f"{name}: {there}")


def _types(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    is_reply = mock.verdict == "accepted"
    for pointer in _outermost(mock.types, target.types):
        where = f"{pointer or 'the body'} of {_family(mock)}"
        here = _all(mock.types[pointer])
        cause = f"{_family(mock)}: missing"
        severity: Severity = "error" if is_reply else "warning"
        yield Difference("missing", pointer, cause, severity, f"The target has no {where}", here, "not there")
    for pointer in _outermost(target.types, mock.types):
        where = f"{pointer or 'the body'} of {_family(mock)}"
        there = _all(target.types[pointer])
        cause = f"{_family(mock)}: more"
        yield Difference("more", pointer, cause, "info", f"The mock has no {where}", "not there", there)
    for pointer, kinds in mock.types.items():
        others = target.types.get(pointer)
        # What may be null at all may be null in this answer and not in that one; a refusal has no such moods.
        nulls = frozenset({"null"} if is_reply else ())
        if others is None or kinds - nulls == others - nulls or (is_reply and (kinds <= nulls or others <= nulls)):
            continue
        here, there = _all(kinds), _all(others)
        # Text of another kind is read all the same; a number where text was is not.
        loose: Severity = "warning" if _is_text(kinds) and _is_text(others) else "error"
        title = f"Another type at {pointer or 'the body'} of {_family(mock)}"
        yield Difference("type", pointer, f"{_family(mock)}: {here} here, {there} there", loose, title, here, there)


def _words(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    for pointer, words in mock.words.items():
        others = target.words.get(pointer)
        if others is None or words == others or mock.types.get(pointer) != target.types.get(pointer):
            continue
        here, there = _all(words - others) or _all(words), _all(others - words) or _all(others)
        severity: Severity = "error" if mock.verdict == "accepted" else "warning"
        title = f"Another word at {pointer} of {_family(mock)}: {there} for {here}"
        yield Difference("word", pointer, f"{_family(mock)}: {here} here, {there} there", severity, title, here, there)


def _prose(mock: NormalizedResponse, target: NormalizedResponse) -> Iterator[Difference]:
    for pointer, texts in mock.prose.items():
        others = target.prose.get(pointer)
        if others is not None and texts != others:
            title = f"Other words for people at {pointer} of {_family(mock)}"
            here, there = _all(texts), _all(others)
            yield Difference("prose", pointer, f"{_family(mock)}: other words", "info", title, here, there)


def _outermost(one: Mapping[str, object], other: Mapping[str, object]) -> Iterator[str]:
    """The pointers that only the one has, without what lies within them."""
    missing = [pointer for pointer in one if pointer not in other]
    for pointer in missing:
        parents = pointer.split("/")[:-1]
        if "/".join(parents) not in missing or not parents:
            # Of an empty list or map nothing is missing but its items.
            around = _kinds(other.get(pointer.rpartition("/")[0]))
            if pointer.rpartition("/")[2] == "0" and around & {"list", "object"}:
                continue
            yield pointer


def _kinds(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _is_text(kinds: frozenset[str]) -> bool:
    return kinds <= {"text", "time", "date", "URL", "e-mail address", "id", "null"}


def _all(words: frozenset[str]) -> str:
    return " or ".join(sorted(words))


def _family(answer: NormalizedResponse) -> str:
    return f"{answer.status // 100}xx"
