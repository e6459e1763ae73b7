"""The cards of a test payment: each has one effect, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import entry_on
from mockserver_contracts.target.answer import Session

# Stripe's test cards, each with the answer of its holder's bank to 3-D Secure.
_CARDS: Final = (
    ("4242424242424242", True),
    ("5555555555554444", True),
    ("378282246310005", True),
    ("4000000000000002", True),
    ("4000000000009995", True),
    ("4000000000009987", True),
    ("4000000000000069", True),
    ("4000000000000119", True),
    ("4000002500003155", True),
    ("4000002500003155", False),
    ("4000002760003184", True),
    ("4000002760003184", False),
)


_DECLINED: Final = frozenset(card for card, _ in _CARDS if card.startswith("40000000000"))


@rule("each-card-has-one-effect", needs=(Ability.CREATE, Ability.PAY, Ability.USAGE), once=True)
def each_card_has_one_effect(context: CheckContext) -> Iterator[Finding]:
    """A card pays and credits once or not at all, because 3-D Secure is no second payment."""
    account = context.account()
    usual: Decimal | None = None
    declined: list[str] = []
    paid_with: list[tuple[str, Exchange]] = []
    before = account.balance()
    session: Session | None = None
    left_open: Session | None = None
    for card, authenticates in _CARDS:
        # One session is declined by each of these cards.
        if session is None or card not in _DECLINED:
            session = account.create(dollars=7)
        paid = account.pay(session, card=card, authenticates=authenticates)
        gain = account.balance() - before
        name = f"{card} {'with' if authenticates else 'without'} authentication"
        found = list(_expect_effect(context, paid, gain, usual, name))
        if card in _DECLINED and paid.is_refused:
            declined.append(card)
            left_open = session
        if paid.is_accepted:
            paid_with += [(card, paid)] if card in _DECLINED else []
            usual = gain if usual is None else usual
            again = account.pay(session, card=card, authenticates=authenticates)
            if context.target.is_strict:
                found += context.expect_refusal(again, f"paid twice with {name}")
            found += _expect_no_more(context, account, again, before + gain, name)
            session = None
        yield from found
        if found:
            # The other cards would show the same fault.
            return
        before += gain
    if left_open is not None and Ability.LIST in context.target.abilities:
        yield from _expect_open(context, account, left_open)
    if context.target.is_strict and declined and paid_with:
        # A target that declines none knows no cards, and one that is no mock may know a few.
        card, paid = paid_with[0]
        yield context.violation(paid, f"the card {card} pays", expected="a refusal (4xx), as of other declined cards")


def _expect_effect(
    context: CheckContext, paid: Exchange, gain: Decimal, usual: Decimal | None, name: str
) -> Iterator[Finding]:
    if paid.is_accepted and (gain <= 0 or gain != (usual or gain)):
        expected = f"{usual or 'some'} credits more, as by other cards"
        yield context.violation(paid, f"credits by {name}", expected=expected, actual=f"{gain} credits more")
    elif not paid.is_accepted and gain != 0:
        yield context.violation(
            paid, f"credited by a refused {name}", expected="0 credits more", actual=f"{gain} credits more"
        )


def _expect_open(context: CheckContext, account: AccountClient, session: Session) -> Iterator[Finding]:
    page = account.full_page()
    status = (entry_on(page, session) or {}).get("status", "pending")
    if status != "pending":
        cause = "the status of a session with declined cards"
        yield context.violation(page, cause, pointer="/data/0/status", expected="pending", actual=str(status))


def _expect_no_more(
    context: CheckContext, account: AccountClient, again: Exchange, balance: Decimal, name: str
) -> Iterator[Finding]:
    after = account.balance()
    if after != balance:
        yield context.violation(
            again, f"credited twice with {name}", expected=f"a balance of {balance}", actual=str(after)
        )
