"""What a transaction says to SQLite."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from mockserver.domain.clock import Clock
from mockserver.domain.errors import InvoiceNotFound, SessionNotFound
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.domain.planned_fault import PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store import record
from mockserver.store.errors import AlreadyCredited, AlreadyInvoiced
from mockserver.store.summary import AccountSummary

COMMON: Final = ""
"""What stands for the common clock where an account id would."""

_SESSION: Final = "id, account, status, created_ms, expires_ms, completed_ms, record"
_INVOICE: Final = "id, account, session, at_ms, record"
_LARGEST: Final = 2**63 - 1


class SqliteTransaction:
    """See Transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._do = db.execute

    async def open_account(self, account: str) -> None:
        if not await self.has_account(account):
            self._do("INSERT INTO accounts (id) VALUES (?)", (account,))

    async def has_account(self, account: str) -> bool:
        return self._do("SELECT 1 FROM accounts WHERE id = ?", (account,)).fetchone() is not None

    async def accounts(self, *, only: str | None = None, limit: int, offset: int) -> Sequence[AccountSummary]:
        counted = "(SELECT count(*) FROM sessions WHERE account = accounts.id)"
        rows = self._do(
            f"SELECT id, balance, {counted} FROM accounts WHERE ?1 IS NULL OR id = ?1 ORDER BY seq LIMIT ? OFFSET ?",
            (only, limit, min(offset, _LARGEST)),
        )
        return [AccountSummary(name, int(balance), sessions) for name, balance, sessions in rows]

    async def clock(self, account: str | None) -> Clock:
        # an account's own clock sorts after the common one
        row = self._do(
            "SELECT offset_us, frozen_ms FROM clocks WHERE account IN (?, '') ORDER BY account DESC LIMIT 1",
            (account or COMMON,),
        ).fetchone()
        return _clock(*row) if row else Clock()

    async def own_clocks(self) -> Mapping[str, Clock]:
        rows = self._do("SELECT account, offset_us, frozen_ms FROM clocks WHERE account <> ''")
        return {account: _clock(offset, frozen) for account, offset, frozen in rows}

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        self._do(
            "INSERT OR REPLACE INTO clocks (account, offset_us, frozen_ms) VALUES (?, ?, ?)",
            (
                account or COMMON,
                clock.offset // timedelta(microseconds=1),
                None if clock.frozen_at is None else milliseconds(clock.frozen_at),
            ),
        )

    async def drop_clock(self, account: str | None) -> None:
        self._do("DELETE FROM clocks WHERE ?1 IS NULL OR account = ?1", (account,))

    async def add_session(self, session: CheckoutSession) -> None:
        await self.open_account(session.account)
        self._do(
            f"INSERT INTO sessions ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                session.id,
                session.account,
                session.status.value,
                milliseconds(session.created_at),
                milliseconds(session.expires_at),
                None,
                record.written(session.order, session.attempts),
            ),
        )

    async def session(self, session_id: str) -> CheckoutSession:
        row = self._do(f"SELECT {_SESSION} FROM sessions WHERE id = ?", (session_id,)).fetchone()
        if row is None:
            raise SessionNotFound.named(session_id)
        return _session(*row)

    async def put_session(self, session: CheckoutSession) -> None:
        completed = None if session.completed_at is None else milliseconds(session.completed_at)
        self._do(
            "UPDATE sessions SET status = ?, completed_ms = ?, record = ? WHERE id = ?",
            (session.status.value, completed, record.written(session.order, session.attempts), session.id),
        )

    async def sessions(
        self, *, account: str | None, status: Status | None = None, limit: int, offset: int
    ) -> Sequence[CheckoutSession]:
        wanted = {"account = ?": account, "status = ?": status.value if status else None}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = f"WHERE {' AND '.join(given)}" if given else ""
        rows = self._do(
            f"SELECT {_SESSION} FROM sessions {where} ORDER BY seq DESC LIMIT ? OFFSET ?",
            (*given.values(), limit, min(offset, _LARGEST)),
        )
        return [_session(*row) for row in rows]

    async def plan(self, account: str) -> str | None:
        row = self._do("SELECT plan FROM accounts WHERE id = ?", (account,)).fetchone()
        return row[0] if row else None

    async def put_plan(self, account: str, plan_id: str) -> None:
        self._do("UPDATE accounts SET plan = ? WHERE id = ?", (plan_id, account))

    async def auto_recharge(self, account: str) -> AutoRecharge:
        row = self._do("SELECT recharge FROM accounts WHERE id = ?", (account,)).fetchone()
        return record.read_recharge(row[0]) if row and row[0] else AutoRecharge()

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        await self.open_account(account)
        self._do("UPDATE accounts SET recharge = ? WHERE id = ?", (record.written_recharge(recharge), account))

    async def expire_due(self, account: str, now: datetime) -> None:
        self._do(
            "UPDATE sessions SET status = 'expired' WHERE status = 'pending' AND account = ? AND expires_ms <= ?",
            (account, milliseconds(now)),
        )

    async def expire_followers(self, now: datetime) -> None:
        self._do(
            "UPDATE sessions SET status = 'expired' WHERE status = 'pending' AND expires_ms <= ?"
            " AND account NOT IN (SELECT account FROM clocks)",
            (milliseconds(now),),
        )

    async def add_entry(self, entry: CreditEntry) -> None:
        await self.open_account(entry.account)
        try:
            self._do(
                "INSERT INTO entries (account, kind, microcredits, at_ms, session, category) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    entry.account,
                    entry.kind.value,
                    str(entry.microcredits),
                    milliseconds(entry.at),
                    entry.session,
                    entry.category,
                ),
            )
        except sqlite3.IntegrityError:
            raise AlreadyCredited(entry.session) from None
        balance = await self.balance(entry.account) + entry.microcredits
        self._do("UPDATE accounts SET balance = ? WHERE id = ?", (str(balance), entry.account))

    async def balance(self, account: str) -> int:
        row = self._do("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()
        return int(row[0]) if row else 0

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        rows = self._do(
            "SELECT account, kind, microcredits, at_ms, session, category FROM entries WHERE account = ? ORDER BY seq",
            (account,),
        )
        return [
            CreditEntry(owner, EntryKind(kind), int(micro), instant(at), session, category)
            for owner, kind, micro, at, session, category in rows
        ]

    async def consumed(self, account: str, *, since: datetime | None = None) -> Mapping[str, int]:
        rows = self._do(
            "SELECT category, microcredits FROM entries WHERE account = ? AND kind = ? AND at_ms >= ?",
            (account, EntryKind.CONSUMPTION.value, milliseconds(since) if since else 0),
        )
        spent: Counter[str] = Counter()
        for category, micro in rows:
            spent[category or ""] -= int(micro)
        return dict(spent)

    async def add_invoice(self, invoice: Invoice) -> None:
        await self.open_account(invoice.account)
        try:
            self._do(
                f"INSERT INTO invoices ({_INVOICE}) VALUES (?, ?, ?, ?, ?)",
                (
                    invoice.id,
                    invoice.account,
                    invoice.session,
                    milliseconds(invoice.created_at),
                    record.written_invoice(invoice),
                ),
            )
        except sqlite3.IntegrityError:
            raise AlreadyInvoiced(invoice.session) from None

    async def invoice(self, invoice_id: str) -> Invoice:
        row = self._do(f"SELECT {_INVOICE} FROM invoices WHERE id = ?", (invoice_id,)).fetchone()
        if row is None:
            raise InvoiceNotFound.named(invoice_id)
        return _invoice(*row)

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        rows = self._do(
            f"SELECT {_INVOICE} FROM invoices WHERE account = ? ORDER BY seq DESC LIMIT ? OFFSET ?",
            (account, limit, min(offset, _LARGEST)),
        )
        return [_invoice(*row) for row in rows]

    async def add_fault(self, fault: PlannedFault) -> None:
        self._do(
            "INSERT INTO faults (id, account, is_spent, record) VALUES (?, ?, ?, ?)",
            (fault.id, fault.match.account, fault.is_spent, record.written_fault(fault)),
        )

    async def put_fault(self, fault: PlannedFault) -> None:
        self._do(
            "UPDATE faults SET is_spent = ?, record = ? WHERE id = ?",
            (fault.is_spent, record.written_fault(fault), fault.id),
        )

    async def drop_fault(self, fault_id: str) -> None:
        self._do("DELETE FROM faults WHERE id = ?", (fault_id,))

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        rows = self._do("SELECT id, record FROM faults WHERE NOT (? AND is_spent) ORDER BY seq", (waiting,))
        return [record.read_fault(name, text) for name, text in rows]

    async def forget(self, account: str | None) -> None:
        for table, column in (
            ("sessions", "account"),
            ("entries", "account"),
            ("invoices", "account"),
            ("clocks", "account"),
            ("faults", "account"),
            ("accounts", "id"),
        ):
            self._do(f"DELETE FROM {table} WHERE ?1 IS NULL OR {column} = ?1", (account,))


def _clock(offset_us: int, frozen_ms: int | None) -> Clock:
    return Clock(timedelta(microseconds=offset_us), record.instant_or_none(frozen_ms))


def _invoice(name: str, account: str, session: str | None, at: int, text: str) -> Invoice:
    description, cents, microcredits = record.read_invoice(text)
    return Invoice(name, account, description, cents, microcredits, instant(at), session)


def _session(
    name: str, account: str, status: str, created: int, expires: int, completed: int | None, text: str
) -> CheckoutSession:
    order, attempts = record.read(text)
    return CheckoutSession(
        id=name,
        account=account,
        order=order,
        created_at=instant(created),
        expires_at=instant(expires),
        status=Status(status),
        completed_at=record.instant_or_none(completed),
        attempts=attempts,
    )
