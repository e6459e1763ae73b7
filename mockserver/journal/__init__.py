"""The journal of requests and answers."""

from mockserver.journal.journal import Journal, JournalEntry, JournalMessage, ResponseVerdict

__all__ = ["Journal", "JournalEntry", "JournalMessage", "ResponseVerdict"]
