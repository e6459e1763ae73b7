"""Contradictions between answers, and the report of an audit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, NamedTuple

from tests.auditor.exchange import Exchange

MOST_SHOWN: Final = 20
MOST_EXCHANGES: Final = 8


class Contradiction(NamedTuple):
    """A rule that the answers break, in a sentence, and the exchanges that break it."""

    rule: str
    sentence: str
    exchanges: tuple[Exchange, ...] = ()

    def __str__(self) -> str:
        shown = [f"    {exchange}" for exchange in self.exchanges[:MOST_EXCHANGES]]
        if len(self.exchanges) > MOST_EXCHANGES:
            shown.append(f"    and {len(self.exchanges) - MOST_EXCHANGES} more")
        return "\n".join([f"{self.sentence} [{self.rule}]", *shown])


@dataclass(frozen=True, slots=True)
class Report:
    """The contradictions of a history. `undecided` names what the answers do not allow to decide."""

    exchanges: int
    contradictions: tuple[Contradiction, ...]
    undecided: tuple[str, ...] = ()

    @property
    def rules(self) -> Counter[str]:
        """The broken rules and how often each is broken."""
        return Counter(found.rule for found in self.contradictions)

    def require(self) -> None:
        """Raise AssertionError if there is a contradiction."""
        if self.contradictions:
            shown = [str(found) for found in self.contradictions[:MOST_SHOWN]]
            head = f"{len(self.contradictions)} contradictions in {self.exchanges} exchanges:"
            raise AssertionError("\n".join([head, *shown]))
