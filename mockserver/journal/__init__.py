"""The journal of requests and answers."""

from mockserver.journal.journal import (
    BODY_LIMIT,
    Journal,
    JournalEntry,
    JournalMessage,
    ResponseVerdict,
    ViolationFields,
)

__all__ = ["BODY_LIMIT", "Journal", "JournalEntry", "JournalMessage", "ResponseVerdict", "ViolationFields"]
