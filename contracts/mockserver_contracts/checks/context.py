"""The place at which a check works: accounts of its own, and how it tells what it found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from mockserver_contracts.results.finding import Finding, FindingKind, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Answer, Undecided
from mockserver_contracts.target.client import TargetClient


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all checks of a run on one target."""

    client: TargetClient
    document: Mapping[str, Any]
    key: str
    second_key: str | None
    # Every well-formed key opens an account there, so each check gets fresh ones.
    opens_accounts: bool
    is_strict: bool
    is_mock: bool
    holds_limits: bool
    # It stands on this machine: nothing but itself makes it slow.
    is_near: bool
    abilities: frozenset[Ability]
    creates: int = 200


@dataclass(slots=True)
class CheckContext:
    """What a check works with."""

    name: str
    kind: FindingKind
    setting: Setting
    _accounts: int = field(default=0)

    @property
    def client(self) -> TargetClient:
        """The way to the target."""
        return self.setting.client

    @property
    def has(self) -> frozenset[Ability]:
        """What the target lets a check do."""
        return self.setting.abilities

    @property
    def is_strict(self) -> bool:
        """Whether exact statuses are held."""
        return self.setting.is_strict

    def account(self) -> AccountClient:
        """The account of the run; where accounts are free, a new one at each call."""
        if not self.setting.opens_accounts:
            return AccountClient(self.client, self.setting.key)
        self._accounts += 1
        return AccountClient(self.client, f"{self.setting.key}-{self.name}-{self._accounts}")

    def stranger(self) -> AccountClient:
        """An account of somebody else; raises Undecided where there is none."""
        if self.setting.opens_accounts:
            return self.account()
        if self.setting.second_key is not None:
            return AccountClient(self.client, self.setting.second_key)
        if Ability.ACCOUNTS in self.has:
            return AccountClient(self.client, another_key(self.setting.key))
        raise Undecided(Ability.SECOND.reason)

    def need(self, *abilities: Ability) -> None:
        """Raise Undecided where the target lacks one of the abilities."""
        for ability in abilities:
            if ability not in self.has:
                raise Undecided(ability.reason)

    def broken(
        self,
        answer: Answer,
        cause: str,
        *,
        expected: str,
        actual: str | None = None,
        pointer: str = "",
        severity: Severity = "error",
        operation: str | None = None,
        title: str | None = None,
    ) -> Finding:
        """A finding with the exchange that shows it."""
        path = answer.request.url.removeprefix(self.client.url.rstrip("/")).partition("?")[0]
        told = f"{answer.request.method} {re.sub(r'/sessions/[^/]+', '/sessions/{id}', path)}"
        return Finding(
            kind=self.kind,
            check=self.name,
            operation=operation or told,
            pointer=pointer,
            cause=cause,
            severity=severity,
            title=title or self.name.replace("-", " ").capitalize() + f": {cause}",
            expected=expected,
            actual=actual if actual is not None else answer.told,
            request=answer.request,
            response=answer.response,
        )

    def refused(self, answer: Answer, cause: str, *, exactly: int | None = None) -> Iterator[Finding]:
        """Findings where the answer accepts what has to be refused, or refuses it with another status."""
        if answer.is_accepted:
            yield self.broken(answer, cause, expected="a refusal (4xx)")
        elif not answer.is_refused:
            yield from self.trouble(answer, cause)
        elif exactly is not None and answer.status != exactly and self.kind == "fuzz":
            yield self.exact(answer, exactly)

    def trouble(self, answer: Answer, cause: str) -> Iterator[Finding]:
        """An answer that is neither yes nor no: a rule is broken, a claim is not decided."""
        if self.kind == "claim":
            raise Undecided(f"the target answered {answer.status}")
        yield self.broken(answer, f"{answer.status} {cause}", expected="an answer of the 2xx or 4xx family")

    def exact(self, answer: Answer, status: int) -> Finding:
        """A refusal with another status than the contract's: an error where exact statuses are held."""
        severity: Severity = "error" if self.is_strict else "info"
        return self.broken(answer, f"{answer.status} for {status}", expected=str(status), severity=severity)

    def accepted(self, answer: Answer, cause: str) -> Iterator[Finding]:
        """Findings where the answer refuses what has to be accepted."""
        if not answer.is_accepted:
            yield self.broken(answer, cause, expected="200")


def another_key(key: str) -> str:
    """A well-formed key that nobody was given; the same for the same key."""
    return f"sk-check-{sha256(key.encode()).hexdigest()[:24]}"
