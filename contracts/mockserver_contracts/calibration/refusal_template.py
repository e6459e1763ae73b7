"""How a server refuses: the body of it, its words and its statuses, for each code of the mock's."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver_contracts.drift.normalize import kind_of
from mockserver_contracts.replay.replay import Exchange

_MESSAGES: Final = ("message", "detail", "description", "title", "errordescription", "reason", "error", "msg")
_CODES: Final = ("errorcode", "code", "type", "error", "name", "kind")


@dataclass(slots=True)
class Refusal:
    """The template of a refusal's body, and for the mock's codes the server's words and statuses."""

    body: Any = None
    codes: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def refusal_of(pairs: Iterable[tuple[Exchange, Exchange]]) -> Refusal | None:
    """How the server refuses what the mock refuses too; None where nothing like that was seen."""
    seen: list[tuple[str, int, int, Any]] = []
    for mock, target in pairs:
        here, there = _json(mock), _json(target)
        if mock.is_refused and target.is_refused and isinstance(here, dict) and isinstance(there, dict):
            code = here.get("error_code")
            if isinstance(code, str):
                seen.append((code, mock.response.status, target.response.status, there))
    if not seen:
        return None
    refusal = Refusal()
    for code, statuses in _by_code((code, status) for code, _, status, _ in seen).items():
        known = next(status for each, status, _, _ in seen if each == code)
        usual, _ = Counter(statuses).most_common(1)[0]
        if usual != known:
            refusal.status[code] = usual
        if len(set(statuses)) > 1:
            refusal.left.append(f"{code} is answered with {' or '.join(map(str, sorted(set(statuses))))}")
    bodies = [(code, status, body) for code, _, status, body in seen]
    refusal.body = _template(bodies, "", refusal)
    return refusal


def _template(seen: Sequence[tuple[str, int, Any]], name: str, refusal: Refusal) -> Any:
    first = seen[0][2]
    if isinstance(first, dict) and all(isinstance(body, dict) for _, _, body in seen):
        members: dict[str, Any] = {}
        names = dict.fromkeys(key for _, _, body in seen for key in body)
        for key in names:
            having = [(code, status, body[key]) for code, status, body in seen if key in body]
            if key == "errors" and all(_are_faults(value) for _, _, value in having):
                members[key] = "{errors?}"
            elif len(having) < len(seen):
                refusal.left.append(f"{key} of a refusal is not always there")
            else:
                members[key] = _template(having, key, refusal)
        return members
    values = [value for _, _, value in seen]
    bare = "".join(sign for sign in name.lower() if sign.isalnum())
    if all(value == status and not isinstance(value, bool) for _, status, value in seen):
        return "{status}"
    if all(isinstance(value, str) for value in values):
        is_prose = any(" " in value for value in values)
        if is_prose and (bare in _MESSAGES or len(set(values)) > 1):
            return "{message}"
        if bare in _CODES or _follows_the_code(seen):
            _note_codes(seen, refusal)
            return "{error_code}"
    if any(value != first for value in values):
        refusal.left.append(f"{name} of a refusal varies, and nothing that the mock knows is like it")
    return first


def _note_codes(seen: Iterable[tuple[str, int, Any]], refusal: Refusal) -> None:
    for code, words in _by_code((code, value) for code, _, value in seen).items():
        usual, _ = Counter(words).most_common(1)[0]
        if usual != code:
            refusal.codes[code] = usual
        if len(set(words)) > 1:
            refusal.left.append(f"{code} is called {' or '.join(sorted(set(words)))}")


def _follows_the_code(seen: Sequence[tuple[str, int, Any]]) -> bool:
    words = _by_code((code, value) for code, _, value in seen)
    return (
        len(words) > 1
        and all(len(set(each)) == 1 for each in words.values())
        and len({w[0] for w in words.values()}) > 1
    )


def _by_code(pairs: Iterable[tuple[str, Any]]) -> Mapping[str, list[Any]]:
    by_code: dict[str, list[Any]] = defaultdict(list)
    for code, value in pairs:
        by_code[code].append(value)
    return by_code


def _are_faults(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and {"pointer", "message"} <= each.keys() and kind_of(each["message"]) != "number"
        for each in value
    )


def _json(exchange: Exchange) -> Any:
    try:
        return json.loads(exchange.response.body)
    except (ValueError, RecursionError):
        return None
