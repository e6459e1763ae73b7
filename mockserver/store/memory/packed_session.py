"""A session as bytes, which take a third of the memory of its objects. The garbage collector does not look into them.

Python's own format for its bytecode is the fastest one. Nothing outside this process writes these bytes.
"""

from __future__ import annotations

import marshal
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mockserver.domain.instant import from_milliseconds, milliseconds
from mockserver.domain.order import Mode, Order
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.session import Attempt, CheckoutSession, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

Row: TypeAlias = CheckoutSession | bytes
"""A session, or its bytes."""

_LETTERS: Final = {Status.PENDING: b"p", Status.COMPLETED: b"c", Status.EXPIRED: b"e"}
_STATUSES: Final = {letter[0]: status for status, letter in _LETTERS.items()}
_END: Final = 9
"""The end of the letter of the status and the eight bytes of the expiry, which are read without the rest."""


def pack(session: CheckoutSession) -> bytes:
    """The bytes of a session, without its id."""
    _, account, order, created_at, expires_at, status, completed_at, attempts, buyer = session
    mode, plan_id, amount, cents, microcredits, success_url, cancel_url = order
    head = _LETTERS[status] + milliseconds(expires_at).to_bytes(8, "big", signed=True)
    return head + marshal.dumps(
        (
            account,
            milliseconds(created_at),
            None if completed_at is None else milliseconds(completed_at),
            mode is Mode.SUBSCRIPTION,
            plan_id,
            str(amount) if isinstance(amount, Decimal) else amount,
            cents,
            microcredits,
            success_url,
            cancel_url,
            tuple([(milliseconds(at), *card) for at, *card in attempts]) if attempts else (),
            None if buyer is None else tuple(buyer),
        )
    )


def unpack(name: str, packed: bytes) -> CheckoutSession:
    """The session with this id."""
    account, created, completed, is_plan, plan_id, amount, *rest, attempts, buyer = marshal.loads(packed[_END:])
    given = Decimal(amount) if isinstance(amount, str) else amount
    return CheckoutSession(
        name,
        account,
        Order(Mode.SUBSCRIPTION if is_plan else Mode.PAYMENT, plan_id, given, *rest),
        from_milliseconds(created),
        from_milliseconds(_expires_ms(packed)),
        _STATUSES[packed[0]],
        _instant(completed),
        _attempts(attempts),
        None if buyer is None else Buyer(*buyer),
    )


def account_of(row: Row) -> str:
    """The account of a session, packed or not."""
    account: str = marshal.loads(row[_END:])[0] if isinstance(row, bytes) else row.account
    return account


def status_of(row: Row, now_ms: int | None) -> Status:
    """The status of a session at a time, or as it is stored (None): a due pending session has expired."""
    status = _STATUSES[row[0]] if isinstance(row, bytes) else row.status
    if status is not Status.PENDING or now_ms is None:
        return status
    expires_ms = _expires_ms(row) if isinstance(row, bytes) else milliseconds(row.expires_at)
    return Status.EXPIRED if now_ms >= expires_ms else status


def expired(row: Row) -> Row:
    """The session after it has expired."""
    if isinstance(row, bytes):
        return _LETTERS[Status.EXPIRED] + row[1:]
    return row._replace(status=Status.EXPIRED)


def _expires_ms(packed: bytes) -> int:
    return int.from_bytes(packed[1:_END], "big", signed=True)


def _instant(count: int | None) -> datetime | None:
    return None if count is None else from_milliseconds(count)


def _attempts(packed: Iterable[tuple[Any, ...]]) -> tuple[Attempt, ...]:
    return tuple([Attempt(from_milliseconds(at), *card) for at, *card in packed])
