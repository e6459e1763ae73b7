"""The redirects of the browser after a payment and after a cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import leads_to, require_payment
from mockserver_contracts.target.undecided import Undecided

_TEMPLATE: Final = "{CHECKOUT_SESSION_ID}"


@check("success-url-after-payment", needs=(Ability.CREATE, Ability.PAY))
def success_url_after_payment(context: CheckContext) -> Iterator[Finding]:
    """A payment leads to the session's own success URL, with the id in place of the template."""
    account = context.account()
    for url in ("https://shop.example/thanks?a=1", f"https://shop.example/ok?session={_TEMPLATE}&b=2"):
        session = account.create(
            dollars=50, success_url=url, successUrl=url, **_both_spellings("cancel", "https://shop.example/no")
        )
        paid = require_payment(account.pay(session))
        yield from _expect_redirect(context, paid, url.replace(_TEMPLATE, session.id), "after payment")


@check("cancel-url-after-cancellation", needs=(Ability.CREATE, Ability.CANCEL))
def cancel_url_after_cancellation(context: CheckContext) -> Iterator[Finding]:
    """A cancellation leads to the session's own cancel URL."""
    account = context.account()
    url = "https://shop.example/cart?b=2"
    session = account.create(
        dollars=50, cancel_url=url, cancelUrl=url, **_both_spellings("success", "https://shop.example/yes")
    )
    answer = account.cancel(session)
    if not answer.is_accepted:
        raise Undecided("the session cannot be cancelled")
    yield from _expect_redirect(context, answer, url, "after cancellation")


@check("redirects-in-snake-case", needs=(Ability.CREATE, Ability.PAY))
def redirects_in_snake_case(context: CheckContext) -> Iterator[Finding]:
    """Redirects are read in the spelling of the Python sample."""
    yield from _expect_both_redirects(context, "success_url", "cancel_url")


@check("redirects-in-camel-case", needs=(Ability.CREATE, Ability.PAY))
def redirects_in_camel_case(context: CheckContext) -> Iterator[Finding]:
    """Redirects are read in the spelling of the JavaScript sample."""
    yield from _expect_both_redirects(context, "successUrl", "cancelUrl")


def _expect_both_redirects(context: CheckContext, success: str, cancel: str) -> Iterator[Finding]:
    account = context.account()
    fields: dict[str, Any] = {success: "https://shop.example/a/", cancel: "https://shop.example/b/"}
    session = account.create(dollars=50, **fields)
    if Ability.CANCEL in context.target.abilities:
        cancelled = account.cancel(session)
        if cancelled.is_accepted:
            yield from _expect_redirect(context, cancelled, fields[cancel], "after cancellation")
    paid = require_payment(account.pay(session))
    yield from _expect_redirect(context, paid, fields[success], "after payment")


def _expect_redirect(context: CheckContext, answer: Exchange, url: str, when: str) -> Iterator[Finding]:
    body = answer.json
    if not isinstance(body, dict) or "redirect_url" not in body:
        raise Undecided("the target does not tell where the browser is sent")
    if not leads_to(body["redirect_url"], url, exactly=context.target.is_strict):
        yield context.violation(
            answer, f"sent elsewhere {when}", pointer="/redirect_url", expected=url, actual=str(body["redirect_url"])
        )


def _both_spellings(name: str, url: str) -> dict[str, Any]:
    return {f"{name}_url": url, f"{name}Url": url}
