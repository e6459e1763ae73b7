"""The result of one check of the doctor."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["ok", "note", "wrong"]


class Diagnosis(NamedTuple):
    """A fact about a subject, and the advice for a note or a fault."""

    subject: str
    level: Level
    fact: str
    advice: str = ""

    @property
    def sentence(self) -> str:
        """The fact and the advice."""
        return f"{self.fact}; {self.advice}" if self.advice else self.fact
