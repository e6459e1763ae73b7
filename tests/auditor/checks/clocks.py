"""Clocks: the time that answers show, and bounds of the time between them.

Rule 1: an account follows the common clock, unless a call with its key may have given it a clock of its own.
Rule 2: a clock never goes back, unless it is deleted or its account is reset.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from tests.auditor.checks.ordered import Reading, falls
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange, Window
from tests.auditor.records.books import Books, ClockReading, Move
from tests.auditor.records.lives import Life

TOLERANCE = 1.0
"""Seconds that a machine's own time may go back."""


class Stretch:
    """A clock between two moments at which it may have gone back."""

    def __init__(self, readings: Iterable[ClockReading]) -> None:
        self.readings = sorted(readings, key=lambda reading: reading.value)
        self._values = [reading.value for reading in self.readings]
        # the last request that still shows a time below a value, and the first answer that shows at least the value
        self._latest = list(accumulate(self.readings, _later_request))
        self._first = [*accumulate(reversed(self.readings), _earlier_answer)][::-1]

    def last_below(self, value: float) -> ClockReading | None:
        """The reading below a value whose request is the latest."""
        place = bisect_left(self._values, value)
        return self._latest[place - 1] if place else None

    def first_from(self, value: float) -> ClockReading | None:
        """The reading of at least a value whose answer is the first."""
        place = bisect_left(self._values, value)
        return self._first[place] if place < len(self._first) else None

    def falls(self) -> Iterator[tuple[Exchange, Exchange]]:
        """Pairs of a reading and a later one that shows an earlier time."""
        return falls([Reading(*reading) for reading in self.readings], tolerance=TOLERANCE)


def _later_request(one: ClockReading, other: ClockReading) -> ClockReading:
    return max(one, other, key=lambda reading: reading.window.sent)


def _earlier_answer(one: ClockReading, other: ClockReading) -> ClockReading:
    return min(one, other, key=lambda reading: reading.window.until)


class Clock:
    """The readings and moves of one clock."""

    def __init__(self, readings: Sequence[ClockReading], moves: Iterable[Move], skew: float | None) -> None:
        self._moves = sorted(moves, key=lambda move: move.exchange.sent)
        self._sent = [move.exchange.sent for move in self._moves]
        self._until = list(accumulate((move.exchange.window.until for move in self._moves), max))
        self._skew = skew
        self._lowerings = [move.exchange.window for move in self._moves if move.lowers]
        stretches: dict[int, list[ClockReading]] = {}
        for reading in readings:
            if (place := self._stretch_of(reading.window)) is not None:
                stretches.setdefault(place, []).append(reading)
        self._stretches = {place: Stretch(found) for place, found in sorted(stretches.items())}

    def _stretch_of(self, window: Window) -> int | None:
        """The number of times that the clock has gone back before the window; None if it may do so within."""
        before = sum(lowering.precedes(window) for lowering in self._lowerings)
        after = sum(window.precedes(lowering) for lowering in self._lowerings)
        return before if before + after == len(self._lowerings) else None

    def check(self) -> Iterator[Contradiction]:
        """Contradictions between the clock's own readings."""
        for stretch in self._stretches.values():
            for pair in stretch.falls():
                yield Contradiction("clock-goes-back", "a clock shows an earlier time than before", pair)

    def not_over(self, life: Life, end: float) -> ClockReading | None:
        """The latest request that shows the session's lifetime not over, if the clock cannot have gone back."""
        place = self._stretch_of(life.born)
        if place is None or place not in self._stretches:
            return None
        return self._stretches[place].last_below(end)

    def over(self, life: Life, end: float) -> ClockReading | None:
        """The first answer that shows the session's lifetime over."""
        born = self._stretch_of(life.born)
        # after a clock went back, a session that was created before is still over
        later = [stretch for place, stretch in self._stretches.items() if born is not None and place >= born]
        found = [reading for stretch in later if (reading := stretch.first_from(end)) is not None]
        return min(found, key=lambda reading: reading.window.until, default=None)

    def is_early(self, life: Life, end: float | None, moment: float, lifetime: float) -> bool:
        """The session's lifetime cannot be over at a moment, by the moves of the clock and the time that passed."""
        if self._skew is None:
            return False
        for number in range(bisect_right(self._sent, moment), 0, -1):
            last, others = self._moves[number - 1], self._until[number - 2] if number > 1 else float("-inf")
            window = last.exchange.window
            if last.reading is None or end is None or window.until > moment or others >= window.sent:
                return False
            if last.reading.value + (moment - window.sent) >= end - self._skew:
                return False
            if not last.lowers or window.precedes(life.born):
                return True
            # before a clock goes back, what is over is expired: so look at that moment, too
            moment = window.until
        return moment - life.born.sent < lifetime - self._skew


class Clocks:
    """The clocks of all accounts."""

    def __init__(self, books: Books) -> None:
        own = {move.account for move in books.moves if move.account is not None}
        own_readings = _readings_of_accounts(books)
        followers = [reading for account, found in own_readings.items() if account not in own for reading in found]
        common = [move for move in books.moves if move.account is None]
        self._common = Clock([*books.common_readings, *followers], common, books.rules.skew)
        self._own = {
            account: Clock(
                own_readings.get(account, []),
                # a move of all clocks answers the common clock's time
                [
                    *(move for move in books.moves if move.account == account),
                    *(move._replace(reading=None) for move in common),
                ],
                books.rules.skew,
            )
            for account in own
        }

    def of(self, account: str) -> Clock:
        """The clock of an account."""
        return self._own.get(account, self._common)

    def check(self) -> Iterator[Contradiction]:
        """Contradictions between readings of one clock."""
        for clock in (self._common, *self._own.values()):
            yield from clock.check()


def _readings_of_accounts(books: Books) -> dict[str, list[ClockReading]]:
    """The times that answers show for each account: of its clock, its creations and its payments."""
    found = {account: list(book.clock_readings) for account, book in books.accounts.items()}
    for life in books.lives.values():
        readings = found.setdefault(life.account, [])
        if life.created_at is not None and life.created is not None:
            readings.append(ClockReading(life.created_at, life.born, life.created))
        if life.completed_at is not None and len(life.paid) == 1:
            readings.append(ClockReading(life.completed_at, life.paid[0].window, life.paid[0]))
    return found
