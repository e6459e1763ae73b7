"""Encode values as JSON text for the column `record`, and decode them.

Lookup keys have columns of their own; everything else is in `record`. Types that few mocks store are imported late, so
that they do not delay the first answer.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING

from mockserver.domain.instant import from_milliseconds, milliseconds
from mockserver.domain.order import Mode, Order
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.session import Attempt

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge


def encode_session(order: Order, attempts: tuple[Attempt, ...], buyer: Buyer | None = None) -> str:
    """Encode an order, the attempts to pay it, and the buyer."""
    if not attempts and buyer is None:  # a new session; the library's encoder would take most of the time of its row
        mode, plan_id, amount, cents, microcredits, success_url, cancel_url = order
        given = None if amount is None else str(amount)
        terms = f'"{mode}", {_text(plan_id)}, {_text(given)}, {cents}, {microcredits}'
        return f"[{terms}, {_text(success_url)}, {_text(cancel_url)}, []]"
    return json.dumps(
        [
            order.mode,
            order.plan_id,
            None if order.amount is None else str(order.amount),
            order.cents,
            order.microcredits,
            order.success_url,
            order.cancel_url,
            [[milliseconds(at), *card_and_outcome] for at, *card_and_outcome in attempts],
            buyer,
        ]
    )


def _text(text: str | None) -> str:
    return "null" if text is None else encode_basestring_ascii(text)


def decode_session(text: str) -> tuple[Order, tuple[Attempt, ...], Buyer | None]:
    """Decode an order, the attempts to pay it, and the buyer. Older records have neither brands nor a buyer."""
    mode, plan_id, amount, cents, microcredits, success_url, cancel_url, attempts, *buyer = json.loads(text)
    order = Order(
        mode=Mode(mode),
        plan_id=plan_id,
        amount=None if amount is None else Decimal(amount),
        cents=cents,
        microcredits=microcredits,
        success_url=success_url,
        cancel_url=cancel_url,
    )
    made = tuple(Attempt(from_milliseconds(at), *card_and_outcome) for at, *card_and_outcome in attempts)
    return order, made, Buyer(*buyer[0]) if buyer and buyer[0] else None


def encode_invoice(invoice: Invoice) -> str:
    """Encode the text and amounts of an invoice."""
    return json.dumps([invoice.description, invoice.cents, invoice.microcredits, invoice.email])


def decode_invoice(text: str) -> tuple[str, int, int, str | None]:
    """Decode an invoice's description, cents, microcredits and e-mail address. Older records have no address."""
    description, cents, microcredits, *email = json.loads(text)
    return description, cents, microcredits, email[0] if email else None


def encode_auto_recharge(recharge: AutoRecharge) -> str:
    """Encode an account's auto recharge settings."""
    return json.dumps([recharge.enabled, str(recharge.threshold), str(recharge.amount)])


def decode_auto_recharge(text: str) -> AutoRecharge:
    """Decode an account's auto recharge settings."""
    from mockserver.domain.recharge import AutoRecharge

    enabled, threshold, amount = json.loads(text)
    return AutoRecharge(enabled, Decimal(threshold), Decimal(amount))


def encode_fault(fault: PlannedFault) -> str:
    """Encode a planned fault without its id."""
    then: object = fault.then
    if isinstance(fault.then, tuple):
        then = [fault.then.status, fault.then.headers, fault.then.body.hex()]
    delay = fault.delay // timedelta(milliseconds=1)
    counts = (fault.times, fault.probability, fault.seed, fault.met, fault.struck)
    return json.dumps([fault.match, then, delay, *counts])


def decode_fault(name: str, text: str) -> PlannedFault:
    """Decode a planned fault."""
    from mockserver.domain.planned_fault import FaultKind, FixedAnswer, Match, PlannedFault

    match, then, delay, *counts = json.loads(text)
    if isinstance(then, list):
        status, headers, body = then
        then = FixedAnswer(status, tuple((name, value) for name, value in headers), bytes.fromhex(body))
    elif then is not None:
        then = FaultKind(then)
    return PlannedFault(name, Match(*match), then, timedelta(milliseconds=delay), *counts)


def encode_optional_instant(instant: datetime | None) -> int | None:
    """Encode the instant of a nullable column."""
    return None if instant is None else milliseconds(instant)


def decode_instant(count: int | None) -> datetime | None:
    """Decode the instant of a nullable column."""
    return None if count is None else from_milliseconds(count)
