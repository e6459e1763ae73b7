"""The last second of a session's life: it is paid as at any other time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.expiry import DAY, MARGIN, clock_reset_after
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session


@rule("pending-until-its-end", needs=(Ability.CREATE, Ability.CLOCK, Ability.PAY), once=True)
def pending_until_its_end(context: CheckContext) -> Iterator[Finding]:
    """A session can be paid in its last second, because its 24 hours are promised."""
    account = context.account()
    with clock_reset_after(account):
        margin = 1 if account.freeze() else MARGIN
        session = account.create()
        usual = _gain_by(context, account, account.create())
        account.advance(DAY - margin)
        answer = account.pay(session)
        if not answer.is_accepted:
            yield context.violation(answer, "not payable in its last second", expected="200")
        elif usual is not None and (gain := account.balance() - usual.balance) != usual.gain:
            expected, actual = f"{usual.gain} credits more, as earlier", f"{gain} credits more"
            yield context.violation(answer, "credits in its last second", expected=expected, actual=actual)


class _Payment(NamedTuple):
    """The credits for a payment, and the balance after it."""

    gain: Decimal
    balance: Decimal


def _gain_by(context: CheckContext, account: AccountClient, session: Session) -> _Payment | None:
    """The credits for the session, which is paid for it; None if the target does not show them."""
    if Ability.USAGE not in context.target.abilities:
        return None
    before = account.balance()
    if not account.pay(session).is_accepted:
        return None
    balance = account.balance()
    return _Payment(balance - before, balance)
