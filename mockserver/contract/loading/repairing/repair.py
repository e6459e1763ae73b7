"""The repair of a document.

Rule 1: a sound document is checked once, by compiled checks, and is not walked.
Rule 2: a repair applies the only possible meaning; without one, the smallest part that contains the value is left out.
Rule 3: the number of walks is bounded, so twice as many faults take at most twice as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.contract import METHODS
from mockserver.contract.loading.checking.document_error import DocumentError, node_errors
from mockserver.contract.loading.checking.members import FILES
from mockserver.contract.loading.checking.metaschema import has_structure
from mockserver.contract.loading.repairing.changes import Changes
from mockserver.contract.loading.repairing.last_resort import remove_errors
from mockserver.contract.loading.repairing.names import has_names, pointed_at, repair_names
from mockserver.contract.loading.repairing.operations import repair_operations
from mockserver.contract.loading.repairing.walk import DocumentWalk
from mockserver.contract.pointer import dereference

MAX_WALKS: Final = 8
"""The number of walks: a value that one walk removes can leave its holder without a needed member."""


def repair_document(document: dict[str, Any], broken: Mapping[str, str]) -> tuple[tuple[DocumentError, ...], bool]:
    """Repair a document in place. The deviations, with pointers into the document as given, and the need of a check.

    `broken` has the reason for each reference to a file that cannot be followed.
    """
    changes = Changes()
    was_sound = is_sound(document)
    if not was_sound:
        _walk(document, changes, broken)
    repair_operations(document, changes)
    if changes.reports and not (has_structure(document) and next(node_errors(document), None) is None):
        remove_errors(document, changes)
    return changes.reports, bool(changes.reports) or not was_sound


def is_sound(document: dict[str, Any]) -> bool:
    """The document needs no walk. Referenced files are checked by a walk alone."""
    if FILES in document or not has_names(document) or _has_joined_items(document):
        return False
    return has_structure(document) and next(node_errors(document), None) is None


def _has_joined_items(document: dict[str, Any]) -> bool:
    """A path has a $ref beside members of its own."""
    paths = document.get("paths")
    items = paths.values() if isinstance(paths, dict) else ()
    return any(isinstance(item, dict) and "$ref" in item and len(item) > 1 for item in items)


def has_operations(document: dict[str, Any]) -> bool:
    """The document has an operation."""
    paths = document.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        try:
            found = dereference(document, item)
        except LookupError:
            continue
        if isinstance(found, dict) and any(method in found for method in METHODS):
            return True
    return False


def _walk(document: dict[str, Any], changes: Changes, broken: Mapping[str, str]) -> None:
    targets = pointed_at(document)
    walk = None
    for _ in range(MAX_WALKS):
        count = len(changes.reports)
        walk = DocumentWalk(document, changes, targets, broken)
        walk.run()
        if len(changes.reports) == count:
            break
    repair_names(document, walk.kept if walk is not None else (), changes)
