"""The baseline: findings that people have accepted, so that later runs do not report them.

Rule 1: an entry accepts the finding with its id, up to the day on which it expires.
Rule 2: an entry has the search that showed its finding: check, command, target, profiles, seed, number of examples, and
everything else that decides on findings.
Rule 3: an entry has vanished if its finding did not occur although the run looked for it. The run has the same search,
was complete, and ran the check to its end. Every other run leaves the entry alone.
Rule 4: no run looks for an entry without a search. It stays until a run finds it again, or a person deletes it.
Rule 5: a merge adds new entries and removes vanished ones. An entry without a search gets the search of the run that
finds it again; nothing else changes in an entry that stays.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mockserver_contracts.baseline.entries import BaselineEntry, parse_entries
from mockserver_contracts.baseline.merge import EMPTY, merge_entries
from mockserver_contracts.baseline.search import Search, SearchScope
from mockserver_contracts.baseline.yaml_io import BaselineError
from mockserver_contracts.results.finding import Finding, rank

REASON_OF_A_NEW_ENTRY: Final = "To be explained"


@dataclass(frozen=True, slots=True)
class BaselineMatch:
    """The findings of a run, matched with the entries of a baseline."""

    new: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, BaselineEntry], ...] = ()
    expired: tuple[tuple[Finding, BaselineEntry], ...] = ()
    vanished: tuple[BaselineEntry, ...] = ()

    @property
    def unaccepted(self) -> tuple[Finding, ...]:
        """New and expired findings in the order of a report. The title of an expired one says so."""
        findings = (*self.new, *(_with_expiry(finding, entry) for finding, entry in self.expired))
        return tuple(sorted(findings, key=rank))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings of a file, as of one day."""

    file: Path
    text: str
    entries: tuple[BaselineEntry, ...]
    today: date

    @classmethod
    def read(cls, file: Path, today: date) -> Baseline:
        """Read the file; raises BaselineError or OSError."""
        raw = file.read_bytes()
        try:
            return cls.parse(raw.decode("utf-8"), file, today)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            given = f"the byte 0x{raw[error.start]:02x} is given"
            raise BaselineError(f"{file}, line {line}: {given}; text in UTF-8 is needed") from None

    @classmethod
    def parse(cls, text: str, file: Path, today: date) -> Baseline:
        """Parse the text; raises BaselineError."""
        return cls(file, text, parse_entries(text, str(file)), today)

    @classmethod
    def empty(cls, file: Path, today: date) -> Baseline:
        """A baseline without entries."""
        return cls.parse(EMPTY, file, today)

    def match(self, findings: Iterable[Finding], scope: SearchScope) -> BaselineMatch:
        """Match the findings with the entries. Only entries in the scope can have vanished."""
        by_id = {entry.id: entry for entry in self.entries}
        found = {finding.id: finding for finding in findings}
        known = [(finding, by_id[id_]) for id_, finding in found.items() if id_ in by_id]
        return BaselineMatch(
            new=tuple(finding for id_, finding in found.items() if id_ not in by_id),
            accepted=tuple((finding, entry) for finding, entry in known if entry.is_valid(self.today)),
            expired=tuple((finding, entry) for finding, entry in known if not entry.is_valid(self.today)),
            vanished=tuple(
                entry
                for entry in self.entries
                if entry.id not in found and entry.id not in scope.repeated and scope.covers(entry.search)
            ),
        )

    def new_entry(self, id_: str, title: str, search: Search | None = None) -> BaselineEntry:
        """An entry that accepts the finding from today on."""
        return BaselineEntry(id_, title, REASON_OF_A_NEW_ENTRY, self.today, search=search)

    def merge(
        self,
        added: Iterable[BaselineEntry] = (),
        removed: Collection[str] = (),
        searches: Mapping[str, Search] | None = None,
    ) -> Baseline:
        """The baseline with the entries `added`, if they are new, and without the ids `removed`.

        An entry without a search gets its own of `searches`.
        """
        known = {entry.id: entry for entry in self.entries}
        new = {entry.id: entry for entry in added if entry.id not in known}
        recorded = {
            id_: search for id_, search in (searches or {}).items() if id_ in known and known[id_].search is None
        }
        text = merge_entries(self.text, str(self.file), tuple(new.values()), removed, recorded)
        return replace(self, text=text, entries=parse_entries(text, str(self.file)))

    def write(self) -> None:
        """Write the file, whole or not at all; raises OSError."""
        # Of a link, replace the file that it points to.
        file = self.file.resolve()
        partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
        try:
            partial.write_bytes(self.text.encode("utf-8"))
            if file.exists():
                shutil.copymode(file, partial)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


def _with_expiry(finding: Finding, entry: BaselineEntry) -> Finding:
    reason = f": {entry.reason}" if entry.reason else ""
    return finding.with_title(f"{finding.title} (its acceptance expired on {entry.expires}{reason})")
