"""A row as one text: what is looked up by has a column of its own, all else is in here.

What few mocks ever keep is loaded when one does: it is not on the way to the first answer of the others.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from mockserver.domain.instant import from_milliseconds, milliseconds
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import Attempt

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge


def written(order: Order, attempts: tuple[Attempt, ...]) -> str:
    """An order and the attempts to pay it, as JSON."""
    return json.dumps(
        [
            order.mode,
            order.plan_id,
            None if order.amount is None else str(order.amount),
            order.cents,
            order.microcredits,
            order.success_url,
            order.cancel_url,
            [[milliseconds(attempt.at), attempt.card_last4, attempt.outcome] for attempt in attempts],
        ]
    )


def read(text: str) -> tuple[Order, tuple[Attempt, ...]]:
    """The order and the attempts that were written."""
    mode, plan_id, amount, cents, microcredits, success_url, cancel_url, attempts = json.loads(text)
    order = Order(
        mode=Mode(mode),
        plan_id=plan_id,
        amount=None if amount is None else Decimal(amount),
        cents=cents,
        microcredits=microcredits,
        success_url=success_url,
        cancel_url=cancel_url,
    )
    return order, tuple(Attempt(from_milliseconds(at), last4, outcome) for at, last4, outcome in attempts)


def written_invoice(invoice: Invoice) -> str:
    """What an invoice says, as JSON."""
    return json.dumps([invoice.description, invoice.cents, invoice.microcredits])


def read_invoice(text: str) -> tuple[str, int, int]:
    """An invoice's description, its price in cents, and the credits it brought in microcredits."""
    description, cents, microcredits = json.loads(text)
    return description, cents, microcredits


def written_recharge(recharge: AutoRecharge) -> str:
    """An account's auto recharge, as JSON."""
    return json.dumps([recharge.enabled, str(recharge.threshold), str(recharge.amount)])


def read_recharge(text: str) -> AutoRecharge:
    """The auto recharge that was written."""
    from mockserver.domain.recharge import AutoRecharge

    enabled, threshold, amount = json.loads(text)
    return AutoRecharge(enabled, Decimal(threshold), Decimal(amount))


def written_fault(fault: PlannedFault) -> str:
    """A planned fault but for its id, as JSON."""
    then: object = fault.then
    if isinstance(fault.then, tuple):
        then = [fault.then.status, fault.then.headers, fault.then.body.hex()]
    delay = fault.delay // timedelta(milliseconds=1)
    counts = (fault.times, fault.probability, fault.seed, fault.met, fault.struck)
    return json.dumps([fault.match, then, delay, *counts])


def read_fault(name: str, text: str) -> PlannedFault:
    """The planned fault that was written."""
    from mockserver.domain.planned_fault import FixedAnswer, Match, PlannedFault, Spoil

    match, then, delay, *counts = json.loads(text)
    if isinstance(then, list):
        status, headers, body = then
        then = FixedAnswer(status, tuple((name, value) for name, value in headers), bytes.fromhex(body))
    elif then is not None:
        then = Spoil(then)
    return PlannedFault(name, Match(*match), then, timedelta(milliseconds=delay), *counts)


def instant_or_none(count: int | None) -> datetime | None:
    """The instant of a column that may be empty."""
    return None if count is None else from_milliseconds(count)
