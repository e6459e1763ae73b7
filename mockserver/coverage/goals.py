"""The goals of coverage: the single things of a contract that a request or a response can exercise."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

GoalKind = Literal["operation", "status", "response_type", "request_type", "body", "parameter", "keyword"]
KINDS: Final[tuple[GoalKind, ...]] = get_args(GoalKind)

SENT: Final = "sent"
ANSWERED: Final = "answered"
VALID: Final = "valid"
INVALID: Final = "invalid"
LEFT_OUT: Final = "left out"
OTHER_TYPE: Final = "other type"

MOST_OF_AN_OPERATION: Final = 2_000
"""A schema may refer to others in so many ways that its goals are endless."""


class Goal(NamedTuple):
    """A goal of one operation: its kind, its subject (such as a status or a keyword's pointer), and the case of it.

    The label names subject and keyword for a person.
    """

    kind: GoalKind
    subject: str
    case: str
    label: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Two goals of an operation with the same key are the same goal."""
        return self.kind, self.subject, self.case


class GoalList:
    """The goals of one operation, by number."""

    def __init__(self) -> None:
        self.goals: list[Goal] = []

    @property
    def is_full(self) -> bool:
        """No more keywords are taken."""
        return len(self.goals) >= MOST_OF_AN_OPERATION

    def add(self, kind: GoalKind, subject: str, case: str, label: str) -> int:
        """Add a goal; its number."""
        self.goals.append(Goal(kind, subject, case, label))
        return len(self.goals) - 1
