"""The part of a run that decides claims, and holds its target to the rules of our own."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from mockserver_contracts.checks.runner import CheckRunner, Terms, left
from mockserver_contracts.results.finding import Event, RunFailure
from mockserver_contracts.run.context import RunContext

KEY_CODES: Final = {401: "key_refused", 403: "key_refused", 429: "rate_limited"}
_FEW_CREATES: Final = 20


def decided(context: RunContext) -> Generator[Event, None, RunFailure | None]:
    """Decide the claims and hold the target to the rules; the result is why it could not be tested."""
    order, target, client = context.order, context.target, context.client
    promised = order.promised(context.subject)
    terms = Terms(
        key=target.key.value,
        second_key=order.second_key,
        # Where the key was given by name, the mock may know no other.
        opens_accounts=target.is_mock and bool(target.key.stand_in),
        is_strict=context.is_strict,
        is_mock=target.is_mock,
        holds_limits=context.holds_limits,
        is_first=context.is_first,
        creates=_FEW_CREATES if target.on_rails else context.creates,
    )
    decider = CheckRunner(client, context.subject.document, terms)
    decider.find_abilities()
    if decider.is_refused:
        context.results.note(left(order.claims or (), promised, "the target refuses every valid request"))
        status = decider.first_statuses[-1]
        sent = len(decider.first_statuses)
        message = f"every valid request was answered {status} ({sent} sent)"
        return RunFailure(KEY_CODES.get(status, "unavailable"), message)
    for claim in order.claims or ():
        is_promised = claim["id"] in promised
        one = decider.claim(claim["id"], is_promised=is_promised)
        context.results.note([(is_promised, one)])
        for finding in one.findings:
            context.findings.add(finding)
        yield context.progress("claims")
    for one in decider.rules(order.rule_names) if order.rules else ():
        for finding in one.findings:
            context.findings.add(finding)
        yield context.progress("rules")
    if order.rules:
        for finding in decider.overall():
            context.findings.add(finding)
    return None
