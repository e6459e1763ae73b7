"""The counter: it takes exchanges, one by one or many alike at once, and counts the goals that they reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract import Contract, Operation
from mockserver.coverage.claims.claim_touches import ClaimTouches
from mockserver.coverage.exchange import SeenExchange
from mockserver.coverage.operation_plan import OperationPlan
from mockserver.coverage.report.coverage_report import CountedGoal, CoverageReport, OperationCoverage

_OWN_PATHS: Final = ("/_mock", "/c/", "/pay/")
"""The paths of a mock beside the contract's: its control API and its pages."""

_BY_THE_WAY: Final = frozenset({"OPTIONS", "HEAD"})
"""Methods that a server answers though its document does not declare them, such as a browser's preflights."""


class OperationCounter:
    """The counts of one operation. Its goals are planned when the first exchange comes."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._plan: OperationPlan | None = None
        self._counts: Counter[int] = Counter()
        self._surprises: Counter[str] = Counter()

    @property
    def plan(self) -> OperationPlan:
        """The goals."""
        if self._plan is None:
            self._plan = OperationPlan(self._operation)
        return self._plan

    def add(self, exchange: SeenExchange, times: int) -> None:
        """Count the exchange."""
        for number in self.plan.hits(exchange):
            self._counts[number] += times
        if (surprise := self.plan.surprise(exchange)) is not None:
            self._surprises[surprise] += times

    def report(self) -> OperationCoverage:
        """The counts."""
        goals = tuple(CountedGoal(goal, self._counts[number]) for number, goal in enumerate(self.plan.list.goals))
        return OperationCoverage(
            self._operation.method, self._operation.path, goals, dict(sorted(self._surprises.items()))
        )


class CoverageCounter:
    """The counts of one contract, and of the claims if the contract is VideoDB's."""

    def __init__(self, contract: Contract, name: str) -> None:
        """A counter of a contract; the name stands in reports."""
        self._contract = contract
        self._name = name
        self._exchanges = 0
        self._outside = 0
        self._operations = {(each.path, each.method): OperationCounter(each) for each in contract.operations}
        self._claims = ClaimTouches() if is_videodb(contract) else None

    def add(self, exchange: SeenExchange, times: int = 1) -> None:
        """Count an exchange, which came so many times."""
        if self._claims is not None:
            self._claims.add(exchange, times)
        item = self._contract.path(exchange.path)
        if item is None and (found := self._contract.other_form(exchange.path)) is not None:
            item, path = found
            exchange = exchange._replace(path=path)
        operation = None if item is None else item.operation(exchange.method)
        if operation is not None:
            self._exchanges += times
            self._operations[operation.path, operation.method].add(exchange, times)
        elif not exchange.path.startswith(_OWN_PATHS) and exchange.method not in _BY_THE_WAY:
            self._exchanges += times
            self._outside += times

    def plans(self) -> Iterator[OperationPlan]:
        """The goals of each operation. A step takes about a millisecond, the first time."""
        return (operation.plan for operation in self._operations.values())

    def report(self) -> CoverageReport:
        """The counts so far."""
        return CoverageReport(
            contracts=(self._name,),
            exchanges=self._exchanges,
            outside=self._outside,
            operations=tuple(each.report() for each in self._operations.values()),
            claims=() if self._claims is None else self._claims.report(),
        )


def is_videodb(contract: Contract) -> bool:
    """The contract has VideoDB's checkout, which the claims are about."""
    return any((each.path, each.method) == ("/billing/checkout", "POST") for each in contract.stateful)


def contract_name(document: Mapping[str, Any], profile: str) -> str:
    """The name of a contract in reports: the document's title, and the profile."""
    title = (document.get("info") or {}).get("title")
    return f"{title}, profile {profile}" if title else f"profile {profile}"
