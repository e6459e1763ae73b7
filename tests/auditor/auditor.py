"""An auditor of money: it derives from requests and answers alone how sessions and accounts must be.

Rule 1: it knows no code of the server, only its documented rules.
Rule 2: a history is accepted if some order of its requests explains all answers, as far as each account's sessions,
        credits and invoices can tell; an accepted history is not a proof.
Rule 3: the accounts of a history are new when it begins, and every request that changes them is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.auditor.checks.accounts import AccountCheck
from tests.auditor.checks.clocks import Clocks
from tests.auditor.checks.epochs import Epochs
from tests.auditor.checks.sessions import Payment, SessionCheck
from tests.auditor.contradiction import Contradiction, Report
from tests.auditor.exchange import Exchange
from tests.auditor.records.books import AccountBook, Books
from tests.auditor.records.reader import read_history
from tests.auditor.rules import Rules


def audit(exchanges: Iterable[Exchange], rules: Rules | None = None) -> Report:
    """The contradictions of a history, in whatever order its exchanges are given."""
    history = list(exchanges)
    books = read_history(history, rules or Rules())
    found = [*books.contradictions, *_contradictions(books)]
    return Report(len(history), tuple(found), tuple(books.undecided))


def _contradictions(books: Books) -> Iterator[Contradiction]:
    clocks = Clocks(books)
    yield from clocks.check()
    for book in list(books.accounts.values()):
        yield from _check_account(books, book, clocks)


def _check_account(books: Books, book: AccountBook, clocks: Clocks) -> Iterator[Contradiction]:
    resets = [*book.resets, *books.common_resets]
    epochs = Epochs(resets)
    payments: list[Payment] = []
    for life in books.sessions(book.id):
        session = SessionCheck(life, clocks.of(book.id), epochs, resets, books.rules.lifetime)
        yield from session.check()
        if (payment := session.payment()) is not None:
            payments.append(payment)
    for epoch in range(len(epochs)):
        if epoch in epochs.unsure:
            books.undecided.append(f"{book.id} after a reset without an answer")
            continue
        check = AccountCheck(books, book, payments, epochs, epoch)
        yield from check.check()
        if check.undecided is not None:
            books.undecided.append(check.undecided)
