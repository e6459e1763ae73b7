"""Paths and methods that are not there, and answers that are what they say."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.client import CHECKOUT, CHECKOUTS

_SLOW = 5.0


@rule("unknown-is-refused", needs=(Ability.CREATE, Ability.FREE), once=True)
def unknown_is_refused(context: CheckContext) -> Iterator[Finding]:
    """A path that is not there is 404, a method 405 with what is allowed."""
    account = context.account()
    for path in ("/billing/checkout-nowhere", "/billing", "/nowhere"):
        nowhere = context.client.send("GET", path, account.auth)
        yield from context.refused(nowhere, "an unknown path", exactly=404)
    for path in (CHECKOUT, CHECKOUTS) if Ability.LIST in context.has else (CHECKOUT,):
        head = context.client.send("HEAD", path, account.auth)
        if head.status >= 500:
            yield context.broken(head, f"{head.status} to HEAD", expected="an answer of the 2xx or 4xx family")
    if context.setting.holds_limits and Ability.LIST in context.has:
        yield from context.refused(
            context.client.send("POST", f"{CHECKOUT}/", account.auth), "a slash more", exactly=404
        )
        yield from context.accepted(
            context.client.send("GET", f"//billing{CHECKOUTS[8:]}", account.auth), "repeated slashes"
        )
    wrong = context.client.send("DELETE", CHECKOUT, account.auth)
    yield from context.refused(wrong, "an unknown method", exactly=405)
    if wrong.status == 405 and "POST" not in (wrong.header("allow") or ""):
        yield context.broken(wrong, "405 without Allow", expected="Allow: POST", actual=wrong.header("allow") or "none")


@rule("answers-are-whole", needs=())
def answers_are_whole(context: CheckContext) -> Iterator[Finding]:
    """Every answer of the run is as long as it says, and comes in time."""
    for answer in context.client.exchanges:
        length = answer.header("content-length")
        body = len(answer.response.body)
        is_bodiless = answer.request.method == "HEAD" or answer.status in (204, 304)
        if length is not None and not is_bodiless and length.isdigit() and int(length) != body:
            yield context.broken(
                answer, "length", operation="POST /billing/checkout", expected=f"{length} bytes", actual=f"{body} bytes"
            )
            break
    slowest = max(context.client.exchanges, key=lambda answer: answer.seconds, default=None)
    if slowest is not None and slowest.seconds > _SLOW:
        # Far away, how long an answer takes is also the network's doing.
        severity: Severity = "error" if context.setting.is_near else "warning"
        yield context.broken(
            slowest, "slow", severity=severity, expected="an answer in 5 s", actual=f"{slowest.seconds:.0f} s"
        )
