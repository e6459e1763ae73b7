"""Claims and rules decided on one target, check by check, and the verdicts of several profiles made one."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.context import CheckContext, Setting, another_key
from mockserver_contracts.checks.error_body import broken_refusals
from mockserver_contracts.checks.registry import Check
from mockserver_contracts.results.finding import ClaimVerdict, Finding, Findings, Verdict
from mockserver_contracts.target.abilities import Ability, is_absent
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Away, Session, Undecided, session_of
from mockserver_contracts.target.client import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE, TargetClient
from mockserver_contracts.target.gate import REFUSALS

NOT_IMPLEMENTED: Final = "not implemented"
# A refusal of another method is one of the path's operation, too.
_DECLARED: Final = {
    CHECKOUT: "POST",
    CHECKOUTS: "GET",
    USAGE: "GET",
    INVOICES: "GET",
    TOPUP: "POST",
    AUTO_RECHARGE: "POST",
}
_ORDER: Final[tuple[Verdict, ...]] = ("violated", "undecided", "upheld")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a target is judged."""

    key: str
    second_key: str | None
    opens_accounts: bool
    is_strict: bool
    is_mock: bool
    holds_limits: bool
    is_first: bool
    creates: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check is over; `findings` are those which count."""

    name: str
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]


class CheckRunner:
    """Runs checks on one target."""

    def __init__(self, client: TargetClient, document: Mapping[str, Any], terms: Terms) -> None:
        self._client = client
        self._document = document
        self._terms = terms
        self._abilities: frozenset[Ability] = frozenset()
        self._claims, self._rules = all_checks()
        # The statuses with which the first valid requests were answered.
        self.first_statuses: list[int] = []

    @property
    def is_refused(self) -> bool:
        """Whether the target serves this run nothing at all."""
        return bool(self.first_statuses) and REFUSALS.issuperset(self.first_statuses)

    def find_abilities(self) -> None:
        """Find out what the target lets a check do."""
        key = f"{self._terms.key}-abilities" if self._terms.opens_accounts else self._terms.key
        self._abilities = frozenset(_found(AccountClient(self._client, key), self.first_statuses))
        if self._terms.opens_accounts or (not self._client.on_rails and not self.is_refused and self._is_open()):
            self._abilities |= {Ability.ACCOUNTS}
        if Ability.ACCOUNTS in self._abilities or self._terms.second_key is not None:
            self._abilities |= {Ability.SECOND}

    def _is_open(self) -> bool:
        """Whether the target opens an account for a key that nobody gave it."""
        try:
            return AccountClient(self._client, another_key(self._terms.key)).ask(amount=1).is_accepted
        except Undecided:
            return False

    def claim(self, id_: str, *, is_promised: bool) -> CheckResult:
        """Decide a claim of the page; of a claim that is not promised nothing counts but the verdict."""
        known = self._claims.get(id_)
        if known is None:
            return CheckResult(id_, "undecided", NOT_IMPLEMENTED, ())
        decided = self._decided(CheckContext(id_, "claim", self._setting()), known)
        return decided if is_promised else replace(decided, findings=())

    def rules(self, names: Collection[str] | None = None) -> Iterator[CheckResult]:
        """Hold the target to the rules, one by one; a later subject to those that its profile touches."""
        for known in self._rules.values():
            if names is not None and known.name not in names:
                continue
            if known.once and not self._terms.is_first:
                continue
            yield self._decided(CheckContext(known.name, "fuzz", self._setting()), known)

    def overall(self) -> Iterator[Finding]:
        """What was seen beside the checks: refusals of another form, and requests without an answer."""
        for answer in self._client.seen:
            path = answer.request.url.removeprefix(self._client.url.rstrip("/")).partition("?")[0]
            if path in _DECLARED:
                yield from broken_refusals(f"{_DECLARED[path]} {path}", answer.request, answer.response)
            elif answer.is_refused and answer.at("success") is True:
                yield from broken_refusals(f"{answer.request.method} {_named(path)}", answer.request, answer.response)
            elif path.startswith("/billing"):
                yield from broken_refusals("an unknown path", answer.request, answer.response)
        for request, unanswered in self._client.unanswered:
            path = request.url.removeprefix(self._client.url.rstrip("/")).partition("?")[0]
            yield Finding(
                kind="fuzz",
                check="every_request_is_answered",
                operation=f"{request.method} {_named(path)}",
                pointer="",
                cause=unanswered.cause,
                severity="error",
                title="A request without a whole answer",
                expected="an HTTP answer",
                actual=str(unanswered),
                request=request,
                response=None,
            )

    def _setting(self) -> Setting:
        terms = self._terms
        return Setting(
            client=self._client,
            document=self._document,
            key=terms.key,
            second_key=terms.second_key,
            opens_accounts=terms.opens_accounts,
            is_strict=terms.is_strict,
            is_mock=terms.is_mock,
            holds_limits=terms.holds_limits,
            is_near=not self._client.on_rails,
            abilities=self._abilities,
            creates=terms.creates,
        )

    def _decided(self, context: CheckContext, known: Check) -> CheckResult:
        missing = [ability for ability in Ability if ability in known.needs - self._abilities]
        if missing:
            return CheckResult(known.name, "undecided", missing[0].reason, ())
        findings = Findings()
        operations: set[str] = set()
        verdict: Verdict = "upheld"
        reason = ""
        try:
            for finding in known.body(context):
                # A claim that is broken in three ways by one operation is broken: once is enough.
                if context.kind == "fuzz" or finding.operation not in operations:
                    findings.add(finding)
                operations.add(finding.operation)
        except Undecided as undecided:
            verdict, reason = "undecided", str(undecided)
        if any(finding.severity == "error" for finding in findings.sorted()):
            verdict, reason = "violated", ""
        return CheckResult(known.name, verdict, reason, findings.sorted())


def _named(path: str) -> str:
    """The path without the id in it."""
    return re.sub(r"/sessions/[^/]+", "/sessions/{id}", path)


def abilities_of(account: AccountClient) -> frozenset[Ability]:
    """What the target lets a check do for the account."""
    return frozenset(_found(account, []))


def _found(account: AccountClient, statuses: list[int]) -> Iterator[Ability]:
    client = account.client
    if not client.on_rails:
        yield Ability.FREE
    session = _first_session(account, statuses)
    if session is not None:
        yield Ability.CREATE
    if statuses and REFUSALS.issuperset(statuses):
        return
    for ability, look in ((Ability.LIST, account.page), (Ability.USAGE, account.usage)):
        with contextlib.suppress(Undecided):
            answer = look()
            if not is_absent(answer.status, answer.json):
                yield ability
    if client.control is not None and not client.on_rails:
        yield from _controls(account, session)


def _first_session(account: AccountClient, statuses: list[int]) -> Session | None:
    """A session by any of the orders that a target may take."""
    for fields in ({"amount": 1}, {"amount": 1, "mode": "payment"}, {"mode": "subscription", "plan_id": "plan-basic"}):
        try:
            answer = account.ask(**fields)
        except Away as away:
            statuses.append(away.status)
            continue
        except Undecided:
            continue
        statuses.append(answer.status)
        if (session := session_of(answer, 1)) is not None:
            return session
    return None


def _controls(account: AccountClient, session: Session | None) -> Iterator[Ability]:
    with contextlib.suppress(Undecided):
        if account.now() is not None:
            yield Ability.CLOCK
    if session is None:
        return
    with contextlib.suppress(Undecided):
        if account.look(session).at("id") == session.id:
            yield Ability.SESSIONS
    for ability, call in ((Ability.CANCEL, account.cancel), (Ability.PAY, account.pay)):
        with contextlib.suppress(Undecided):
            answer = call(session)
            if not is_absent(answer.status, answer.json) and isinstance(answer.json, dict):
                yield ability


def verdicts(
    claims: Sequence[Mapping[str, Any]],
    decided: Mapping[str, Sequence[tuple[bool, CheckResult]]],
) -> Iterator[ClaimVerdict]:
    """Each claim of the file with one verdict: the gravest among the profiles which promise it, or of all."""
    for claim in claims:
        of_claim = decided.get(claim["id"], ())
        promised = [each for is_promised, each in of_claim if is_promised]
        gravest = _gravest(promised or [each for _, each in of_claim])
        ids = {finding.id: None for each in promised for finding in each.findings}
        yield ClaimVerdict(
            id=claim["id"],
            voice=claim["voice"],
            statement=" ".join(claim["statement"].split()),
            promised=bool(promised),
            verdict=gravest.verdict,
            reason=gravest.reason,
            evidence=tuple(ids) if gravest.verdict == "violated" else (),
        )


def left(
    claims: Iterable[Mapping[str, Any]], promised: frozenset[str], reason: str
) -> Iterator[tuple[bool, CheckResult]]:
    """Each claim, undecided for the reason."""
    for claim in claims:
        yield claim["id"] in promised, CheckResult(claim["id"], "undecided", reason, ())


def undecided(
    claims: Sequence[Mapping[str, Any]], profiles: frozenset[str], promises: frozenset[str]
) -> Iterator[ClaimVerdict]:
    """Each claim of the file, undecided for want of a check; promised where a profile says so."""
    for claim in claims:
        promised = claim["id"] in promises or bool(profiles.intersection(claim.get("promised_by", ())))
        yield from verdicts(
            [claim], {claim["id"]: [(promised, CheckResult(claim["id"], "undecided", NOT_IMPLEMENTED, ()))]}
        )


def _gravest(decided: Sequence[CheckResult]) -> CheckResult:
    return min(decided, key=lambda each: _ORDER.index(each.verdict))
