"""The redirects of the browser after a payment and after a cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import SESSION_TEMPLATE, leads_to, require_payment
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided


@check("success-url-after-payment", needs=(Ability.CREATE, Ability.PAY))
def success_url_after_payment(context: CheckContext) -> Iterator[Finding]:
    """A payment leads to the session's own success URL, with the id in place of the template."""
    account = context.account()
    for url in ("https://shop.example/thanks?a=1", f"https://shop.example/ok?session={SESSION_TEMPLATE}&b=2"):
        session = account.create(
            dollars=50, success_url=url, successUrl=url, **_both_spellings("cancel", "https://shop.example/no")
        )
        paid = require_payment(account.pay(session))
        yield from _expect_redirect(context, session, paid, url, "after payment")


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
    yield from _expect_redirect(context, session, answer, url, "after cancellation")


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
            yield from _expect_redirect(context, session, cancelled, fields[cancel], "after cancellation")
    paid = require_payment(account.pay(session))
    yield from _expect_redirect(context, session, paid, fields[success], "after payment")


def _expect_redirect(
    context: CheckContext, session: Session, answer: Exchange, url: str, when: str
) -> Iterator[Finding]:
    body = answer.json
    if not isinstance(body, dict) or "redirect_url" not in body:
        raise Undecided("the target does not tell where the browser is sent")
    redirect = body["redirect_url"]
    if redirect == (expected := url.replace(SESSION_TEMPLATE, session.id)):
        return
    is_elsewhere = not leads_to(redirect, url, session=session, exactly=context.target.is_strict)
    if is_elsewhere or SESSION_TEMPLATE in unquote(str(redirect)):
        # No voice of the page speaks of the template; with Stripe it is filled in.
        severity: Severity = "error" if is_elsewhere else context.target.severity_of_assumption
        cause = f"sent elsewhere {when}" if is_elsewhere else "the template is not filled in"
        yield context.violation(
            answer, cause, pointer="/redirect_url", expected=expected, actual=str(redirect), severity=severity
        )


def _both_spellings(name: str, url: str) -> dict[str, Any]:
    return {f"{name}_url": url, f"{name}Url": url}
