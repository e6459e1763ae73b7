"""Unknown paths and methods, and answers that are complete and in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.client import JSON

_SLOW = 5.0
# These methods of Allow can be tried without an order.
_READING = frozenset({"GET", "PUT", "PATCH"})


@rule("unknown-is-refused", needs=(Ability.CREATE, Ability.FREE), once=True)
def unknown_is_refused(context: CheckContext) -> Iterator[Finding]:
    """An unknown path answers 404, an unknown method 405 with Allow, because clients act on the status (RFC 9110)."""
    account = context.account()
    order = account.order()
    for path in ("/billing/checkout-nowhere", "/billing", "/nowhere", "/billing/%zz", "/billing/%00", "/billing/%ff"):
        nowhere = context.target.client.send("GET", path, account.auth)
        yield from context.expect_refusal(nowhere, "an unknown path", status=404)
    below = context.target.client.send("POST", f"{CHECKOUT}/nowhere", {**account.auth, "content-type": JSON}, order)
    yield from context.expect_refusal(below, "an unknown path below another", status=404)
    for path in (CHECKOUTS, USAGE, INVOICES):
        # What a server has below a list, it has by id.
        for longer in (f"{path}/nowhere/at-all", f"{path}-nowhere"):
            answer = context.target.client.send("GET", longer, account.auth)
            if answer.is_accepted:
                yield context.violation(answer, "a path that begins like another", expected="404")
    for path in (CHECKOUT, CHECKOUTS) if Ability.LIST in context.target.abilities else (CHECKOUT,):
        head = context.target.client.send("HEAD", path, account.auth)
        if head.status >= 500:
            yield context.violation(head, f"{head.status} to HEAD", expected="an answer of the 2xx or 4xx family")
    if context.target.has_mock_limits and Ability.LIST in context.target.abilities:
        for path, cause in ((f"{CHECKOUTS}/", "a slash more"), (f"//billing{CHECKOUTS[8:]}", "repeated slashes")):
            answer = context.target.client.send("GET", path, account.auth)
            yield from context.expect_acceptance(answer, cause)
    headers = {**account.auth, "content-type": JSON}
    for method, path in (("PUT", AUTO_RECHARGE), ("POST", CHECKOUTS), ("DELETE", CHECKOUTS)):
        answer = context.target.client.send(method, path, headers, b"" if method == "DELETE" else b"{}")
        if answer.is_accepted:
            yield context.violation(answer, "a method that is not declared", expected="405")
    wrong = context.target.client.send("DELETE", CHECKOUT, account.auth)
    yield from context.expect_refusal(wrong, "an unknown method", status=405)
    if wrong.status == 405:
        yield from _expect_allowed_methods(context, wrong, account.auth)


def _expect_allowed_methods(context: CheckContext, wrong: Exchange, auth: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding if Allow lacks the method of the operation, or names one that is not allowed either."""
    allow = wrong.header("allow") or ""
    allowed = {method.strip().upper() for method in allow.split(",")}
    if "POST" not in allowed:
        yield context.violation(wrong, "405 without Allow", expected="Allow: POST", actual=allow or "none")
    if wrong.request.method in allowed:
        yield context.violation(wrong, "405 to a method of Allow", expected="405 or that method in Allow", actual=allow)
    for method in sorted(allowed & _READING):
        answer = context.target.client.send(method, CHECKOUT, auth)
        if answer.status == 405:
            yield context.violation(
                answer, "405 to a method of Allow", operation=f"DELETE {CHECKOUT}", expected=f"Allow without {method}"
            )
            return


@rule("answers-are-whole", needs=())
def answers_are_whole(context: CheckContext) -> Iterator[Finding]:
    """Every answer has its announced length and comes in time, because clients wait for it no longer."""
    for answer in context.target.client.exchanges:
        length = answer.header("content-length")
        body = len(answer.response.body)
        is_bodiless = answer.request.method == "HEAD" or answer.status in (204, 304)
        if length is not None and not is_bodiless and length.isdigit() and int(length) != body:
            yield context.violation(
                answer, "length", operation="POST /billing/checkout", expected=f"{length} bytes", actual=f"{body} bytes"
            )
            break
    slowest = max(context.target.client.exchanges, key=lambda answer: answer.seconds, default=None)
    if slowest is not None and slowest.seconds > _SLOW:
        # The time of a remote answer includes the network.
        severity: Severity = "warning" if context.target.client.on_rails else "error"
        yield context.violation(
            slowest, "slow", severity=severity, expected="an answer in 5 s", actual=f"{slowest.seconds:.0f} s"
        )
