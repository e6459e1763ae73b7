"""Planned faults in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockserver.store.sqlite import codec
from mockserver.store.sqlite.rows import Rows

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault


class FaultRows(Rows):
    """See Transaction."""

    async def add_fault(self, fault: PlannedFault) -> None:
        self._do(
            "INSERT INTO faults (id, account, is_spent, record) VALUES (?, ?, ?, ?)",
            (fault.id, fault.match.account, fault.is_spent, codec.written_fault(fault)),
        )

    async def put_fault(self, fault: PlannedFault) -> None:
        self._do(
            "UPDATE faults SET is_spent = ?, record = ? WHERE id = ?",
            (fault.is_spent, codec.written_fault(fault), fault.id),
        )

    async def drop_fault(self, fault_id: str) -> None:
        self._do("DELETE FROM faults WHERE id = ?", (fault_id,))

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        rows = self._do("SELECT id, record FROM faults WHERE NOT (? AND is_spent) ORDER BY seq", (waiting,))
        return [codec.read_fault(name, text) for name, text in rows]
