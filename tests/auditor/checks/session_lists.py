"""Lists of sessions: nothing is missing, nothing is there twice, the newest comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.auditor.checks.epochs import Epochs
from tests.auditor.checks.tally import Tally
from tests.auditor.contradiction import Contradiction
from tests.auditor.records.books import AccountBook, Books, Page


class SessionLists:
    """The lists of one account's sessions in one epoch."""

    def __init__(self, books: Books, book: AccountBook, epochs: Epochs, epoch: int) -> None:
        self._lives = books.lives
        self._pages = [page for page in book.session_pages if epochs.only(page.exchange.window) == epoch]
        self._counts = [each for each in book.session_counts if epochs.only(each[0].window) == epoch]
        sessions = books.sessions(book.id)
        self._certain = [life for life in sessions if epochs.only(life.born) == epoch]
        lost = [creation.exchange for creation in book.lost_creations]
        self._tally = Tally(
            [life.born for life in self._certain]
            + [each.window for each in lost if each.is_executed and epochs.only(each.window) == epoch],
            [life.born for life in sessions if epoch in epochs.of(life.born)] + [each.window for each in lost],
        )

    def check(self) -> Iterator[Contradiction]:
        """Every contradiction of the lists."""
        for page in self._pages:
            yield from self._wrong_length(page)
            yield from self._wrong_order(page)
            repeated = [name for name, times in Counter(item.get("id") for item in page.items).items() if times > 1]
            if repeated:
                sentence = f"a list shows the session {repeated[0]} twice"
                yield Contradiction("session-listed-twice", sentence, (page.exchange,))
        for exchange, shown in self._counts:
            least, most = self._tally.least(exchange.window), self._tally.most(exchange.window)
            if not least <= shown <= most:
                sentence = f"an account has {shown} sessions; {least} to {most} were created"
                yield Contradiction("wrong-number-of-sessions", sentence, (exchange,))

    def _wrong_length(self, page: Page) -> Iterator[Contradiction]:
        window = page.exchange.window
        least = min(page.limit, self._tally.least(window) - page.offset)
        most = max(0, self._tally.most(window) - page.offset)
        shown = {item.get("id") for item in page.items}
        missing = [
            life
            for life in (self._certain if page.is_complete else ())
            if life.born.precedes(window) and life.id not in shown
        ]
        if missing:
            exchanges = [life.created for life in missing if life.created is not None]
            sentence = f"a list lacks {len(missing)} sessions that were created before, {missing[0].id} for one"
            yield Contradiction("session-not-listed", sentence, (*exchanges, page.exchange))
        elif len(page.items) < least:
            sentence = f"a list from {page.offset} on has {len(page.items)} sessions; at least {least} were created"
            yield Contradiction("session-not-listed", sentence, (page.exchange,))
        if len(page.items) > most:
            sentence = f"a list from {page.offset} on has {len(page.items)} sessions; at most {most} were created"
            yield Contradiction("wrong-number-of-sessions", sentence, (page.exchange,))

    def _wrong_order(self, page: Page) -> Iterator[Contradiction]:
        latest = None
        for item in reversed(page.items):
            life = self._lives[str(item.get("id"))]
            if latest is not None and life.born.precedes(latest.born):
                exchanges = [each.created for each in (life, latest) if each.created is not None]
                sentence = f"a list shows {life.id} as newer than {latest.id}, which was created later"
                yield Contradiction("list-not-in-order", sentence, (*exchanges, page.exchange))
            if latest is None or life.born.sent > latest.born.sent:
                latest = life
