"""Our own check that a refused request creates nothing: every session on the list was accepted, and no credit came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mockserver_contracts.corpus.entry import CorpusEntry
from mockserver_contracts.document.operations import CHECKOUT, TOPUP
from mockserver_contracts.replay.listed_orders import ListedOrders
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
        self._orders = ListedOrders()
        self._before: dict[str, Any] | None = None
        self._balance: Decimal | None = None
        self._accepted = 0
        self._created: set[str] = set()
        self._unidentified = 0
        self._refused: dict[str, CorpusExchange] = {}

    def begin(self) -> None:
        """Read the list and the balance before the corpus is sent."""
        self._before = self._amounts()
        self._balance = self._read_balance()

    def record(self, exchange: CorpusExchange) -> None:
        """Record the answer to an order of a checkout or a top-up."""
        if exchange.entry.path not in (CHECKOUT, TOPUP):
            return
        if exchange.is_refused:
            if exchange.entry.path == CHECKOUT:
                self._refused[exchange.entry.id] = exchange
            return
        # An order without a response may have created a session, and rightly.
        if exchange.entry.path == CHECKOUT:
            self._accepted += 1
            self._orders.record(exchange)
        session = session_of(exchange, 0)
        if session is None:
            self._unidentified += 1
        else:
            self._created.add(session.id)

    def findings(self) -> Iterator[Finding]:
        """Findings with an order that was refused and has an effect, or accepted and is not on the list as ordered."""
        after = self._amounts()
        if self._before is not None and after is not None:
            yield from self._unexplained_sessions(self._before, after)
            yield from self._orders.findings(self._before, after)
        balance = self._read_balance()
        if self._balance is not None and balance is not None and balance != self._balance:
            yield from self._effect_of_refusal(self._credits, "a refused request changes the balance")

    def _unexplained_sessions(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
        new = after.keys() - before.keys()
        # Top-ups are on some lists and not on others, and not every list has the ids of the answers.
        if len(new) <= self._accepted or len(new - self._created) <= self._unidentified:
            return
        # A list of several accounts, or of one that others use too, has sessions that this run did not order.
        yield from self._effect_of_refusal(self._creates, "a refused request creates a session")

    def _effect_of_refusal(self, has_effect: Callable[[Sequence[CorpusEntry]], bool], cause: str) -> Iterator[Finding]:
        guilty = self._find_guilty(tuple(exchange.entry for exchange in self._refused.values()), has_effect)
        if guilty is None:
            return
        exchange = self._refused[guilty.id]
        yield Finding(
            kind="fuzz",
            check=CHECK,
            operation=f"POST {CHECKOUT}",
            pointer="",
            cause=cause,
            severity="error",
            title=cause[:1].upper() + cause[1:],
            expected="nothing changed",
            actual=f"{exchange.response.status}, and {cause}",
            request=exchange.request,
            response=exchange.response,
        )

    def _find_guilty(
        self, entries: Sequence[CorpusEntry], has_effect: Callable[[Sequence[CorpusEntry]], bool]
    ) -> CorpusEntry | None:
        while len(entries) > 1:
            half = len(entries) // 2
            entries = entries[:half] if has_effect(entries[:half]) else entries[half:]
        return entries[0] if entries and has_effect(entries) else None

    def _creates(self, entries: Sequence[CorpusEntry]) -> bool:
        before = self._amounts()
        exchanges = [self._replay.send(entry) for entry in entries]
        after = self._amounts()
        accepted = sum(exchange is None or not exchange.is_refused for exchange in exchanges)
        return before is not None and after is not None and len(after.keys() - before.keys()) > accepted

    def _credits(self, entries: Sequence[CorpusEntry]) -> bool:
        before = self._read_balance()
        for entry in entries:
            self._replay.send(entry)
        after = self._read_balance()
        return before is not None and after is not None and before != after

    def _amounts(self) -> dict[str, Any] | None:
        """The amounts on the list by id; None if the target does not show it, or not to its end."""
        try:
            entries = self._account.listed(at_least=_LONGEST_LIST)
        except Undecided:
            return None
        is_whole = len(entries) % _LIMIT != 0 or len(entries) < _LONGEST_LIST
        return {str(entry.get("id")): entry.get("amount") for entry in entries} if is_whole else None

    def _read_balance(self) -> Decimal | None:
        try:
            return self._account.balance()
        except Undecided:
            return None
