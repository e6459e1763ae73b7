"""The journal of requests and answers."""

from mockserver.journal.journal import Journal, JournalEntry, JournalMessage

__all__ = ["Journal", "JournalEntry", "JournalMessage"]
