"""The last second of a session's life: it is paid as at any other time."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.checks.sessions.expiry import DAY, MARGIN, clock_reset_after
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import pay_for_gain


@rule("pending-until-its-end", needs=(Ability.CREATE, Ability.CLOCK, Ability.PAY), once=True)
def pending_until_its_end(context: CheckContext) -> Iterator[Finding]:
    """A session can be paid in its last second, because its 24 hours are promised."""
    account = context.account()
    with clock_reset_after(account):
        margin = 1 if account.freeze() else MARGIN
        session = account.create()
        has_balance = Ability.USAGE in context.target.abilities
        usual = pay_for_gain(account, account.create()) if has_balance else None
        account.advance(DAY - margin)
        answer = account.pay(session)
        if not answer.is_accepted:
            yield context.violation(answer, "not payable in its last second", expected="200")
        elif usual is not None and usual.credits and (gain := account.balance() - usual.balance) != usual.credits:
            expected, actual = f"{usual.credits} credits more, as earlier", f"{gain} credits more"
            yield context.violation(answer, "credits in its last second", expected=expected, actual=actual)
