"""The phase of a run that decides the claims and checks the rules."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from mockserver_contracts.checks.context import TargetUnderTest
from mockserver_contracts.checks.runner import CheckRunner
from mockserver_contracts.checks.verdicts import undecided_results
from mockserver_contracts.results.finding import Event, RunFailure
from mockserver_contracts.run.context import RunContext
from mockserver_contracts.target.abilities import AbilityProbe, probe_target

KEY_CODES: Final = {401: "key_refused", 403: "key_refused", 429: "rate_limited"}
_FEW_SESSIONS: Final = 20


def run_claims(context: RunContext) -> Generator[Event, None, RunFailure | None]:
    """Decide the claims and check the rules. Return the reason if the target refuses every valid request."""
    order, target = context.order, context.target
    promised = order.promised(context.subject)
    # Where the user named a key, the mock may know no other.
    opens_accounts = target.is_mock and bool(target.key.stand_in)
    probe = probe_target(context.client, target.key.value, second_key=order.second_key, opens_accounts=opens_accounts)
    if probe.is_refused:
        reason = "the target refuses every valid request"
        context.results.note(undecided_results(order.claims or (), promised, reason))
        return _failure(probe)
    runner = CheckRunner(
        TargetUnderTest(
            client=context.client,
            key=target.key.value,
            second_key=order.second_key,
            abilities=probe.abilities,
            opens_accounts=opens_accounts,
            is_mock=target.is_mock,
            is_strict=context.is_strict,
            has_mock_limits=context.holds_limits,
            sessions_to_create=_FEW_SESSIONS if target.on_rails else context.creates,
        )
    )
    for claim in order.claims or ():
        is_promised = claim["id"] in promised
        result = runner.run_claim(claim["id"], is_promised=is_promised)
        context.results.note([(is_promised, result)])
        for finding in result.findings:
            context.findings.add(finding)
        yield context.progress("claims")
    if order.rules:
        for result in runner.run_rules(is_first=context.is_first):
            for finding in result.findings:
                context.findings.add(finding)
            yield context.progress("rules")
        for finding in runner.check_exchanges():
            context.findings.add(finding)
    return None


def _failure(probe: AbilityProbe) -> RunFailure:
    status = probe.first_statuses[-1]
    message = f"every valid request was answered {status} ({len(probe.first_statuses)} sent)"
    return RunFailure(KEY_CODES.get(status, "unavailable"), message)
