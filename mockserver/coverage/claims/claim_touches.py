"""The claims, and the number of exchanges that touched each of them.

Rule 1: a claim is touched by an exchange on which it could be decided, whatever the answer was.
Rule 2: the events of an account are remembered, those of the latest accounts.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from mockserver.coverage.claims.claims_file import claim_entries
from mockserver.coverage.claims.events import FORGOTTEN, events_of, owners_in, session_in
from mockserver.coverage.claims.touch import RequestFacts, Touch
from mockserver.coverage.exchange import SeenExchange
from mockserver.coverage.report.coverage_report import ClaimCoverage, ExampleStep

MOST_REMEMBERED: Final = 10_000
"""The accounts, and the sessions, whose history is known."""


ByRequest = Mapping[tuple[str, str], list[tuple[str, Touch]]]
ByEvent = Mapping[str, list[tuple[str, Touch]]]
"""The ids of claims with their conditions, by the request or the event that each begins with."""


@cache
def _touches() -> tuple[ByRequest, ByEvent]:
    by_request: dict[tuple[str, str], list[tuple[str, Touch]]] = {}
    by_event: dict[str, list[tuple[str, Touch]]] = {}
    for entry in claim_entries():
        for touch in map(Touch.of, entry.get("touched_by", ())):
            if touch.send is not None:
                by_request.setdefault(touch.send, []).append((entry["id"], touch))
            else:
                by_event.setdefault(touch.event, []).append((entry["id"], touch))
    return by_request, by_event


@cache
def claims_untouched() -> tuple[ClaimCoverage, ...]:
    """All claims, in the order of the page, before the first exchange."""
    return tuple(map(_claim, claim_entries()))


def _claim(entry: Mapping[str, Any]) -> ClaimCoverage:
    return ClaimCoverage(
        id=entry["id"],
        voice=entry["voice"],
        statement=" ".join(entry["statement"].split()),
        count=0,
        untouchable=entry.get("untouchable"),
        example=tuple(map(_step, entry.get("example", ()))),
    )


def _step(entry: Mapping[str, Any]) -> ExampleStep:
    method, _, path = entry["send"].partition(" ")
    return ExampleStep(method, path, entry.get("body", ""), entry.get("key"), entry.get("media_type"))


class ClaimTouches:
    """Counts the exchanges that touch each claim."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._histories: OrderedDict[str, set[str]] = OrderedDict()
        self._of_all: set[str] = set()
        self._owners: OrderedDict[str, str] = OrderedDict()
        """The accounts of sessions: a page and a control call name the session alone."""

    def add(self, exchange: SeenExchange, times: int) -> None:
        """Count the exchange."""
        exchange = self._with_account(exchange)
        events: dict[str | None, set[str]] = {exchange.account: set()}
        for name, account in events_of(exchange):
            events.setdefault(account, set()).add(name)
        facts = RequestFacts.of(exchange)
        touched: set[str] = set()
        for account, names in events.items():
            touched.update(self._touched(exchange, facts, account, names))
        for claim in touched:
            self._counts[claim] += times
        for account, names in events.items():
            self._remember(account, names)

    def _touched(
        self, exchange: SeenExchange, facts: RequestFacts, account: str | None, events: set[str]
    ) -> Iterator[str]:
        history = self._histories.get(account or "", set()) | self._of_all
        by_request, by_event = _touches()
        for claim, touch in by_request.get((exchange.method, exchange.path), ()):
            if touch.is_met_by(facts, history):
                yield claim
        for claim, touch in (each for name in events for each in by_event.get(name, ())):
            if touch.is_met_by(facts, history):
                yield claim

    def _with_account(self, exchange: SeenExchange) -> SeenExchange:
        """The exchange with the owner of the session in its path. Owners are noted from the replies that name them."""
        for of_session, account in owners_in(exchange):
            self._owners[of_session] = account
            _bound(self._owners)
        if (session := session_in(exchange.path)) is not None:
            owner = self._owners.get(session)
            return exchange if owner is None or exchange.account else exchange._replace(account=owner)
        return exchange

    def _remember(self, account: str | None, events: set[str]) -> None:
        if account is None:
            self._of_all |= events
        elif events:
            self._histories.setdefault(account, set()).update(events)
            _bound(self._histories)
        if FORGOTTEN in events:
            if account is None:
                self._histories.clear()
                self._of_all.clear()
            else:
                del self._histories[account]

    def report(self) -> tuple[ClaimCoverage, ...]:
        """The claims with their counts."""
        return tuple(replace(claim, count=self._counts[claim.id]) for claim in claims_untouched())


def _bound(known: OrderedDict[str, Any]) -> None:
    if len(known) > MOST_REMEMBERED:
        known.popitem(last=False)
