"""SQL of planned faults. One transaction of all servers works on them at a time: each applies as often as planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockserver.store import codec
from mockserver.store.postgres.connection.link import Statement
from mockserver.store.postgres.round_trips import RoundTrips
from mockserver.store.postgres.text import escape, escape_optional, unescape

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault


class FaultQueries(RoundTrips):
    """See Transaction."""

    _has_faults = False
    """The transaction has locked the faults."""

    async def add_fault(self, fault: PlannedFault) -> None:
        self._change_faults(
            "INSERT INTO faults (id, account, is_spent, record) VALUES ($1, $2, $3, $4)",
            escape(fault.id),
            escape_optional(fault.match.account),
            fault.is_spent,
            codec.encode_fault(fault),
        )

    async def put_fault(self, fault: PlannedFault) -> None:
        self._change_faults(
            "UPDATE faults SET is_spent = $1, record = $2 WHERE id = $3",
            fault.is_spent,
            codec.encode_fault(fault),
            escape(fault.id),
        )

    async def drop_fault(self, fault_id: str) -> None:
        self._change_faults("DELETE FROM faults WHERE id = $1", escape(fault_id))

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        *_, rows = await self._fetch(
            *self._faults_lock(),
            ("SELECT id, record FROM faults WHERE NOT ($1 AND is_spent) ORDER BY seq", (waiting,)),
        )
        return [codec.decode_fault(unescape(name), text) for name, text in rows]

    def _change_faults(self, sql: str, *parameters: object) -> None:
        self._waiting.extend(self._faults_lock())
        self._later(sql, *parameters)

    def _faults_lock(self) -> Sequence[Statement]:
        """The statement that locks the faults, if the transaction has not done so."""
        lock = () if self._has_faults else (self._keys.lock_faults(),)
        self._has_faults = True
        return lock
