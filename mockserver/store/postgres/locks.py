"""The locks of transactions: PostgreSQL's advisory locks, which cost no write and end with their transaction.

A key is a hash of a name, begun with a number of the schema. Two names of one key wait for each other without need.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from mockserver.store.postgres.connection.link import Statement

_ACCOUNT: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))"


class LockKeys:
    """The keys of one schema."""

    def __init__(self, schema: str) -> None:
        self.accounts = _number("accounts", schema)
        """The number that begins the hash of an account."""
        self.everything = _number("everything", schema)
        self.faults = _number("faults", schema)
        self.journal = _number("journal", schema)
        self.steps = _number("steps", schema)
        self.fault_versions = _number("fault versions", schema, size=4)
        """The first of the two numbers of a lock; the second one is a version."""
        self.channel = f"mockserver {_number('channel', schema):x}"
        """The channel of notifications: a database has one of a name for all schemas."""

    def lock_everything(self, *, exclusive: bool) -> Statement:
        """Lock everything: shared by transactions of an account, or alone."""
        return (f"SELECT pg_advisory_xact_lock{'' if exclusive else '_shared'}($1)", (self.everything,))

    def lock_account(self, account: str) -> Statement:
        """Lock an account, given as it is stored."""
        return (_ACCOUNT, (account, self.accounts))

    def lock_faults(self) -> Statement:
        """Lock the planned faults."""
        return ("SELECT pg_advisory_xact_lock($1)", (self.faults,))

    def lock_journal(self) -> Statement:
        """Lock the journal: its ids then show in the order of their commits."""
        return ("SELECT pg_advisory_xact_lock($1)", (self.journal,))


def _number(name: str, schema: str, *, size: int = 8) -> int:
    digest = blake2b(f"videodb-mockserver {name} {schema}".encode("utf-8", "surrogatepass"), digest_size=size).digest()
    return int.from_bytes(digest, signed=True)
