"""Orders at the same time, each with redirects of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.account_readings import leads_to
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.client import JSON, Call

_PLACES: Final = {"success": "https://shop.example/paid/", "cancel": "https://shop.example/left/"}


def order_with_redirects(account: AccountClient, dollars: int, number: int) -> Call:
    """The call for an order whose redirects carry the number, in both spellings."""
    urls = {f"{name}{suffix}": f"{place}{number}" for name, place in _PLACES.items() for suffix in ("_url", "Url")}
    order = json.dumps({"amount": account.dollars(dollars), **urls}).encode()
    return "POST", CHECKOUT, {**account.auth, "content-type": JSON}, order, None


def create_at_once(context: CheckContext, owners: Sequence[AccountClient], dollars: Sequence[int]) -> list[Session]:
    """Create a session for each owner at the same time. Raise Undecided if there is none for one of them."""
    wanted = [owner.dollars(each) for owner, each in zip(owners, dollars, strict=True)]
    calls = [order_with_redirects(owner, each, n) for n, (owner, each) in enumerate(zip(owners, wanted, strict=True))]
    answers = context.target.client.send_at_once(calls)
    return [owner.created(answer, each) for owner, answer, each in zip(owners, answers, wanted, strict=True)]


def expect_own_redirects(
    context: CheckContext, name: str, orders: Sequence[tuple[int, Session]], answers: Sequence[Exchange]
) -> Iterator[Finding]:
    """Yield a finding if a buyer is sent to the redirect of another order of those at the same time."""
    urls = {number: f"{_PLACES[name]}{number}" for number, _ in orders}
    for (number, session), answer in zip(orders, answers, strict=True):
        redirect = answer.at("redirect_url")
        if not answer.is_accepted or leads_to(redirect, urls[number], session=session, exactly=False):
            continue
        # Other checks decide whether the buyer is sent anywhere.
        if any(leads_to(redirect, url, session=session, exactly=False) for url in urls.values()):
            yield context.violation(
                answer,
                f"the {name} URL of another order at the same time",
                pointer="/redirect_url",
                expected=urls[number],
                actual=str(redirect),
            )
            return
