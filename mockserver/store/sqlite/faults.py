"""SQL of planned faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockserver.store import codec
from mockserver.store.sqlite.rows import Statements

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault


class FaultStatements(Statements):
    """See Transaction."""

    async def add_fault(self, fault: PlannedFault) -> None:
        self._execute(
            "INSERT INTO faults (id, account, is_spent, record) VALUES (?, ?, ?, ?)",
            (fault.id, fault.match.account, fault.is_spent, codec.encode_fault(fault)),
        )

    async def put_fault(self, fault: PlannedFault) -> None:
        self._execute(
            "UPDATE faults SET is_spent = ?, record = ? WHERE id = ?",
            (fault.is_spent, codec.encode_fault(fault), fault.id),
        )

    async def drop_fault(self, fault_id: str) -> None:
        self._execute("DELETE FROM faults WHERE id = ?", (fault_id,))

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        rows = self._execute("SELECT id, record FROM faults WHERE NOT (? AND is_spent) ORDER BY seq", (waiting,))
        return [codec.decode_fault(name, text) for name, text in rows]
