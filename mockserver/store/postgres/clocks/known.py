"""All clocks as a server has read them last, and their version, which counts their changes.

A statement that needs a clock compares the version under its locks. So the clocks may be read long before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mockserver.domain.clock import Clock
from mockserver.store.postgres.clocks.row import COMMON, decode_clock
from mockserver.store.postgres.connection.link import Rows, Statement
from mockserver.store.postgres.text import unescape

READ_CLOCKS: Final[Statement] = (
    "SELECT version, account, offset_us, frozen_ms FROM clock_version LEFT JOIN clocks ON true",
    (),
)
COUNT_CHANGE: Final[Statement] = ("UPDATE clock_version SET version = version + 1", ())
"""Each change of a clock has it; a row of a table, since a sequence shows changes that are not committed."""


class KnownClocks(NamedTuple):
    """The version, the common clock, and the own ones by account."""

    version: int
    common: Clock
    own: Mapping[str, Clock]

    @classmethod
    def of(cls, rows: Rows) -> KnownClocks:
        """The clocks in the rows of READ_CLOCKS."""
        clocks = {
            unescape(account): clock
            for _, account, offset, frozen in rows
            if (clock := decode_clock(offset, frozen)) is not None
        }
        return cls(rows[0][0], clocks.pop(COMMON, Clock()), clocks)

    def clock(self, account: str) -> Clock:
        """The account's own clock, or the common one."""
        return self.own.get(account, self.common)
