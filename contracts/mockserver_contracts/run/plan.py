"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.corpus.entry import Origin
from mockserver_contracts.results.finding import SEVERITIES, Kind
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.target.client import CHECKOUT
from mockserver_contracts.target.target import Target


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract and the target that is held to it; the target is opened when its turn comes."""

    profile: str
    document: Mapping[str, Any]
    promises: frozenset[str]
    open: Callable[[], Target]
    # The mock to compare the target with; without it the target is held to the contract alone.
    mock: Callable[[], Target] | None = None
    # Where to note what both were seen to answer.
    notes: Observations | None = None

    @property
    def is_videodb(self) -> bool:
        """Whether the contract is of the API that the claims are about."""
        return CHECKOUT in self.document.get("paths", {})

    @property
    def key_header(self) -> str:
        """The header in which the contract wants the key."""
        return key_header(self.document)


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked to do; without `claims` it decides none."""

    name: str
    subjects: tuple[Subject, ...]
    seed: int
    max_examples: int
    time_budget: float | None = None
    fail_on: frozenset[str] = frozenset({"error"})
    claims: Sequence[Mapping[str, Any]] | None = None
    # The parts of a run beside the claims: the corpus, and the rules of our own.
    fuzz: bool = True
    rules: bool = True
    # The rules to check by name; None checks all of them.
    rule_names: frozenset[str] | None = None
    # The origins of the corpus entries to send; None sends all of them.
    origins: frozenset[Origin] | None = None
    # Whether exact statuses and the limits of the parser are held; on a mock they always are.
    strict: bool = False
    # The control API, where it is not at /_mock of the target.
    control: str | None = None
    second_key: str | None = None
    # What was accepted before, and whether what is new is accepted from now on.
    baseline: Baseline | None = None
    updates_baseline: bool = False

    @property
    def looks_for(self) -> tuple[Kind, ...]:
        """The kinds of findings that the run may come to."""
        return ("drift",) if any(subject.mock is not None for subject in self.subjects) else ("claim", "fuzz")

    @property
    def fails_on(self) -> frozenset[str]:
        """What fails the run: with a baseline, whatever it does not accept."""
        return self.fail_on if self.baseline is None else self.fail_on.union(SEVERITIES)

    @property
    def is_whole(self) -> bool:
        """Whether no part of the run is left out; another API than VideoDB's has no claims to leave out."""
        has_claims = self.claims is not None or not any(subject.is_videodb for subject in self.subjects)
        return has_claims and self.fuzz and self.rules

    def promised(self, subject: Subject) -> frozenset[str]:
        """The claims that the subject's profile promises."""
        named = {c["id"] for c in self.claims or () if subject.profile in c.get("promised_by", ())}
        return subject.promises | named


def key_header(document: Mapping[str, Any]) -> str:
    """The header in which the document wants the key; VideoDB's own where it names none."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return str(scheme["name"])
    return "x-access-token"
