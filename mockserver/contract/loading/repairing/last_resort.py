"""The last resort: an error that no repair knows costs the smallest value that contains it.

Rule 1: all errors of one check are removed together, and a removal that is not enough costs the holder next. So the
        number of checks is bounded by the depth of a document.
"""

from __future__ import annotations

from typing import Any, Final

from mockserver.contract.loading.checking.document_error import node_errors
from mockserver.contract.loading.checking.members import LinkedPath
from mockserver.contract.loading.checking.metaschema import failing_places
from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt
from mockserver.contract.pointer import path_of

MAX_CHECKS: Final = 30
_ROOT: Final = ("openapi", "info", "paths")


def remove_errors(document: dict[str, Any], changes: Changes) -> None:
    """Remove the values with errors from a document, in place."""
    for _ in range(MAX_CHECKS):
        reasons: dict[tuple[str, ...], str] = {path_of(error.pointer): error.reason for error in node_errors(document)}
        for place in failing_places(document):
            reasons.setdefault(tuple(map(str, place)), "")
        removed = [_remove(document, path, reason, changes) for path, reason in reasons.items()]
        changes.close_up()
        if not any(removed):
            return


def _remove(document: dict[str, Any], path: tuple[str, ...], reason: str, changes: Changes) -> bool:
    """True if a value was removed."""
    if not path or path in {(name,) for name in _ROOT}:
        return False
    holder: Any = document
    place: LinkedPath = ()
    for step in path[:-1]:
        place = (place, step)
        try:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        except (LookupError, TypeError):
            return False
    last: Any = path[-1]
    if isinstance(holder, list):
        index = int(last)
        node = Node(holder, index, (place, changes.indices(holder)[index]), "any")
    elif isinstance(holder, dict) and last in holder:
        node = Node(holder, last, (place, last), "any")
    else:
        return False
    changes.drop(node, f"{reason or f'{excerpt(node.value)} is not valid by OpenAPI'}; it is left out")
    return True
