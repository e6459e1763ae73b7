"""OpenAPI Overlays: files whose actions change a document.

Rule 1: an action that matches nothing is refused, since its author expects an effect.
Rule 2: oas_patch applies the actions. This module reports the errors of an overlay, with their place.
Rule 3: an action is idempotent: what the document says already is not said twice (repeats.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract.loading.reading.source import Source
from mockserver.contract.loading.repeats import drop_repeats

ACTION_KEYS: Final = frozenset({"target", "description", "update", "remove", "copy"})


class OverlayAction(NamedTuple):
    """One action of an overlay, and its place."""

    source: Source
    pointer: str
    data: dict[str, Any]


def read_actions(source: Source, data: Any, pointer: str = "") -> Iterator[OverlayAction]:
    """The actions of an overlay; raises ContractError if the data is no overlay."""
    if not isinstance(data, Mapping):
        raise source.error(pointer, "an overlay must be a mapping")
    version = data.get("overlay")
    if not isinstance(version, str) or not version.startswith("1."):
        raise source.error(f"{pointer}/overlay", "an overlay must have overlay: 1.x.y, as text")
    actions = data.get("actions")
    if not isinstance(actions, list) or not actions:
        raise source.error(f"{pointer}/actions", "an overlay must have a list of actions")
    for index, action in enumerate(actions):
        place = f"{pointer}/actions/{index}"
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise source.error(place, "an action must have a target")
        for key in action:
            if key not in ACTION_KEYS and not key.startswith("x-"):
                raise source.error(
                    f"{place}/{key}", f"{key} is not a key of an action; use {', '.join(sorted(ACTION_KEYS))}"
                )
        if not {"update", "remove", "copy"} & action.keys():
            raise source.error(place, "an action must have update, remove or copy")
        if action.get("remove") is False:
            action = {key: value for key, value in action.items() if key != "remove"}
        yield OverlayAction(source, place, action)


def apply_action(document: dict[str, Any], action: OverlayAction) -> dict[str, Any]:
    """The document after one action; the given document is unchanged."""
    from jsonpath_ng.exceptions import JSONPathError
    from jsonpath_ng.ext import parse  # type: ignore[attr-defined] # the package does not declare its exports
    from oas_patch.overlay import apply_overlay

    target = action.data["target"]
    try:
        expression = parse(target)
        copy = _deep_copy(document)
        if "copy" not in action.data and not expression.find(copy):
            raise action.source.error(f"{action.pointer}/target", f"the target {target} matches nothing")
        apply_overlay(copy, {"actions": [_deep_copy(action.data)]})
    except (JSONPathError, ValueError, TypeError, AttributeError, LookupError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise action.source.error(f"{action.pointer}/target", f"the target {target} can't be used: {reason}") from None
    # an update of several places must not be shared by them
    return drop_repeats(document, _deep_copy(copy))


def _deep_copy(value: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(value))
    return copy
