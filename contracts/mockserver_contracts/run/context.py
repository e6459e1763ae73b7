"""One subject of a run at its turn: what the parts of the run work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockserver_contracts.results.events import RunProgress
from mockserver_contracts.results.finding import Findings
from mockserver_contracts.run.plan import Order, Subject
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import TargetClient, in_process
from mockserver_contracts.target.gate import Gate, Limits
from mockserver_contracts.target.target import Target
from mockserver_contracts.target.transports import HttpTransport


@dataclass(slots=True)
class RunContext:
    """A target behind its door, and what has been found so far."""

    subject: Subject
    order: Order
    target: Target
    results: RunResults
    deadline: float | None
    # How many sessions the target is to make, to see whether two of them are alike.
    creates: int
    # Of the subjects of a run; what no profile changes is looked at there.
    is_first: bool
    gate: Gate = field(init=False)
    findings: Findings = field(default_factory=Findings)
    client: TargetClient = field(init=False)
    _elsewhere: HttpTransport | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        target = self.target
        self.gate = Gate(target.transport, target.limits, deadline=self.deadline)
        control = None if target.on_rails else self.order.control or f"{target.url.rstrip('/')}/_mock"
        if control is not None and not control.startswith(target.url.rstrip("/") + "/"):
            self._elsewhere = HttpTransport(control)
        self.client = TargetClient(
            gate=self.gate,
            url=target.url,
            key_header=self.subject.key_header,
            is_in_process=in_process(target.transport),
            control=control,
            control_gate=None if self._elsewhere is None else Gate(self._elsewhere, Limits(), deadline=self.deadline),
            on_rails=target.on_rails,
        )

    @property
    def requests_sent(self) -> int:
        """How many requests went out, through all doors."""
        return self.client.requests_sent

    @property
    def account(self) -> AccountClient:
        """The account of the run's own key."""
        return AccountClient(self.client, self.target.key.value)

    @property
    def is_strict(self) -> bool:
        """Whether exact statuses are held."""
        return self.target.is_mock or self.order.strict

    @property
    def holds_limits(self) -> bool:
        """Whether the limits of the parser are held: not every right server has them; ours does."""
        return self.target.name == "mock" or self.order.strict

    def broken_claims(self) -> frozenset[str]:
        """The claims that have been found broken."""
        return frozenset(finding.check for finding in self.findings.sorted() if finding.kind == "claim")

    def progress(self, phase: str) -> RunProgress:
        """How far the run has come."""
        sent = self.results.requests_sent + self.requests_sent
        return RunProgress(self.subject.profile, phase, sent, len(self.results.findings) + len(self.findings))

    def close(self) -> None:
        """Leave the target; what was found stays."""
        self.client.close()
        if self._elsewhere is not None:
            self._elsewhere.close()
        self.target.close()
