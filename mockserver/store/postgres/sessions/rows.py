"""The statement that adds a batch of sessions: a call of a function of the schema, committed by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.domain.instant import milliseconds
from mockserver.domain.session import carries_number
from mockserver.store.codec import encode_session
from mockserver.store.key_hints import KeyHints
from mockserver.store.postgres.connection.link import Statement
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.text import escape, number_array, text_array, unescape

if TYPE_CHECKING:
    from mockserver.domain.session import CheckoutSession

NUMBERS: Final = 1_000
"""The numbers of rows that a server reserves at a time: the increment of the sequence."""
RESERVE_NUMBERS: Final[Statement] = ("SELECT nextval('session_numbers')", ())
_ADD: Final = f"SELECT add_sessions({', '.join(f'${place}' for place in range(1, 15))})"


@lru_cache(maxsize=4096)  # an account has the same hint in each batch
def _hint_text(hint: str | None) -> str:
    """The hint as the text of a member of an array."""
    return "NULL" if hint is None else text_array([escape(hint)])[1:-1]


class NumberedSession(NamedTuple):
    """A new session and the number of its row."""

    session: CheckoutSession
    number: int


def insertion(keys: LockKeys, sessions: Sequence[NumberedSession], version: int, key_hints: KeyHints) -> Statement:
    """The statement for a batch. It returns the number of added sessions: 0 if a clock has changed."""
    names = [escape(session.id) for session, _ in sessions]
    accounts = [escape(session.account) for session, _ in sessions]
    records = [encode_session(session.order, session.attempts, session.buyer) for session, _ in sessions]
    counts = Counter(accounts)
    left, followers = dict(counts), []
    for account in accounts:
        left[account] -= 1
        followers.append(left[account])
    indexed = ["f" if carries_number(each.id, number) else "t" for each, number in sessions]
    hints = [_hint_text(key_hints.of(unescape(account))) for account in counts]
    parameters = (
        keys.everything,
        keys.accounts,
        version,
        text_array(counts),
        number_array(counts.values()),
        f"{{{','.join(hints)}}}",
        number_array([number for _, number in sessions]),
        text_array(names),
        text_array(accounts),
        number_array(followers),
        number_array([milliseconds(session.created_at) for session, _ in sessions]),
        number_array([milliseconds(session.expires_at) for session, _ in sessions]),
        f"[{','.join(records)}]",
        f"{{{','.join(indexed)}}}",
    )
    return (_ADD, parameters)
