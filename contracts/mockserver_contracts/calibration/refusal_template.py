"""The refusals of a server: the body's template, and its codes and statuses for each error code of the mock."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver_contracts.calibration.reply_template import constant
from mockserver_contracts.drift.normalize import type_of
from mockserver_contracts.replay.replay import CorpusExchange

_MESSAGES: Final = ("message", "detail", "description", "title", "errordescription", "reason", "error", "msg")
_CODES: Final = ("errorcode", "code", "type", "error", "name", "kind")


@dataclass(slots=True)
class RefusalTemplate:
    """The template of a refusal's body; `codes` and `status` map the mock's error codes to the server's."""

    body: Any = None
    codes: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)


def refusal_of(pairs: Iterable[tuple[CorpusExchange, CorpusExchange]]) -> RefusalTemplate | None:
    """Derive the template from requests that both servers refused; None if there are none."""
    observed: list[tuple[str, int, int, Any]] = []
    for mock, target in pairs:
        here, there = _json(mock), _json(target)
        if mock.is_refused and target.is_refused and isinstance(here, dict) and isinstance(there, dict):
            code = here.get("error_code")
            if isinstance(code, str):
                observed.append((code, mock.response.status, target.response.status, there))
    if not observed:
        return None
    refusal = RefusalTemplate()
    for code, statuses in _by_code((code, status) for code, _, status, _ in observed).items():
        known = next(status for each, status, _, _ in observed if each == code)
        usual, _ = Counter(statuses).most_common(1)[0]
        if usual != known:
            refusal.status[code] = usual
        if len(set(statuses)) > 1:
            refusal.gaps.append(f"{code} is answered with {' or '.join(map(str, sorted(set(statuses))))}")
    bodies = [(code, status, body) for code, _, status, body in observed]
    refusal.body = _template(bodies, "", refusal)
    return refusal


def _template(observed: Sequence[tuple[str, int, Any]], name: str, refusal: RefusalTemplate) -> Any:
    first = observed[0][2]
    if isinstance(first, dict) and all(isinstance(body, dict) for _, _, body in observed):
        members: dict[str, Any] = {}
        names = dict.fromkeys(key for _, _, body in observed for key in body)
        for key in names:
            having = [(code, status, body[key]) for code, status, body in observed if key in body]
            if key == "errors" and all(_are_field_errors(value) for _, _, value in having):
                members[key] = "{errors?}"
            elif len(having) < len(observed):
                refusal.gaps.append(f"{key} of a refusal is not always there")
            else:
                members[key] = _template(having, key, refusal)
        return members
    values = [value for _, _, value in observed]
    bare = "".join(sign for sign in name.lower() if sign.isalnum())
    if all(value == status and not isinstance(value, bool) for _, status, value in observed):
        return "{status}"
    if all(isinstance(value, str) for value in values):
        is_prose = any(" " in value for value in values)
        if is_prose and (bare in _MESSAGES or len(set(values)) > 1):
            return "{message}"
        if bare in _CODES or _follows_the_code(observed):
            _collect_codes(observed, refusal)
            return "{error_code}"
    if any(value != first for value in values):
        refusal.gaps.append(f"{name} of a refusal varies, and nothing that the mock knows is like it")
    return constant(first)


def _collect_codes(observed: Iterable[tuple[str, int, Any]], refusal: RefusalTemplate) -> None:
    for code, words in _by_code((code, value) for code, _, value in observed).items():
        usual, _ = Counter(words).most_common(1)[0]
        if usual != code:
            refusal.codes[code] = usual
        if len(set(words)) > 1:
            refusal.gaps.append(f"{code} is called {' or '.join(sorted(set(words)))}")


def _follows_the_code(observed: Sequence[tuple[str, int, Any]]) -> bool:
    words = _by_code((code, value) for code, _, value in observed)
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


def _are_field_errors(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and {"pointer", "message"} <= each.keys() and type_of(each["message"]) != "number"
        for each in value
    )


def _json(exchange: CorpusExchange) -> Any:
    try:
        return json.loads(exchange.response.body)
    except (ValueError, RecursionError):
        return None
