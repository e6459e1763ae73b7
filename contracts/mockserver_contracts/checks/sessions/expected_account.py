"""The expected state of an account with many sessions, and its comparison with the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.sessions.order_samples import OrderSample, is_sample_redirect
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import SESSION_TEMPLATE, leads_to, number_of
from mockserver_contracts.target.answer import Session, parse_time
from mockserver_contracts.target.rate import Rate

_USED: Final = ("usage_this_month", "credit_used")
_ATTEMPTS: Final = {"c": "cancelled", "d": "declined"}


@dataclass(slots=True)
class Lifecycle:
    """The expected state of one session."""

    order: OrderSample
    session: Session
    # The attempts before the payment or the end, one letter each: c cancels, d is declined.
    attempts: str
    is_paid: bool
    # It is created an hour after the first half of the sessions.
    is_later: bool = False
    status: str = "pending"
    created_at: object = None


@dataclass(slots=True)
class ExpectedAccount:
    """The expected sessions, balance and usage of an account; each comparison yields the first difference."""

    context: CheckContext
    account: AccountClient
    lifecycles: list[Lifecycle] = field(default_factory=list)
    balance: Decimal = Decimal(0)
    # The first payment of a kind sets the rate for all others: credits for dollars, credits for a plan.
    rate: Rate | None = None
    plans: dict[str, Decimal] = field(default_factory=dict)
    foreign_ids: set[str] = field(default_factory=set)
    # The credits that the account had used before; the checks use none.
    used: dict[str, Decimal] = field(default_factory=dict)
    plan: object = None

    def read_usage(self) -> None:
        """Take the balance and the used credits of the target as the starting point."""
        self.balance = self.account.balance()
        usage = self.account.usage()
        self.plan = usage.at("data", "plan_id")
        self.used = {name: number_of(usage.at("data", name)) or Decimal(0) for name in _USED}

    def compare_list(self, when: str) -> Iterator[Finding]:
        """Compare the list of checkouts with the expected sessions."""
        listing = self.account.listing()
        page, entries = listing.first, listing.entries
        entries_by_id = {str(entry.get("id")): entry for entry in entries}
        if foreign := self.foreign_ids & entries_by_id.keys():
            yield self._violation(page, f"another account's session on the list {when}", "not there", foreign.pop())
        for lifecycle in self.lifecycles:
            entry = entries_by_id.get(lifecycle.session.id)
            if entry is None:
                yield self._violation(page, f"not on the list {when}", lifecycle.status, "not there", lifecycle)
                return
            expected = {"status": lifecycle.status, "amount": lifecycle.order.dollars or entry.get("amount")}
            for name, value in expected.items():
                # A list without amounts is judged by its schema.
                is_shown = name == "status" or entry.get(name) is not None
                if is_shown and entry.get(name) != value:
                    cause = f"{name} on the list {when}"
                    yield self._violation(page, cause, str(value), str(entry.get(name)), lifecycle)
                    return
            created_at = entry.get("created_at")
            if lifecycle.created_at is None:
                lifecycle.created_at = created_at
            elif created_at is not None and parse_time(lifecycle.created_at) != parse_time(created_at):
                cause = f"created_at {when}"
                yield self._violation(page, cause, str(lifecycle.created_at), str(created_at), lifecycle)
                return
        ids = [lifecycle.session.id for lifecycle in reversed(self.lifecycles)]
        is_in_order = [str(entry.get("id")) for entry in entries if str(entry.get("id")) in ids] == ids
        if self.context.target.is_strict and not is_in_order:
            yield self._violation(page, f"order of the list {when}", "the newest first", "another order")

    def compare_usage(self, when: str) -> Iterator[Finding]:
        """Compare the usage statistics with the expected balance and use; yield nothing if the target has none."""
        if Ability.USAGE not in self.context.target.abilities:
            return
        usage = self.account.usage()
        balance = number_of(usage.at("data", "credit_balance"))
        if balance != self.balance:
            yield self._violation(usage, f"balance {when}", str(self.balance), str(balance))
        for name in _USED:
            used, before = number_of(usage.at("data", name)), self.used.get(name, Decimal(0))
            # At the beginning of a month its usage is 0.
            if used is not None and used != before and not (name == "usage_this_month" and used == 0):
                yield self._violation(usage, f"{name} {when}", str(before), str(used))
        plan = usage.at("data", "plan_id")
        # What a paid plan makes of an account is the server's own.
        if plan != self.plan and not any(each.status == "completed" for each in self.lifecycles):
            yield self._violation(usage, f"plan_id {when}", str(self.plan), str(plan))

    def compare_invoices(self, before: frozenset[str]) -> Iterator[Finding]:
        """Compare the number of the invoices that came after some others with that of the paid orders.

        Other checks decide whether there are invoices at all, and whether a plan has one.
        """
        listing = self.account.invoice_listing()
        fresh = len({str(invoice.get("id")) for invoice in listing.entries} - before)
        paid = [lifecycle.order for lifecycle in self.lifecycles if lifecycle.status == "completed"]
        of_amounts = sum(order.plan is None for order in paid)
        if fresh and not of_amounts <= fresh <= len(paid):
            yield self._violation(listing.first, "invoices of the payments", f"{len(paid)} more", f"{fresh} more")

    def compare_redirect(self, answer: Exchange, lifecycle: Lifecycle, url: str | None, name: str) -> Iterator[Finding]:
        """Compare the redirect of an answer with the URL of the order."""
        if not isinstance(answer.json, dict) or "redirect_url" not in answer.json:
            return
        actual = answer.json["redirect_url"]
        session, is_strict = lifecycle.session, self.context.target.is_strict
        # Without a URL in the order, the target may choose any but that of another order.
        if url is None and is_sample_redirect(actual):
            yield self._violation(answer, f"another {name}", "None", str(actual), lifecycle)
        elif url is not None and not leads_to(actual, url, session=session, exactly=is_strict):
            other = lifecycle.order.other_spelling(url)
            if not is_strict and other is not None and leads_to(actual, other, session=session, exactly=False):
                return  # the page does not say which of two spellings counts
            expected = url.replace(SESSION_TEMPLATE, session.id)
            yield self._violation(answer, f"another {name}", expected, str(actual), lifecycle)

    def pay(self, lifecycle: Lifecycle) -> Iterator[Finding]:
        """Pay the session; compare the redirect, and the credits with those of the same kind of order."""
        answer = self.account.pay(lifecycle.session)
        if not answer.is_accepted:
            yield self._violation(answer, "a pending session cannot be paid", "200", answer.summary, lifecycle)
            return
        lifecycle.status = "completed"
        yield from self.compare_redirect(answer, lifecycle, lifecycle.order.success_url, "success URL")
        if Ability.USAGE not in self.context.target.abilities:
            return
        usage = self.account.usage()
        gain = (number_of(usage.at("data", "credit_balance")) or Decimal(0)) - self.balance
        self.balance += gain
        if lifecycle.order.plan is not None:
            expected = self.plans.setdefault(lifecycle.order.plan, gain)
            is_right = gain == expected
        else:
            bought = Rate(gain, lifecycle.order.dollars)
            self.rate = self.rate or bought
            expected = self.rate.expected(bought.dollars)
            is_right = self.rate.explains(bought, exactly=self.context.target.is_strict)
        if gain <= 0 or not is_right:
            cause, actual = "credits for a payment", f"{gain} credits more"
            yield self._violation(answer, cause, f"{expected} credits more", actual, lifecycle)

    def pay_closed(self, lifecycle: Lifecycle, *, card: str | None, when: str) -> Iterator[Finding]:
        """Pay a completed or expired session; the target must refuse it."""
        answer = self.account.pay(lifecycle.session, card=card)
        # A server may answer a second payment as it answered the first; the balance tells if it paid.
        is_repeat = lifecycle.status == "completed" and not self.context.target.is_strict
        if answer.is_accepted and not is_repeat:
            yield self._violation(answer, f"paid {when}", "a refusal (4xx)", answer.summary, lifecycle)

    def cancel_closed(self, lifecycle: Lifecycle, *, when: str) -> Iterator[Finding]:
        """Cancel a completed or expired session; the target must refuse it."""
        answer = self.account.cancel(lifecycle.session)
        if answer.is_accepted:
            yield self._violation(answer, f"cancelled {when}", "a refusal (4xx)", answer.summary, lifecycle)

    def _violation(
        self, answer: Exchange, cause: str, expected: str, actual: str, lifecycle: Lifecycle | None = None
    ) -> Finding:
        about = "" if lifecycle is None else f" ({lifecycle.order.name}{_history(lifecycle.attempts)})"
        title = f"Of many sessions side by side one is wrong: {cause}{about}"
        return self.context.violation(answer, cause, expected=expected, actual=actual, title=title)


def _history(attempts: str) -> str:
    return f", {' and '.join(_ATTEMPTS[attempt] for attempt in attempts)} before" if attempts else ""
