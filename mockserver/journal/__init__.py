"""What was asked and answered, and whether both kept to the contract."""

from mockserver.journal.journal import Exchange, Journal, Message

__all__ = ["Exchange", "Journal", "Message"]
