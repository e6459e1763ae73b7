"""The context of a run on one subject: the target behind its gate, and the findings so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.events import RunProgress
from mockserver_contracts.results.finding import Findings
from mockserver_contracts.run.coverage import CONTROL, ExchangeCount
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.results import RunResults
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.gate import Gate, Limits
from mockserver_contracts.target.leftovers import reset_accounts
from mockserver_contracts.target.paging import PageLengths
from mockserver_contracts.target.target import Target
from mockserver_contracts.target.transport.http_transport import HttpTransport


@dataclass(slots=True)
class RunContext:
    """The parts that every phase of the run works with."""

    subject: Subject
    plan: RunPlan
    target: Target
    results: RunResults
    deadline: float | None
    # The number of sessions that the checks create to look for two that are alike.
    creates: int
    # The first subject of the run also gets the checks that no profile changes.
    is_first: bool
    gate: Gate = field(init=False)
    findings: Findings = field(default_factory=Findings)
    # Counts the exchanges with the target, where a report asks for it.
    coverage: ExchangeCount | None = field(init=False, default=None)
    client: TargetClient = field(init=False)
    _control_transport: HttpTransport | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        target = self.target
        if self.plan.counts_coverage:
            self.coverage = ExchangeCount(self.subject.document, self.subject.profile)
        self.gate = Gate(
            target.transport, target.limits, deadline=self.deadline, listener=self._listener(target.transport.url)
        )
        control = None if target.on_rails else self.plan.control or f"{self.gate.url}/_mock"
        control_gate = None
        if control is not None and not control.startswith(f"{self.gate.url}/"):
            self._control_transport = HttpTransport(control)
            listener = self._listener(self._control_transport.url, below=CONTROL)
            control_gate = Gate(self._control_transport, Limits(), deadline=self.deadline, listener=listener)
        self.client = TargetClient(
            gate=self.gate,
            key_header=self.subject.key_header,
            is_in_process=target.is_in_process,
            control=control,
            control_gate=control_gate,
            on_rails=target.on_rails,
            page_lengths=PageLengths(is_known=self.is_strict),
        )

    def _listener(self, base: str, *, below: str = "") -> Callable[[Exchange], None] | None:
        return None if self.coverage is None else self.coverage.listener(base, below=below)

    @property
    def requests_sent(self) -> int:
        """The number of requests that went out, those to the control API included."""
        return self.client.requests_sent

    @property
    def account(self) -> AccountClient:
        """The account of the run's own key."""
        return AccountClient(self.client, self.target.key.value)

    @property
    def is_strict(self) -> bool:
        """Exact statuses count."""
        return self.target.is_mock or self.plan.strict

    @property
    def holds_limits(self) -> bool:
        """The limits of the parser count: the mock has them, other right servers need not."""
        return self.target.name == "mock" or self.plan.strict

    def violated_claims(self) -> frozenset[str]:
        """The claims that were found violated so far."""
        return frozenset(finding.check for finding in self.findings.sorted() if finding.kind == "claim")

    def progress(self, phase: str) -> RunProgress:
        """The progress of the run, as an event."""
        sent = self.results.requests_sent + self.requests_sent
        return RunProgress(self.subject.profile, phase, sent, len(self.results.findings) + len(self.findings))

    def close(self) -> None:
        """Leave a running mock as it was, and close the connections to the target; the findings stay."""
        given = {self.plan.second_key or ""} | (set() if self.target.opens_accounts else {self.target.key.value})
        if self.gate.failure is None:
            exchanges, key_header = self.client.exchanges, self.subject.key_header
            reset_accounts(self.target, exchanges, key_header=key_header, own=given, deadline=self.deadline)
        self.client.close()
        if self._control_transport is not None:
            self._control_transport.close()
        self.target.close()
