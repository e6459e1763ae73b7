"""Events as messages to other servers.

A message has the ids of what has changed, and the receiver reads the rest from the store that they share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mockserver.billing.events import (
    AccountChanged,
    AccountReset,
    BillingEvent,
    ClockMoved,
    JournalCleared,
    SessionChanged,
)
from mockserver.domain.errors import SessionNotFound

if TYPE_CHECKING:
    from mockserver.billing.checkout import Checkout
    from mockserver.billing.clocks import Clocks

LONGEST: Final = 7_000
"""The characters of a message, at most."""
MOST: Final = 20
"""The messages of one moment, at most."""
MISSED: Final = "[]"
"""The message in place of too many."""

_SESSION, _CLOCK, _ACCOUNT, _RESET, _CLEARED = range(5)


def encode_events(events: Iterable[BillingEvent], *, has_missed: bool = False) -> Sequence[str]:
    """Encode events, as many in a message as it holds. Successive changes of a session or a clock are one."""
    messages: list[str] = []
    parts: list[str] = []
    length = 2
    for part in dict.fromkeys(json.dumps(_fields(event)) for event in events):
        if length + len(part) + 2 > LONGEST:
            messages.append(f"[{', '.join(parts)}]")
            parts, length = [], 2
        parts.append(part)
        length += len(part) + 2
    if parts:
        messages.append(f"[{', '.join(parts)}]")
    return [MISSED] if has_missed or len(messages) > MOST else messages


async def decode_events(message: str, checkout: Checkout, clocks: Clocks) -> Sequence[tuple[str | None, BillingEvent]]:
    """The events of a message in the present state of the store, each with its account."""
    decoded: list[tuple[str | None, BillingEvent]] = []
    for kind, name in json.loads(message):
        if kind == _SESSION:
            try:
                session, _ = await checkout.view(name)
            except SessionNotFound:  # deleted meanwhile
                continue
            decoded.append((session.account, SessionChanged(session)))
        elif kind == _CLOCK:
            decoded.append((name, ClockMoved(name, await clocks.face(name))))
        elif kind == _ACCOUNT:
            decoded.append((name, AccountChanged(name)))
        else:
            decoded.append((name, AccountReset(name) if kind == _RESET else JournalCleared(name)))
    return decoded


def _fields(event: BillingEvent) -> tuple[int, str | None]:
    match event:
        case SessionChanged(session):
            return _SESSION, session.id
        case ClockMoved(account, _):
            return _CLOCK, account
        case AccountChanged(account):
            return _ACCOUNT, account
        case AccountReset(account):
            return _RESET, account
        case JournalCleared(account):
            return _CLEARED, account
