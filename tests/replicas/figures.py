"""The figures of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.auditor import Exchange, Recorder, Report
from tests.replicas.clients import Clients
from tests.replicas.outage import Outage
from tests.replicas.probes import Probes
from tests.replicas.tally import Tally, count

_BY_A_KILL = (None, 502)
"""The answers that a kill causes: none, or that of the balancer."""


@dataclass(frozen=True, slots=True)
class OutageFigures:
    """One restart, as the probes and the clients of the balancer saw it."""

    mode: str
    seconds: float
    refusals: int
    others: Counter[str]
    """Answers, other than refusals, to requests that began and ended without a database."""
    hasty_refusals: Sequence[str]
    longest: float
    """The longest answer to a probe of a mock."""
    longest_balanced: float
    """The longest answer to a probe of the balancer."""
    recovery: float
    """From the start of the database to the first answer 200 of a mock."""
    recovery_balanced: float
    """To the first one of the balancer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run."""

    seed: int
    requests: int
    statuses: Counter[int | None]
    kills: int
    outages: Sequence[OutageFigures]
    tally: Tally
    reports: Sequence[Report]

    def __str__(self) -> str:
        statuses = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items(), key=str))
        lines = [
            f"seed {self.seed}: {self.requests} requests ({statuses}), {self.kills} kills",
            f"{self.tally.changes} changes counted; lost: {self.tally.lost}; doubled: {self.tally.doubled}",
            *(f"contradictions: {report.rules}, undecided: {len(report.undecided)}" for report in self.reports),
        ]
        lines += [
            f"{each.mode} stop, away for {each.seconds:.2f} s: {each.refusals} refusals, others {dict(each.others)}, "
            f"longest answer {each.longest:.2f} s ({each.longest_balanced:.2f} s through the balancer), "
            f"first 200 after {each.recovery:.2f} s ({each.recovery_balanced:.2f} s)"
            for each in self.outages
        ]
        return "\n".join(lines)


class Observed(NamedTuple):
    """Everything that clients have seen."""

    clients: Clients
    recorder: Recorder
    probes: Probes
    balanced_probes: Probes

    @property
    def recorders(self) -> Sequence[Recorder]:
        """The recorders of all clients."""
        return self.recorder, self.probes.recorder, self.balanced_probes.recorder


def outcome_of(seed: int, seen: Observed, outages: Sequence[Outage], *, kills: int, surveyed: float) -> Outcome:
    """The figures, with the audits."""
    exchanges = [each for recorder in seen.recorders for each in recorder.exchanges()]
    return Outcome(
        seed,
        len(exchanges),
        Counter(each.status for each in exchanges),
        kills,
        [_figures(outage, seen, exchanges) for outage in outages],
        count(seen.recorder.exchanges(), seen.clients.steady, surveyed=surveyed),
        [recorder.audit() for recorder in seen.recorders],
    )


def _figures(outage: Outage, seen: Observed, exchanges: Sequence[Exchange]) -> OutageFigures:
    within = [each for each in exchanges if outage.is_within(each)]
    others = [each for each in within if each.status != 503 and each.status not in _BY_A_KILL]
    return OutageFigures(
        outage.mode,
        outage.started - outage.stopping,
        sum(each.status == 503 for each in within),
        Counter(f"{each.status} {each.method} {each.path}" for each in others),
        [*seen.clients.hasty_refusals, *seen.probes.hasty_refusals, *seen.balanced_probes.hasty_refusals],
        outage.longest(seen.probes.waits),
        outage.longest(seen.balanced_probes.waits),
        outage.recovery(seen.probes.recorder.exchanges()),
        outage.recovery(seen.balanced_probes.recorder.exchanges()),
    )
