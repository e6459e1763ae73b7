"""The journal of requests and answers."""

from mockserver.journal.journal import Journal, JournalEntry, JournalMessage, ResponseVerdict, ViolationFields

__all__ = ["Journal", "JournalEntry", "JournalMessage", "ResponseVerdict", "ViolationFields"]
