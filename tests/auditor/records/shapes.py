"""Values in answers: session ids, instants, lists and usage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from tests.auditor.exchange import Exchange
from tests.auditor.records.books import Page, UsageReading
from tests.auditor.rules import micro

SESSION_ID: Final = re.compile(r"cs_test_[A-Za-z0-9]{58}(?![A-Za-z0-9])")


def found_session(answer: object) -> str | None:
    """The session id in an answer of any profile: an id, or the end of a URL."""
    for text in _texts(answer):
        if match := SESSION_ID.search(text):
            return match[0]
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)


def member(answer: object, name: str) -> Any:
    """A member of an answer; None without it."""
    return answer.get(name) if isinstance(answer, dict) else None


def instant(value: object) -> float | None:
    """An RFC 3339 instant in seconds since the epoch; None for anything else."""
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None


def page(exchange: Exchange, items: object, *, limit: int) -> Page | None:
    """One page of a list with this default limit; None if the answer is unreadable."""
    if not exchange.is_executed or not isinstance(items, list):
        return None
    rows: Sequence[Mapping[str, Any]] = [item for item in items if isinstance(item, dict)]
    return Page(exchange, int(exchange.query.get("limit", limit)), int(exchange.query.get("offset", 0)), rows)


def usage_reading(exchange: Exchange, usage: object) -> UsageReading | None:
    """The usage in an answer; None if it is unreadable."""
    balance = micro(member(usage, "credit_balance"))
    if not exchange.is_executed or balance is None:
        return None
    return UsageReading(exchange, balance, micro(member(usage, "credit_used")))
