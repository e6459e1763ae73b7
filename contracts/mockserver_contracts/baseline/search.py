"""The search that showed a finding: the check and the settings of the run.

Rule 1: two runs look for the same findings only if all their settings are equal.
Rule 2: a check that did not run to its end has not looked for its findings.
Rule 3: a run that ended early, or with a failed check, has not looked for any finding that it did not report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mockserver_contracts.results.events import Observation

SearchCommand = Literal["check", "drift"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The settings of a run that decide on its findings, and the check of one finding."""

    check: str = ""
    command: SearchCommand
    # Host, port and path; `mock` is the mock in-process.
    target: str
    profiles: tuple[str, ...]
    seed: int
    max_examples: int
    # The file of another document.
    spec: str = ""
    strict: bool = False
    # The parts that the run leaves out: claims, rules, corpus.
    without: tuple[str, ...] = ()
    # The abilities that the target lacked: the clock, a second account.
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The findings that a run looked for."""

    search: Search
    is_complete: bool
    # The checks that did not run to their end.
    unfinished: frozenset[str] = frozenset()
    # The ids of findings that occurred and are not reported.
    repeated: frozenset[str] = frozenset()

    def of(self, check: str) -> Search:
        """The search for the findings of the check."""
        return replace(self.search, check=check)

    def covers(self, search: Search | None) -> bool:
        """The run looked for a finding that the search showed. Nobody knows without a search."""
        if search is None or not self.is_complete or search.check in self.unfinished:
            return False
        return search == self.of(search.check)


@dataclass(frozen=True, slots=True)
class SearchRecorded(Observation):
    """The search that showed a finding of this run, for the entry of the baseline."""

    id: str
    search: Search
