"""Readers of what a target answers, in the page's words or in words of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.undecided import Undecided

_MOST_MEMBERS: Final = 5_000
_DEEPEST: Final = 4
_IN_2001: Final = 1_000_000_000
_IN_2096: Final = 4_000_000_000
_LEAST_MILLISECONDS: Final = 100_000_000_000
ABSENT: Final = frozenset({404, 405, 501})
"""The statuses of an operation that a target does not implement."""


@dataclass(frozen=True, slots=True)
class Session:
    """A checkout session, as the answer to its creation describes it."""

    id: str
    url: str
    dollars: int
    expires_at: str | None
    answer: Exchange


def is_absent(status: int, body: object) -> bool:
    """The target lacks the operation. An unknown session has the same status, but not the same error code."""
    code = body.get("error_code") if isinstance(body, Mapping) else None
    return status in ABSENT and code not in ("session_not_found",)


def session_of(answer: Exchange, dollars: int) -> Session | None:
    """The session that an answer describes, in any of the page's voices or in words of its own."""
    if not answer.is_accepted:
        return None
    url = _first_text(_urls(answer))
    id_ = _first_text(_ids(answer, url))
    expiry = _first_text(_expiries(answer))
    return Session(id_, url, dollars, expiry or None, answer) if id_ else None


# Each of these looks through the whole answer only for a server that puts the member where our document does not.
def _urls(answer: Exchange) -> Iterator[object]:
    yield answer.at("data", "url")
    yield answer.at("checkout_url")
    yield answer.at("checkoutUrl")
    yield answer.at("data", "checkout_url")
    yield from members_of(answer.json, _is_url)


def _ids(answer: Exchange, url: str) -> Iterator[object]:
    yield answer.at("id")
    yield answer.at("data", "id")
    yield from members_called(answer.json, "id")
    yield urlsplit(url).path.rstrip("/").rpartition("/")[2] if url else ""


def _expiries(answer: Exchange) -> Iterator[object]:
    yield answer.at("data", "expires_at")
    yield from members_called(answer.json, "expires_at")


def entries_of(answer: Exchange) -> list[dict[str, Any]]:
    """The entries of a page of the list, under our names too. Raises Undecided if there is no list."""
    data = answer.at("data")
    if not isinstance(data, list):
        data = next(iter(members_of(answer.json, _is_list)), None)
    if not answer.is_accepted or not isinstance(data, list):
        raise Undecided("the target shows no list of checkouts")
    return [_in_our_words(entry) for entry in data if isinstance(entry, dict)]


def invoices_of(answer: Exchange) -> list[dict[str, Any]]:
    """The invoices of a page of their list; none if there is no list."""
    data = answer.at("data")
    if not answer.is_accepted or not isinstance(data, list):
        return []
    return [invoice for invoice in data if isinstance(invoice, dict)]


def members_called(body: Any, name: str) -> list[Any]:
    """The values in the body under the name, or under another name for the same."""
    names = _NAMES[name]
    return [value for key, value in _members(body) if _plain(key) in names]


def members_of(body: Any, is_one: Callable[[Any], bool]) -> list[Any]:
    """The values in the body that pass the test; the body itself comes first."""
    return [value for _, value in (("", body), *_members(body)) if is_one(value)]


def parse_time(value: object) -> datetime | None:
    """The time of an RFC 3339 text, whose letters may be small, or of a Unix time in seconds or milliseconds.

    None for anything else: a Unix time is one of this century.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        seconds = float(value) / (1000 if value >= _LEAST_MILLISECONDS else 1)
        return datetime.fromtimestamp(seconds, UTC) if _IN_2001 <= seconds < _IN_2096 else None
    try:
        time = datetime.fromisoformat(value.upper()) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if time is None else time.replace(tzinfo=time.tzinfo or UTC)


def _first_text(values: Iterable[object]) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")


# Names of other servers for our members, without regard to case and underscores.
_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset({"id", "sessionid", "checkoutid", "checkoutsessionid"}),
    "status": frozenset({"status", "state"}),
    "created_at": frozenset({"createdat", "created", "createdon"}),
    "expires_at": frozenset({"expiresat", "expires", "expiry"}),
    "amount": frozenset({"amount", "amountcents", "amounttotal", "amountincents"}),
    "currency": frozenset({"currency"}),
    "credit_balance": frozenset({"creditbalance", "balance", "credits", "creditsremaining"}),
}


# A list of thousands has the same few names in each of its entries.
@lru_cache(maxsize=256)
def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _in_our_words(entry: dict[str, Any]) -> dict[str, Any]:
    translated = dict(entry)
    for name in ("id", "status", "created_at", "amount", "currency"):
        if name not in translated and (found := members_called(entry, name)):
            translated[name] = found[0]
    return translated


def _members(body: Any) -> Iterator[tuple[str, Any]]:
    """The members of the body at any depth, of a very large one the first."""
    return islice(_walk(body), _MOST_MEMBERS)


def _walk(value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            yield key, member
            yield from _walk(member, depth + 1)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
