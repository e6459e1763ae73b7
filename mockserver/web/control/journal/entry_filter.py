"""The filter of a query to the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockserver.domain.path_pattern import path_matches
from mockserver.journal import JournalEntry
from mockserver.suggestion import did_you_mean
from mockserver.web.control.fields import Fields
from mockserver.web.control.journal.operation_names import OperationNames

FIELDS: Final = frozenset({"method", "path", "status", "operation", "violations", "faults", "notes", "before", "key"})


class EntryFilter:
    """Selects entries. In a path `*` matches any text. Raises InvalidRequest."""

    def __init__(self, query: Fields, names: OperationNames) -> None:
        self._names = names
        self._path = query.text("path")
        self._method = (query.text("method") or "").upper()
        self._status = query.integer("status", default=0, least=100, most=599)
        self._operation = _operation(query, names)
        self._kinds = [
            (is_of_kind, wanted) for name, is_of_kind in _KINDS.items() if (wanted := query.flag(name)) is not None
        ]
        self.before = query.integer("before", default=0, least=1) or None

    def takes(self, entry: JournalEntry) -> bool:
        """The entry matches. The cheap conditions come first."""
        return (
            self._method in ("", entry.method)
            and self._status in (0, entry.status)
            and (self._path is None or path_matches(self._path, entry.path))
            and (self._operation is None or self._operation == self._names.of(entry))
            and all(is_of_kind(entry) is wanted for is_of_kind, wanted in self._kinds)
        )


def _operation(query: Fields, names: OperationNames) -> str | None:
    given = query.text("operation")
    if given is None or given in (known := names.all()):
        return given
    hint = did_you_mean(given[:200], known) or "; a method and a path as declared are needed, as in GET /billing/usage"
    raise query.error("operation", f"the contract has no operation {given[:80]!r}{hint}")


_KINDS: Final[Mapping[str, Callable[[JournalEntry], bool]]] = {
    "faults": lambda entry: entry.planned_fault is not None,
    "notes": lambda entry: bool(entry.notes),
    "violations": lambda entry: bool(entry.request_errors) or bool(entry.response_errors),
}
"""The kinds of entries that a query asks for or leaves out."""
