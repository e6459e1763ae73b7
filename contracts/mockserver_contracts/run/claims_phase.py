"""The part of a run that decides claims, and holds its target to the rules of our own."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from mockserver_contracts.checks.runner import CheckRunner, Terms, left
from mockserver_contracts.replay.availability import refusal_of_every_request
from mockserver_contracts.results.finding import Event, RunFailure
from mockserver_contracts.run.context import RunContext

_FEW_CREATES: Final = 20


def run_claims(context: RunContext) -> Generator[Event, None, RunFailure | None]:
    """Decide the claims and hold the target to the rules; the result is why it could not be tested."""
    plan, target, client = context.plan, context.target, context.client
    promised = plan.promised(context.subject)
    terms = Terms(
        key=target.key.value,
        second_key=plan.second_key,
        opens_accounts=target.opens_accounts,
        is_strict=context.is_strict,
        is_mock=target.is_mock,
        holds_limits=context.holds_limits,
        is_first=context.is_first,
        creates=_FEW_CREATES if target.on_rails else context.creates,
    )
    decider = CheckRunner(client, context.subject.document, terms)
    decider.find_abilities()
    if decider.is_refused:
        context.results.add_claims(left(plan.claims or (), promised, "the target refuses every valid request"))
        return refusal_of_every_request(decider.first_statuses[-1], len(decider.first_statuses))
    for claim in plan.claims or ():
        is_promised = claim["id"] in promised
        one = decider.claim(claim["id"], is_promised=is_promised)
        context.results.add_claims([(is_promised, one)])
        for finding in one.findings:
            context.findings.add(finding)
        yield context.progress("claims")
    for one in decider.rules() if plan.rules else ():
        for finding in one.findings:
            context.findings.add(finding)
        yield context.progress("rules")
    if plan.rules:
        for finding in decider.overall():
            context.findings.add(finding)
    return None
