"""The protocols of a store. tests/store/conformance checks each store against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mockserver.domain.clock import Clock
from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry, LedgerRow
from mockserver.domain.planned_fault import PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store.key_hints import KeyHints
from mockserver.store.summary import AccountSummary, CheckpointSummary

CreateSession = Callable[[Clock, int | None], CheckoutSession]
"""Creates a session by the clock of its account and the number of its row. It does nothing else.

If the id carries the number, the store finds the session by it; None leaves the id to chance.
"""


class Transaction(Protocol):
    """The reads and writes of one use case. All writes are stored, or none.

    The methods are coroutines because a store may be across a network. A use case awaits nothing else between them.
    """

    async def open_account(self, account: str) -> None:
        """Create the account if it does not exist, with the hint of its key if the store knows one.

        An account that was opened without a hint may get it later.
        """

    async def has_account(self, account: str) -> bool:
        """The account exists."""

    async def accounts(
        self, *, only: str | None = None, newest_first: bool = False, limit: int, offset: int
    ) -> Sequence[AccountSummary]:
        """The accounts in opening order, or the newest first, or only the one with this id."""

    async def put_key_hint(self, account: str, hint: str | None) -> None:
        """Store the hint of an existing account's key."""

    async def put_name(self, account: str, name: str | None) -> None:
        """Store the name of an existing account."""

    async def clock(self, account: str | None) -> Clock:
        """The account's own clock, or the common one. For None, the common one."""

    async def own_clocks(self) -> Mapping[str, Clock]:
        """The clocks of accounts that have one of their own."""

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        """Store an account's own clock; for None, the common one."""

    async def drop_clock(self, account: str | None) -> None:
        """Return an account to the common clock; for None, delete every clock."""

    async def add_session(self, session: CheckoutSession) -> None:
        """Store a new session as the newest of its account."""

    async def session(self, session_id: str) -> CheckoutSession:
        """The session as stored. Raises SessionNotFound."""

    async def put_session(self, session: CheckoutSession) -> None:
        """Store the new state of a stored session."""

    async def expire(self, names: Sequence[str]) -> None:
        """Store as expired the stored sessions with these ids."""

    async def sessions(
        self,
        *,
        account: str | None,
        status: Status | None = None,
        at: datetime | None = None,
        part: str = "",
        limit: int,
        offset: int,
    ) -> Sequence[CheckoutSession]:
        """The sessions as stored, newest first, of one account or of all (None).

        With `part`, those whose id contains it. With `status`, those that have it; given a real time, those that have
        it then: a pending session is expired if it is due by the clock of its account.

        The time of a page does not depend on `offset` for one account, every status and no `part`.
        """

    async def plan(self, account: str) -> str | None:
        """The plan of the account's subscription; None without one."""

    async def put_plan(self, account: str, plan_id: str) -> None:
        """Store the plan of an existing account's subscription."""

    async def email(self, account: str) -> str | None:
        """The e-mail address of the account's latest buyer; None without one."""

    async def put_email(self, account: str, email: str) -> None:
        """Store the e-mail address of an existing account's latest buyer."""

    async def auto_recharge(self, account: str) -> AutoRecharge:
        """The account's auto recharge settings; switched off by default."""

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        """Store the account's auto recharge settings. A missing account is created."""

    async def expire_due(self, account: str, now: datetime) -> None:
        """Store as expired each pending session of the account that is due at `now`."""

    async def expire_followers(self, now: datetime) -> None:
        """Do the same for all accounts that follow the common clock."""

    async def add_entry(self, entry: CreditEntry) -> None:
        """Add a ledger entry. Raises AlreadyCredited if its session has one."""

    async def balance(self, account: str) -> int:
        """The sum of the account's entries, in microcredits; 0 for an unknown account."""

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        """The account's entries in the order they were added."""

    async def ledger(self, account: str, *, limit: int, offset: int, step: int = 1) -> Sequence[LedgerRow]:
        """The account's entries, newest first, or every `step`-th of them.

        The time of a page depends neither on `offset` nor on `step`.
        """

    async def entry_count(self, account: str) -> int:
        """The number of the account's entries. The time does not depend on it."""

    async def consumed(self, account: str, *, month: datetime | None = None) -> Mapping[str, int]:
        """Consumed microcredits by category, in all or in the UTC month that starts at `month`.

        The time does not depend on the number of entries.
        """

    async def consumed_units(self, account: str) -> Mapping[str, int]:
        """Consumed millionths of units by resource. Consumption of plain credits has none."""

    async def add_invoice(self, invoice: Invoice) -> None:
        """Store a new invoice as the newest of its account. Raises AlreadyInvoiced if its session has one."""

    async def invoice(self, invoice_id: str) -> Invoice:
        """The invoice as stored. Raises InvoiceNotFound."""

    async def invoice_of(self, session_id: str) -> Invoice | None:
        """The invoice of a session; None if it has none."""

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        """The account's invoices, newest first. The time of a page does not depend on `offset`."""

    async def add_rows(
        self,
        account: str,
        sessions: Iterable[CheckoutSession],
        entries: Iterable[CreditEntry],
        invoices: Iterable[Invoice],
    ) -> None:
        """Add sessions, entries and invoices of an account as one by one, oldest first. A missing account is opened.

        Raises AlreadyCredited and AlreadyInvoiced.
        """

    async def first_taken(self, sessions: Iterable[str], invoices: Iterable[str]) -> str | None:
        """The first of these ids of sessions, or else of invoices, that is stored; None if none is."""

    async def add_fault(self, fault: PlannedFault) -> None:
        """Store a new fault as the last in planning order."""

    async def put_fault(self, fault: PlannedFault) -> None:
        """Store the new state of a fault; a deleted fault stays deleted."""

    async def drop_fault(self, fault_id: str) -> None:
        """Delete a fault if it exists."""

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        """The faults in planning order; with `waiting`, without spent ones."""

    async def put_checkpoint(self, checkpoint: CheckpointSummary, document: str) -> None:
        """Store a checkpoint with its document, an ASCII text. One of that name is replaced."""

    async def checkpoints(self) -> Sequence[CheckpointSummary]:
        """The checkpoints in the order of their names."""

    async def checkpoint_document(self, name: str) -> str:
        """The document of a checkpoint. Raises NotFound."""

    async def drop_checkpoint(self, name: str) -> None:
        """Delete a checkpoint if it exists."""

    async def forget(self, account: str | None) -> None:
        """Delete an account with its sessions, entries, invoices, clock and faults; for None, all of them.

        Checkpoints stay.
        """


