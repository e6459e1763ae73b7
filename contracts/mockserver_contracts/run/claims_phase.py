"""The phase of a run that decides the claims and checks the rules."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from mockserver_contracts.checks.context import TargetUnderTest
from mockserver_contracts.checks.observed import OVERDRAFT
from mockserver_contracts.checks.runner import CheckRunner
from mockserver_contracts.checks.verdicts import undecided_results
from mockserver_contracts.replay.availability import refusal_of_every_request
from mockserver_contracts.results.events import RunEvent, RunFailure
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.target.abilities import Ability, probe_target

_FEW_SESSIONS: Final = 20


def run_claims(context: RunContext) -> Generator[RunEvent, None, RunFailure | None]:
    """Decide the claims and check the rules. Return the reason if the target refuses every valid request."""
    plan, target = context.plan, context.target
    promised = plan.promised(context.subject)
    probe = probe_target(
        context.client, target.key.value, second_key=plan.second_key, opens_accounts=target.opens_accounts
    )
    context.results.lacks.update(each.name.lower() for each in Ability if each not in probe.abilities)
    if probe.is_refused:
        reason = "the target refuses every valid request"
        context.results.add_claims(undecided_results(plan.claims or (), promised, reason))
        return refusal_of_every_request(probe.first_statuses[-1], len(probe.first_statuses))
    runner = CheckRunner(
        TargetUnderTest(
            client=context.client,
            key=target.key.value,
            second_key=plan.second_key,
            abilities=probe.abilities,
            opens_accounts=target.opens_accounts,
            is_mock=target.is_mock,
            is_strict=context.is_strict,
            has_mock_limits=context.holds_limits,
            allows_overdraft=OVERDRAFT in promised,
            sessions_to_create=_FEW_SESSIONS if target.on_rails else context.creates,
        )
    )
    for claim in plan.claims or ():
        is_promised = claim.id in promised
        result = runner.run_claim(claim, is_promised=is_promised)
        context.results.add_claims([(is_promised, result)])
        for finding in result.findings:
            context.findings.add(finding)
        yield context.progress("claims")
    if plan.rules:
        for result in runner.run_rules(plan.rule_names, is_first=context.is_first):
            context.results.note_end(result)
            for finding in result.findings:
                context.findings.add(finding)
            yield context.progress("rules")
        with context.results.failed_checks.guard("every exchange"):
            for finding in runner.check_exchanges():
                context.findings.add(finding)
    return None
