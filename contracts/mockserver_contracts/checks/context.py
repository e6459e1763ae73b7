"""The context of a check: the target under test, the check's accounts, and the findings that it yields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockserver_contracts.checks.trail import steps_to
from mockserver_contracts.exchange import Exchange, Request
from mockserver_contracts.results.finding import RULE_PREFIX, Finding, FindingKind, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.key_variants import unissued_key
from mockserver_contracts.target.undecided import Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetUnderTest:
    """The target of a run: the client that reaches it, its abilities, and the strictness of its checks."""

    client: TargetClient
    key: str
    second_key: str | None
    abilities: frozenset[Ability]
    # Every well-formed key opens an account, so each check gets fresh ones.
    opens_accounts: bool
    is_mock: bool
    # Another status than the contract's is an error.
    is_strict: bool
    # The limits of the mock's parser are checked; other correct servers may have others.
    has_mock_limits: bool
    # The profile promises that consumption may take the balance below zero.
    allows_overdraft: bool
    # The target has to create so many sessions without repeating an id.
    sessions_to_create: int

    @property
    def severity_of_assumption(self) -> Severity:
        """The severity of what only an assumption of ours says; a server that is no mock need not share it."""
        return "error" if self.is_strict else "info"


@dataclass(slots=True)
class CheckContext:
    """The working environment of one check on one target."""

    name: str
    kind: FindingKind
    target: TargetUnderTest
    # The sentence that the check decides.
    promise: str = ""
    _accounts: int = 0

    def account(self) -> AccountClient:
        """Return the account of the run; if the target opens accounts, a new one at each call."""
        target = self.target
        if not target.opens_accounts:
            return AccountClient(target.client, target.key)
        self._accounts += 1
        return AccountClient(target.client, f"{target.key}-{self.name}-{self._accounts}")

    def new_account(self) -> AccountClient:
        """Return a new account if the target opens one for every key, else the account of the run."""
        return self.accounts(1)[0] if Ability.ACCOUNTS in self.target.abilities else self.account()

    def accounts(self, number: int) -> list[AccountClient]:
        """New accounts. Raise Undecided if the target knows no key but those it was given."""
        if self.target.opens_accounts:
            return [self.account() for _ in range(number)]
        self.require(Ability.ACCOUNTS)
        stem = f"{unissued_key(self.target.key)}-{self.name.removeprefix(RULE_PREFIX)}"
        return [AccountClient(self.target.client, f"{stem}-{each}") for each in range(number)]

    def several_accounts(self, number: int) -> list[AccountClient]:
        """New accounts, or the run's own and the second one. Raise Undecided if there are no two."""
        if self.target.opens_accounts or Ability.ACCOUNTS in self.target.abilities:
            return self.accounts(number)
        return [self.account(), self.second_account()]

    def second_account(self) -> AccountClient:
        """Return an account of another owner. Raise Undecided if there is none."""
        target = self.target
        if target.opens_accounts:
            return self.account()
        if target.second_key is not None:
            return AccountClient(target.client, target.second_key)
        if Ability.ACCOUNTS in target.abilities:
            return AccountClient(target.client, unissued_key(target.key))
        raise Undecided(Ability.SECOND.reason)

    def require(self, *abilities: Ability) -> None:
        """Raise Undecided if the target lacks one of the abilities."""
        for ability in abilities:
            if ability not in self.target.abilities:
                raise Undecided(ability.reason)

    def violation(
        self,
        answer: Exchange,
        cause: str,
        *,
        expected: str,
        actual: str | None = None,
        pointer: str = "",
        severity: Severity = "error",
        operation: str | None = None,
        title: str | None = None,
    ) -> Finding:
        """Return a finding with the exchange that shows it, and those that led to it."""
        client = self.target.client
        shown = answer.summary if actual is None else actual
        return Finding(
            kind=self.kind,
            check=self.name,
            operation=operation or operation_of(answer.request, client.url),
            pointer=pointer,
            cause=cause,
            severity=severity,
            title=title or self.name.replace("-", " ").capitalize() + f": {cause}",
            expected=expected,
            # A number and the same number as text look alike.
            actual=f"{shown}, but of another type" if shown == expected else shown,
            request=answer.request,
            response=answer.response,
            promise=self.promise,
            steps=steps_to(answer, client.trail, client.url),
        )

    def expect_acceptance(self, answer: Exchange, cause: str) -> Iterator[Finding]:
        """Yield a finding if the answer is no acceptance (2xx)."""
        if not answer.is_accepted:
            yield self.violation(answer, cause, expected="200")

    def expect_refusal(self, answer: Exchange, cause: str, *, status: int | None = None) -> Iterator[Finding]:
        """Yield a finding if the answer is no refusal (4xx), or for a rule if it has another status."""
        if answer.is_accepted:
            yield self.violation(answer, cause, expected="a refusal (4xx)")
        elif not answer.is_refused:
            yield self._failure(answer, cause)
        elif status is not None and self.kind == "fuzz":
            yield from self._expect_status(answer, status)

    def _failure(self, answer: Exchange, cause: str) -> Finding:
        """The finding for an answer that neither accepts nor refuses; it leaves a claim undecided."""
        if self.kind == "claim":
            raise Undecided(f"the target answered {answer.status}")
        return self.violation(answer, f"{answer.status} {cause}", expected="an answer of the 2xx or 4xx family")

    def _expect_status(self, answer: Exchange, status: int) -> Iterator[Finding]:
        """Yield a finding if a refusal has another status; it is an error on a strictly checked target only."""
        if answer.status != status:
            severity: Severity = "error" if self.target.is_strict else "info"
            cause = f"{answer.status} for {status}"
            yield self.violation(answer, cause, expected=str(status), severity=severity)


def operation_of(request: Request, base_url: str) -> str:
    """The method and the path of a request, with `{id}` in place of a session's id."""
    return f"{request.method} {re.sub(r'/sessions/[^/]+', '/sessions/{id}', request.path_below(base_url))}"
