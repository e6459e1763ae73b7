"""The plan of a run: its subjects, its parts and its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.contract.operation import STATEFUL
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.corpus.entry import Origin
from mockserver_contracts.document.key_header import key_header
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.exit_code import DEFAULT_FAIL_ON
from mockserver_contracts.results.finding import SEVERITIES
from mockserver_contracts.results.run_command import RunCommand
from mockserver_contracts.target.target import Target


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract and the target that is held to it. The target is opened when its turn comes."""

    profile: str
    document: Mapping[str, Any]
    promises: frozenset[str]
    open: Callable[[], Target]
    # The mock to compare the target with. Without it the target is held to the contract alone.
    mock: Callable[[], Target] | None = None
    # A mock of the contract for a second opinion, unless the contract is VideoDB's.
    opinion: Callable[[], Target] | None = None

    @property
    def is_videodb(self) -> bool:
        """The contract is VideoDB's, which the claims are about."""
        checkout = self.document.get("paths", {}).get(CHECKOUT, {}).get("post", {})
        return checkout.get(STATEFUL) is True

    @property
    def key_header(self) -> str:
        """The header in which the contract expects the key."""
        return key_header(self.document)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The plan of a run; without `claims` it decides none."""

    name: str
    subjects: tuple[Subject, ...]
    seed: int
    max_examples: int
    time_budget: float | None = None
    fail_on: frozenset[str] = DEFAULT_FAIL_ON
    claims: Sequence[Claim] | None = None
    # The parts beside the claims: the corpus, and the rules of our own.
    fuzz: bool = True
    rules: bool = True
    # The rules to check, by name; None means all of them.
    rule_names: frozenset[str] | None = None
    # The origins of the corpus entries to send; None means all of them.
    origins: frozenset[Origin] | None = None
    # The operations whose entries to send; None means all of them.
    operations: frozenset[str] | None = None
    # Exact statuses and the limits of the parser count; on a mock they always do.
    strict: bool = False
    # The control API, unless it is at /_mock of the target.
    control: str | None = None
    second_key: str | None = None
    # The name of the file with the document, unless it is VideoDB's.
    spec: str = ""
    # The findings that were accepted before; an update accepts the new ones too.
    baseline: Baseline | None = None
    updates_baseline: bool = False
    # The exchanges are counted for a report of the contract's coverage.
    counts_coverage: bool = False
    # The command that reports name, unless it follows from the subjects.
    named: RunCommand | None = None

    @property
    def command(self) -> Literal["check", "drift"]:
        """The command of the run. A run compares with the mock, or it checks alone."""
        return "drift" if any(subject.mock is not None for subject in self.subjects) else "check"

    @property
    def fails_on(self) -> frozenset[str]:
        """The severities and verdicts that fail the run: with a baseline, every finding that it does not accept."""
        return self.fail_on if self.baseline is None else self.fail_on.union(SEVERITIES)

    @property
    def without(self) -> tuple[str, ...]:
        """The parts that the run leaves out. Another API than VideoDB's has no claims to leave out."""
        has_claims = self.claims is not None or not any(subject.is_videodb for subject in self.subjects)
        parts = {"claims": has_claims, "rules": self.rules, "corpus": self.fuzz}
        return tuple(name for name, is_run in parts.items() if not is_run)

    @property
    def is_unfiltered(self) -> bool:
        """The parts of the run are run with all their rules and entries."""
        return self.rule_names is None and self.origins is None and self.operations is None

    def promised(self, subject: Subject) -> frozenset[str]:
        """The claims that the subject's profile promises: by its own file, or by `promised_by` of a claim."""
        bundled = {claim.id for claim in self.claims or () if subject.profile in claim.promised_by}
        return subject.promises | bundled
