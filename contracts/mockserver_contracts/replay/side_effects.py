"""Our own check that a refused request creates nothing: every session on the list was accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mockserver_contracts.corpus.entry import CorpusEntry
from mockserver_contracts.document.operations import CHECKOUT, TOPUP
from mockserver_contracts.replay.replay import CorpusExchange, Replay
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import session_of
from mockserver_contracts.target.undecided import Undecided

CHECK: Final = "refusal_creates_nothing"
_LONGEST_LIST: Final = 3_000
_LIMIT: Final = 100


class SideEffects:
    """Compares the list of checkouts with the answers to the replayed orders."""

    def __init__(self, account: AccountClient, replay: Replay) -> None:
        self._account = account
        self._replay = replay
        self._before: frozenset[str] | None = None
        self._accepted = 0
        self._created: set[str] = set()
        self._unidentified = 0
        self._refused: dict[str, CorpusExchange] = {}

    def begin(self) -> None:
        """Read the list before the corpus is sent."""
        self._before = self._ids()

    def record(self, exchange: CorpusExchange) -> None:
        """Record the answer to an order of a checkout or a top-up."""
        if exchange.entry.path not in (CHECKOUT, TOPUP):
            return
        if exchange.is_refused:
            if exchange.entry.path == CHECKOUT:
                self._refused[exchange.entry.id] = exchange
            return
        # An order without a response may have created a session, and rightly.
        self._accepted += exchange.entry.path == CHECKOUT
        session = session_of(exchange, 0)
        if session is None:
            self._unidentified += 1
        else:
            self._created.add(session.id)

    def findings(self) -> Iterator[Finding]:
        """A finding with the order that was refused and is on the list all the same."""
        after = self._ids()
        if self._before is None or after is None:
            return
        new = after - self._before
        # Top-ups are on some lists and not on others, and not every list has the ids of the answers.
        if len(new) <= self._accepted or len(new - self._created) <= self._unidentified:
            return
        # A list of several accounts, or of one that others use too, has sessions that this run did not order.
        guilty = self._find_guilty(tuple(exchange.entry for exchange in self._refused.values()))
        if guilty is None:
            return
        exchange = self._refused[guilty.id]
        yield Finding(
            kind="fuzz",
            check=CHECK,
            operation=f"POST {CHECKOUT}",
            pointer="",
            cause="a refused request creates a session",
            severity="error",
            title="A refused request creates a session",
            expected="nothing created",
            actual=f"{exchange.response.status}, and a session more on the list",
            request=exchange.request,
            response=exchange.response,
        )

    def _find_guilty(self, entries: Sequence[CorpusEntry]) -> CorpusEntry | None:
        while len(entries) > 1:
            half = len(entries) // 2
            entries = entries[:half] if self._creates(entries[:half]) else entries[half:]
        return entries[0] if entries and self._creates(entries) else None

    def _creates(self, entries: Sequence[CorpusEntry]) -> bool:
        before = self._ids()
        exchanges = [self._replay.send(entry) for entry in entries]
        after = self._ids()
        accepted = sum(exchange is None or not exchange.is_refused for exchange in exchanges)
        return before is not None and after is not None and len(after - before) > accepted

    def _ids(self) -> frozenset[str] | None:
        """The ids on the list; None if the target does not show it, or not to its end."""
        try:
            entries = self._account.listed(at_least=_LONGEST_LIST)
        except Undecided:
            return None
        is_whole = len(entries) % _LIMIT != 0 or len(entries) < _LONGEST_LIST
        return frozenset(str(entry.get("id")) for entry in entries) if is_whole else None
