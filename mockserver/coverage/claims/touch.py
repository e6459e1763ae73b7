"""The condition under which an exchange touches a claim, as spec/claims.yaml states it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, Final, NamedTuple

from mockserver.contract.media import is_json
from mockserver.contract.schema.validators import compile_uncached
from mockserver.coverage.exchange import KEY_HEADER, SeenExchange

NO_JSON: Final = object()
"""Stands for a body that is no JSON."""
_REDACTED: Final = "[redacted]"
_DIALECT: Final = {"openapi": "3.1.0"}
_NAMES: Final = frozenset({"send", "body", "media_type", "key", "status", "event", "after", "without"})


class Touch(NamedTuple):
    """A request or an event, with further conditions: those of the request, and earlier events of the account."""

    send: tuple[str, str] | None
    event: str
    status: str
    media_type: str
    key: str
    accepts: Callable[[Any], bool] | None
    after: frozenset[str]
    without: frozenset[str]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Touch:
        """The condition of an entry of the file. Raises ValueError for a name that is none."""
        if unknown := set(entry) - _NAMES:
            raise ValueError(f"touched_by has {sorted(unknown)}")
        method, _, path = str(entry.get("send", "")).partition(" ")
        return cls(
            send=(method, path) if path else None,
            event=entry.get("event", ""),
            status=str(entry.get("status", "")),
            media_type=str(entry.get("media_type", "")),
            key=str(entry.get("key", "")),
            accepts=compile_uncached(entry["body"], _DIALECT, "request").is_valid if "body" in entry else None,
            after=frozenset(entry.get("after", ())),
            without=frozenset(entry.get("without", ())),
        )

    def is_met_by(self, facts: RequestFacts, history: Set[str]) -> bool:
        """An exchange with the request or the event touches the claim; `history` are earlier events of its account."""
        return (
            self.after <= history
            and self.without.isdisjoint(history)
            and (self.send is None or (facts.is_accepted if self.status == "2xx" else facts.is_answered))
            and self.key in ("", facts.key)
            and self.media_type in ("", facts.media_type)
            and (self.accepts is None or (facts.body is not NO_JSON and self.accepts(facts.body)))
        )


class RequestFacts(NamedTuple):
    """The facts of an exchange that conditions ask for."""

    is_accepted: bool
    is_answered: bool
    key: str
    media_type: str
    body: Any

    @classmethod
    def of(cls, exchange: SeenExchange) -> RequestFacts:
        """The facts of an exchange."""
        body = exchange.body_json
        is_null = body is None and (exchange.body or b"").strip() == b"null"
        return cls(
            is_accepted=exchange.is_accepted,
            is_answered=200 <= exchange.status < 500,
            key=_key_of(exchange),
            media_type=_media_type_of(exchange),
            body=NO_JSON if body is None and not is_null else body,
        )


def _key_of(exchange: SeenExchange) -> str:
    """The place and form of the key: usual, malformed, elsewhere than in its header, or none."""
    key = exchange.header(KEY_HEADER)
    if key:
        return "usual" if key.startswith("sk-") or key == _REDACTED else "malformed"
    others = any(exchange.header(name) for name in (b"authorization", b"cookie", b"x-api-key"))
    is_in_query = "x-access-token=" in exchange.query.lower() or "api_key=" in exchange.query.lower()
    return "elsewhere" if others or is_in_query else "none"


def _media_type_of(exchange: SeenExchange) -> str:
    if not exchange.body:
        return "none"
    return "json" if is_json(exchange.header(b"content-type")) else "other"
