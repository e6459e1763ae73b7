"""The statements that add a batch of sessions: the locks and an insertion, which PostgreSQL commits by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.domain.instant import milliseconds
from mockserver.domain.session import Status, carries_number
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
# New sessions are pending. Nothing is opened or added if the version of the clocks is another one. Each session has the
# number of those of its account that follow it in the batch, so its own number in the account is known when these are
# counted.
_ADD: Final = f"""
    WITH opened AS (
        INSERT INTO accounts (id, sessions, key_hint)
            SELECT name, added, hint
            FROM unnest($1::text[], $2::text::bigint[], $3::text[]) AS new (name, added, hint)
            WHERE (SELECT version FROM clock_version) = $4 ORDER BY name
            ON CONFLICT (id) DO UPDATE SET sessions = accounts.sessions + excluded.sessions,
                key_hint = coalesce(accounts.key_hint, excluded.key_hint)
            RETURNING id AS name, sessions
    ), added AS (
        INSERT INTO sessions (seq, id, account, number, status, created_ms, expires_ms, record, is_indexed)
            SELECT seq, id, account, sessions - followers, '{Status.PENDING}', created, expires, record, is_indexed
            FROM ROWS FROM (
                unnest($5::text::bigint[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text::bigint[]),
                unnest($9::text::bigint[]), unnest($10::text::bigint[]), json_array_elements($11::text::json),
                unnest($12::text::boolean[])
            ) WITH ORDINALITY AS new (seq, id, account, followers, created, expires, record, is_indexed, place)
            JOIN opened ON opened.name = new.account ORDER BY place
            RETURNING 1
    )
    SELECT count(*) FROM added
"""


@lru_cache(maxsize=4096)  # an account has the same hint in each batch
def _hint_text(hint: str | None) -> str:
    """The hint as the text of a member of an array."""
    return "NULL" if hint is None else text_array([escape(hint)])[1:-1]


class NumberedSession(NamedTuple):
    """A new session and the number of its row."""

    session: CheckoutSession
    number: int


def insertion(
    keys: LockKeys, sessions: Sequence[NumberedSession], version: int, key_hints: KeyHints
) -> list[Statement]:
    """The statements for a batch. The last one returns the number of added sessions: 0 if a clock has changed."""
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
        text_array(counts),
        number_array(counts.values()),
        f"{{{','.join(hints)}}}",
        version,
        number_array([number for _, number in sessions]),
        text_array(names),
        text_array(accounts),
        number_array(followers),
        number_array([milliseconds(session.created_at) for session, _ in sessions]),
        number_array([milliseconds(session.expires_at) for session, _ in sessions]),
        f"[{','.join(records)}]",
        f"{{{','.join(indexed)}}}",
    )
    return [keys.lock_accounts(parameters[0]), (_ADD, parameters)]
