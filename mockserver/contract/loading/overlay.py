"""OpenAPI Overlays: files whose actions change a document.

Rule 1: an action that matches nothing is refused, since its author expects an effect.
Rule 2: this module reads the actions and reports their errors, with the place; overlay_action.py applies them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract.loading.reading.source import Source

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
