"""One account in one epoch: its ledger, its invoices, its lists and its auto recharge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.auditor.checks.consumption import Consumer
from tests.auditor.checks.effects import Credits, Effect, State
from tests.auditor.checks.epochs import Epochs
from tests.auditor.checks.invoices import Sale, check_invoices
from tests.auditor.checks.ledger import Ledger
from tests.auditor.checks.recharge import settings_of
from tests.auditor.checks.session_lists import SessionLists
from tests.auditor.checks.sessions import Payment
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange
from tests.auditor.records.books import AccountBook, Books, UsageReading


class AccountCheck:
    """The contradictions of one account in one epoch."""

    def __init__(
        self, books: Books, book: AccountBook, payments: Sequence[Payment], epochs: Epochs, epoch: int
    ) -> None:
        self._books = books
        self._book = book
        self._epochs = epochs
        self._epoch = epoch
        self._payments = [payment for payment in payments if epoch in epochs.of(payment.life.born)]
        self._settings = settings_of(book, epochs, epoch, books.rules)
        self._consumer = Consumer(self._settings, overdraft=books.rules.overdraft)
        self.undecided: str | None = None

    def check(self) -> Iterator[Contradiction]:
        """Every contradiction of the account."""
        yield from SessionLists(self._books, self._book, self._epochs, self._epoch).check()
        readings = [each for each in self._book.recharge_readings if self._is_here(each[0])]
        yield from self._settings.check(readings)
        consumptions = [
            each for each in self._book.consumptions if self._epoch in self._epochs.of(each.exchange.window)
        ]
        executed = [each for each in consumptions if each.exchange.status != 402]
        if any(each.microcredits is None for each in executed):
            self.undecided = f"the ledger of {self._book.id}: the price of a consumed resource is not in the rules"
            return
        effects = [*self._purchases(), *self._grants(), *map(self._placed, map(self._consumer.effect, executed))]
        ledger = Ledger(
            effects, list(self._states(has_consumption=bool(executed))), overdraft=self._books.rules.overdraft
        )
        found = list(ledger.check())
        yield from found
        if not ledger.is_exact:
            self.undecided = f"the exact sums of {self._book.id}: too many requests have an unknown outcome"
        if not found:
            refused = [each for each in consumptions if each.exchange.status == 402 and self._is_here(each.exchange)]
            yield from self._consumer.check_refusals(refused, ledger.levels, effects)
        pages = [page for page in self._book.invoice_pages if self._is_here(page.exchange)]
        yield from check_invoices(pages, list(self._sales(effects)))

    def _is_here(self, exchange: Exchange) -> bool:
        return self._epochs.only(exchange.window) == self._epoch

    def _placed(self, effect: Effect) -> Effect:
        """The effect, as far as it certainly belongs to this epoch."""
        if self._epochs.only(effect.window) != self._epoch:
            effect.is_certain, effect.after = False, None
        return effect

    def _purchases(self) -> Iterator[Effect]:
        for payment in self._payments:
            is_certain = payment.is_certain and self._epochs.only(payment.life.born) == self._epoch
            if microcredits := payment.life.order.microcredits:
                yield Effect(payment.window, (Credits(microcredits, 0),), is_certain, payment.exchanges)

    def _grants(self) -> Iterator[Effect]:
        for grant in self._book.grants:
            if self._epoch in self._epochs.of(grant.exchange.window):
                after = _state(grant.after)
                changes = (Credits(grant.microcredits, 0),)
                exchange = grant.exchange
                yield self._placed(Effect(exchange.window, changes, not exchange.is_unknown, (exchange,), after))

    def _states(self, *, has_consumption: bool) -> Iterator[State]:
        """The states that readings show. Without consumption, a balance alone is a state."""
        for reading in self._book.readings:
            if reading.used is None and not has_consumption:
                reading = reading._replace(used=0)
            if (credits := _state(reading)) is not None and self._is_here(reading.exchange):
                yield State(credits, reading.exchange)

    def _sales(self, effects: Iterable[Effect]) -> Iterator[Sale]:
        for payment in self._payments:
            is_certain = payment.is_certain and self._epochs.only(payment.life.born) == self._epoch
            if cents := payment.life.order.cents:
                yield Sale(cents, payment.window, is_certain, payment.exchanges)
        for effect in effects:
            if effect.most.income:
                is_certain = effect.is_certain and effect.least.income > 0 and len(effect.recharges) == 1
                for cents in effect.recharges:
                    yield Sale(cents, effect.window, is_certain, effect.exchanges)


def _state(reading: UsageReading | None) -> Credits | None:
    """The state that a reading shows; None if it shows the balance alone."""
    if reading is None or reading.used is None:
        return None
    return Credits(reading.balance + reading.used, reading.used)
