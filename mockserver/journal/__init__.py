"""The journal of requests and answers."""

from mockserver.journal.journal import (
    BODY_LIMIT,
    Journal,
    JournalEntry,
    JournalMessage,
    ResponseVerdict,
    ViolationFields,
)
from mockserver.journal.reader import JournalReader, OwnJournal

__all__ = [
    "BODY_LIMIT",
    "Journal",
    "JournalEntry",
    "JournalMessage",
    "JournalReader",
    "OwnJournal",
    "ResponseVerdict",
    "ViolationFields",
]
