"""One session: pending, then completed or expired, once and for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.auditor.checks.clocks import Clock
from tests.auditor.checks.epochs import Epochs
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange, Window
from tests.auditor.records.lives import Life
from tests.auditor.records.session_reader import declines


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment of a session, which is certain or may not have happened."""

    life: Life
    window: Window
    is_certain: bool
    exchanges: tuple[Exchange, ...]


class SessionCheck:
    """The contradictions of one session, and its payment."""

    def __init__(self, life: Life, clock: Clock, epochs: Epochs, resets: Sequence[Exchange], lifetime: float) -> None:
        self._life = life
        self._clock = clock
        self._lifetime = lifetime
        self._resets = resets if len(epochs) > 1 else ()
        self._end = life.expires_at
        if self._end is None and life.created_at is not None:
            self._end = life.created_at + lifetime
        self._pending = _latest(life.pending)
        self._over = None if self._end is None else clock.over(life, self._end)

    def check(self) -> Iterator[Contradiction]:
        """Every contradiction of the session."""
        yield from self._two_ends()
        yield from self._open_after_its_end()
        yield from self._completed_without_payment()
        yield from self._expired_without_cause()
        yield from self._open_after_its_lifetime()
        yield from self._gone()
        yield from self._wrong_attempts()

    def payment(self) -> Payment | None:
        """The payment that completed the session, or may have done so."""
        life = self._life
        until = min((seen.ended for seen in life.completed), default=float("inf"))
        sent = max(life.born.sent, self._pending.sent if self._pending else float("-inf"))
        causes = life.paid[:1] or [maybe for maybe in life.maybe_paid if maybe.window.until >= sent]
        if life.completed:
            sent = max(sent, min((cause.sent for cause in causes), default=sent))
            until = min(until, max((cause.window.until for cause in causes), default=until))
            return Payment(life, Window(min(sent, until), until), True, tuple(causes or life.completed[:1]))
        if life.expired or not causes:
            return None
        window = Window(max(sent, min(cause.sent for cause in causes)), max(cause.window.until for cause in causes))
        return Payment(life, window, False, tuple(causes))

    def _says(self, rule: str, sentence: str, *exchanges: Exchange | None) -> Contradiction:
        shown = tuple(exchange for exchange in exchanges if exchange is not None)
        return Contradiction(rule, f"the session {self._life.id} {sentence}", shown)

    def _two_ends(self) -> Iterator[Contradiction]:
        life = self._life
        if len(life.paid) > 1:
            yield self._says("paid-twice", f"was paid {len(life.paid)} times", *life.paid)
        if len(life.ended) > 1:
            yield self._says("expired-twice", f"was expired {len(life.ended)} times", *life.ended)
        if life.completed and life.expired:
            first = (life.completed[0], life.expired[0])
            yield self._says("completed-and-expired", "was completed, and it was expired", *first)
        for paid in life.paid:
            if declines(paid.body):
                yield self._says("declining-card-pays", "was paid with a card that always declines", paid)

    def _open_after_its_end(self) -> Iterator[Contradiction]:
        # a second payment has a contradiction of its own
        ends = [*self._life.completed, *self._life.expired]
        end = min(ends, key=lambda seen: seen.ended, default=None)
        if end is not None and self._pending is not None and end.window.precedes(self._pending.window):
            yield self._says("open-after-its-end", "was completed or expired, and is pending later", end, self._pending)
        expired, shown = _first(self._life.expired), _latest(self._life.not_expired)
        if expired is not None and shown is not None and expired.window.precedes(shown.window):
            yield self._says("open-after-its-end", "was expired, and its page is open later", expired, shown)

    def _completed_without_payment(self) -> Iterator[Contradiction]:
        life, first = self._life, _first(self._life.completed)
        if first is None:
            return
        causes = [*life.paid, *life.maybe_paid]
        if not any(cause.sent <= first.ended for cause in causes):
            yield self._says("completed-without-payment", "is completed before any request has paid it", first, *causes)
        elif not life.paid and self._pending is not None:
            late = [maybe for maybe in causes if maybe.window.until >= self._pending.sent]
            if not late:
                sentence = "is completed, but it was pending after each payment that may have completed it"
                yield self._says("completed-without-payment", sentence, *causes, self._pending, first)

    def _expired_without_cause(self) -> Iterator[Contradiction]:
        life, first = self._life, _first(self._life.expired)
        if first is None or any(cause.sent <= first.ended for cause in (*life.ended, *life.maybe_ended)):
            return
        shown = None if self._end is None else self._clock.not_over(life, self._end)
        if shown is not None and first.window.precedes(shown.window):
            sentence = "is expired, and later its account's clock shows that its lifetime is not over"
            yield self._says("expired-early", sentence, first, shown.exchange)
        elif self._clock.is_early(life, self._end, first.ended, self._lifetime):
            yield self._says("expired-early", "is expired before its lifetime can be over", life.created, first)

    def _open_after_its_lifetime(self) -> Iterator[Contradiction]:
        life, over = self._life, self._over
        # the page of a completed session is a receipt
        pages = [] if life.completed else life.not_expired
        latest = _latest([*life.pending, *life.paid, *pages])
        if over is not None and latest is not None and over.window.precedes(latest.window):
            yield self._says("open-after-its-lifetime", "is open after its lifetime is over", over.exchange, latest)
        if self._end is not None and life.completed_at is not None and life.completed_at >= self._end:
            yield self._says("open-after-its-lifetime", "was paid after its lifetime, by its own times", life.created)

    def _gone(self) -> Iterator[Contradiction]:
        life = self._life
        missing = [seen for seen in life.missing if life.born.precedes(seen.window)]
        gone, shown = _first(missing), _latest(life.present)
        if gone is not None and not any(
            reset.sent <= gone.ended and reset.window.until >= life.born.sent for reset in self._resets
        ):
            yield self._says("session-lost", "was created and is gone without a reset", life.created, gone)
        ends = [reset for reset in self._resets if not reset.is_unknown and life.born.precedes(reset.window)]
        ended = _first([*ends, *missing])
        if ended is not None and shown is not None and ended.window.precedes(shown.window):
            yield self._says("session-back", "is shown after it was gone", ended, shown)

    def _wrong_attempts(self) -> Iterator[Contradiction]:
        life = self._life
        for exchange, view in life.views:
            outcomes = Counter("paid" if attempt["outcome"] == "paid" else "declined" for attempt in view["attempts"])
            if outcomes["paid"] != (view["status"] == "completed"):
                yield self._says("wrong-attempts", f"is {view['status']} with {outcomes['paid']} payments", exchange)
            before = [decline for decline in life.declined if decline.window.precedes(exchange.window)]
            if outcomes["declined"] < len(before):
                sentence = f"shows {outcomes['declined']} of {len(before)} declined attempts"
                yield self._says("wrong-attempts", sentence, *before, exchange)
            if (view["completed_at"] is not None) != (view["status"] == "completed"):
                yield self._says("wrong-attempts", f"is {view['status']}, paid at {view['completed_at']}", exchange)


def _latest(exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange whose request is the latest."""
    return max(exchanges, key=lambda exchange: exchange.sent, default=None)


def _first(exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange whose answer is the first."""
    return min(exchanges, key=lambda exchange: exchange.ended, default=None)
