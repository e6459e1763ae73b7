"""Accepted findings: what was looked at, and is not to be told again.

Rule 1: an entry accepts the finding of its id, up to the day it expires on.
Rule 2: an entry whose finding did not occur has vanished; only who looked for it everywhere can say so.
Rule 3: an update adds what is new and removes what has vanished; what stands in an entry that stays is its author's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mockserver_contracts.baseline.entries import Entry, entries
from mockserver_contracts.baseline.merge import EMPTY, merged
from mockserver_contracts.baseline.yaml_io import BaselineError
from mockserver_contracts.results.finding import SEVERITIES, Finding, Kind

TO_BE_EXPLAINED: Final = "To be explained"


@dataclass(frozen=True, slots=True)
class BaselineMatch:
    """Findings by what the baseline says of them."""

    new: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Entry], ...] = ()
    expired: tuple[tuple[Finding, Entry], ...] = ()
    vanished: tuple[Entry, ...] = ()

    @property
    def told(self) -> tuple[Finding, ...]:
        """What is not accepted, the gravest first; what was so once, with why it no longer is."""
        told = (*self.new, *(_once_accepted(finding, entry) for finding, entry in self.expired))
        return tuple(sorted(told, key=lambda finding: SEVERITIES.index(finding.severity)))


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings of a file, as they stand on a day."""

    file: Path
    text: str
    entries: tuple[Entry, ...]
    today: date

    @classmethod
    def read(cls, file: Path, today: date) -> Baseline:
        """The baseline of the file; raises BaselineError, or OSError."""
        raw = file.read_bytes()
        try:
            return cls.of(raw.decode("utf-8"), file, today)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            given = f"the byte 0x{raw[error.start]:02x} is given"
            raise BaselineError(f"{file}, line {line}: {given}; text in UTF-8 is needed") from None

    @classmethod
    def of(cls, text: str, file: Path, today: date) -> Baseline:
        """The baseline of the text; raises BaselineError."""
        return cls(file, text, entries(text, str(file)), today)

    @classmethod
    def empty(cls, file: Path, today: date) -> Baseline:
        """The baseline that accepts nothing."""
        return cls.of(EMPTY, file, today)

    def sorted_out(self, findings: Iterable[Finding], *, looked_for: Collection[Kind] = ()) -> BaselineMatch:
        """The findings sorted out; entries vanish of those kinds only that were looked for everywhere."""
        by_id = {entry.id: entry for entry in self.entries}
        found = {finding.id: finding for finding in findings}
        known = [(finding, by_id[id_]) for id_, finding in found.items() if id_ in by_id]
        return BaselineMatch(
            new=tuple(finding for id_, finding in found.items() if id_ not in by_id),
            accepted=tuple((finding, entry) for finding, entry in known if entry.accepts(self.today)),
            expired=tuple((finding, entry) for finding, entry in known if not entry.accepts(self.today)),
            vanished=tuple(
                entry for entry in self.entries if entry.id not in found and entry.id.partition("-")[0] in looked_for
            ),
        )

    def entry(self, id_: str, title: str) -> Entry:
        """The entry of a finding that is accepted today."""
        return Entry(id_, title, TO_BE_EXPLAINED, self.today)

    def updated(self, added: Iterable[Entry] = (), gone: Collection[str] = ()) -> Baseline:
        """The baseline with the entries added that it has not, and without those that are gone."""
        known = {entry.id for entry in self.entries}
        new = {entry.id: entry for entry in added if entry.id not in known}
        text = merged(self.text, str(self.file), tuple(new.values()), gone)
        return replace(self, text=text, entries=entries(text, str(self.file)))

    def write(self) -> None:
        """Write the file, whole or not at all; raises OSError."""
        # What a link points to is replaced, and not the link.
        file = self.file.resolve()
        partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
        try:
            partial.write_bytes(self.text.encode("utf-8"))
            if file.exists():
                shutil.copymode(file, partial)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


def _once_accepted(finding: Finding, entry: Entry) -> Finding:
    reason = f": {entry.reason}" if entry.reason else ""
    return finding.renamed(f"{finding.title} (its acceptance expired on {entry.expires}{reason})")
