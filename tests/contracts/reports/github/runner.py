"""GitHub's runner, as far as it reads commands from the output of a step. Written after its behaviour."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_LOGGING: Final = ("debug", "echo", "endgroup", "error", "group", "notice", "stop-commands", "warning")
_CHANGING: Final = ("add-mask", "add-matcher", "add-path", "remove-matcher", "save-state", "set-env", "set-output")
COMMANDS: Final = frozenset({*_LOGGING, *_CHANGING})


class Obeyed(NamedTuple):
    """A command that the runner has read, decoded."""

    name: str
    properties: dict[str, str]
    text: str


def obeyed(output: str) -> list[Obeyed]:
    """The commands in the output."""
    return [command for line in re.split(r"\r\n|\r|\n", output) if (command := _read(line)) is not None]


def _read(line: str) -> Obeyed | None:
    # The present form stands at the start of a line, the old one anywhere.
    found = re.match(r"\s*::(.*?)::(.*)", line) or re.search(r"##\[(.*?)\](.*)", line)
    if found is None:
        return None
    name, _, given = found[1].partition(" ")
    pairs = (each.partition("=") for each in given.split(",") if each)
    properties = {key: _decode(value).replace("%3A", ":").replace("%2C", ",") for key, _, value in pairs}
    return Obeyed(name, properties, _decode(found[2])) if name in COMMANDS else None


def _decode(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