class PeerJournal(Protocol):
    """The rows of the journal that the servers of a store share. Each method raises StoreUnavailable."""

    async def add_rows(self, rows: Sequence[tuple[str | None, int, int, str]], bounds: tuple[int, int, int]) -> None:
        """Store entries, drop the oldest ones for room, and let all servers know.

        An entry is its account, its time in milliseconds, the bytes that it takes, and its record. The bounds are the
        most entries of an account, the most in all, and the most bytes.
        """

    async def rows(
        self, account: str | None, *, after: int = 0, before: int | None = None, newest_first: bool = False, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Ids and records of entries, of one account or of all. A reader that has seen an id has seen smaller ones."""

    async def newest_row(self) -> int:
        """The id of the latest entry, even if it was deleted; 0 before the first."""

    async def lost_row(self, account: str | None) -> int:
        """The id of the latest entry dropped for room, of all or possibly of one account; 0 without one."""

    async def delete_rows(self, account: str | None, at_ms: int) -> None:
        """Delete entries, and those that were recorded before this time and come later."""


class PeerListener(Protocol):
    """Hears of the other servers, and of waits for the store. The methods only take note, if nothing else is said."""

    def take_message(self, message: str) -> None:
        """Another server has sent a message."""

    def take_entries(self) -> None:
        """A server, maybe this one, has added entries to the journal."""

    def take_gap(self) -> None:
        """Messages may have been lost."""

    def use_wait(self) -> None:
        """The store is at work for this server, which may do a little of what nobody waits for."""


class Peers(Protocol):
    """The other servers that share a store."""

    @property
    def fault_generation(self) -> int | None:
        """A number that changes when another server has planned a fault; None while that is not heard of."""

    @property
    def journal(self) -> PeerJournal:
        """The journal of all servers."""

    async def start(self, listener: PeerListener) -> None:
        """Begin to listen to the others, on the running event loop."""

    async def stop(self) -> None:
        """End listening. A second call does nothing."""

    async def announce_fault(self) -> None:
        """Tell the others of a new fault. Afterwards the generation of each has changed, or it is cut off.

        Raises OutcomeUnknown if the others may not hear of it in time.
        """

    async def send(self, messages: Sequence[str]) -> None:
        """Send messages of up to 7,000 ASCII characters to the other servers. Raises StoreUnavailable."""


class Store(Protocol):
    """A store of sessions, entries, invoices, accounts, clocks and planned faults."""

    name: str
    """The address to display. It holds no password."""

    secret: bytes
    """32 random bytes that sign page tokens, the same for all servers that share the store."""

    key_hints: KeyHints
    """The hints of keys, for accounts that the store opens."""

    @property
    def peers(self) -> Peers | None:
        """The other servers; None if one server owns the store."""

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A transaction, committed when the block ends and rolled back if it raises.

        From the first look at an account to the end, no other transaction looks at that account; lists of accounts and
        invoices by id are no such look. A use case that changes the common clock or more than one account needs
        `exclusive`: it runs alone.

        A transaction that fails stores nothing. Only after OutcomeUnknown, a store across a network has all changes
        or none.
        """

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """Store a new session as the newest of its account, in a transaction of its own."""

    async def clock(self, account: str | None) -> Clock:
        """The account's own clock, or the common one, as it is stored; in a transaction of its own if need be."""

    def close(self) -> None:
        """Release the store. A second call does nothing."""
