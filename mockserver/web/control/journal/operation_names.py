"""The names of the contract's operations, as exchanges show them."""

from __future__ import annotations

from mockserver.contract import Contract
from mockserver.journal import JournalEntry


class OperationNames:
    """Names the operation of an exchange: its method and its path as the contract declares it.

    The contract in force decides, so the journal need not store the name.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def of(self, entry: JournalEntry) -> str | None:
        """The name, such as `GET /billing/usage`; None if the contract declares no such operation."""
        item = self._contract.path(entry.path)
        if item is None and (found := self._contract.other_form(entry.path)) is not None:
            item, _ = found
        operation = item.operation(entry.method) if item is not None else None
        return operation.name if operation is not None else None

    def all(self) -> tuple[str, ...]:
        """Every name."""
        return tuple(operation.name for operation in self._contract.operations)
