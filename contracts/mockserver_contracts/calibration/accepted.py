"""The exchanges that both servers accepted, with the parsed bodies of the target's responses."""

from __future__ import annotations

import json
from typing import Any, Final

from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.run.observations import Observations

_DEEPEST: Final = 40


def accepted_bodies(observations: Observations, method: str, path: str) -> list[tuple[CorpusExchange, Any]]:
    """The target's accepted exchanges of an operation, each with its parsed body."""
    accepted = []
    for mock, target in observations.pairs:
        is_operation = (target.request.method, target.entry.path) == (method, path)
        if is_operation and mock.is_accepted and target.is_accepted:
            body = response_json(target)
            if body is not None:
                accepted.append((target, body))
    return accepted


def response_json(exchange: CorpusExchange) -> Any:
    """The parsed body of the response; None if it is not JSON, or too deep for a profile."""
    try:
        body = json.loads(exchange.response.body)
    except (ValueError, RecursionError):
        return None
    return None if _is_deep(body) else body


def _is_deep(body: Any) -> bool:
    level = [body]
    for _ in range(_DEEPEST):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return False
    return True


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
