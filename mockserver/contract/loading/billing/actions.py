"""The actions of a profile's overlays that belong to a document's stateful operations.

An action belongs to the operations that its target or its update names. Actions that name none, such as those that add
components, belong to all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from mockserver.contract.loading.billing.operations import OPERATIONS
from mockserver.contract.loading.overlay import OverlayAction

_TARGET: Final = re.compile(r"\$\.paths\[['\"](/billing/[a-z_]+)['\"]\](?:\.([a-z]+))?")
_METHODS: Final = frozenset({"get", "post"})
_NAMES: Final = frozenset(operation.name for operation in OPERATIONS)

Wanted = Callable[[str], bool]
"""A predicate on the name of an operation, such as `POST /billing/checkout`."""


def actions_for(
    actions: Iterable[OverlayAction], wanted: Wanted, security: Callable[[str], Any]
) -> Iterator[OverlayAction]:
    """The actions of wanted operations. `security` is the requirement of an operation, by its name."""
    for action in actions:
        found = _TARGET.match(action.data["target"])
        if found is not None:
            names = [f"{method.upper()} {found[1]}" for method in ((found[2],) if found[2] else sorted(_METHODS))]
            if not _NAMES.intersection(names) or any(wanted(name) for name in names):
                yield action
        elif action.data["target"] == "$.paths" and isinstance(action.data.get("update"), dict):
            update = _wanted_paths(action.data["update"], wanted, security)
            if update:
                yield action._replace(data={**action.data, "update": update})
        else:
            yield action


def _wanted_paths(update: dict[str, Any], wanted: Wanted, security: Callable[[str], Any]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, item in update.items():
        members = {}
        for member, value in item.items() if isinstance(item, dict) else ():
            name = f"{member.upper()} {path}"
            if name not in _NAMES:
                members[member] = value
            elif wanted(name):
                # the operation asks for what the document asks for, whatever its scheme is called
                members[member] = {**value, "security": security(name)}
        if members:
            paths[path] = members
    return paths
