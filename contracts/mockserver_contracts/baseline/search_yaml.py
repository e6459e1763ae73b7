"""The search of an entry as a mapping in the baseline.

Rule 1: a setting that has its default is left out.
Rule 2: an unknown setting is refused: a search that is read in part is another search.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, asdict, fields
from typing import Any, Final

from mockserver_contracts.baseline.search import Search
from mockserver_contracts.baseline.yaml_io import YamlNode

SEARCH_KEY: Final = "search"
_COMMANDS: Final = ("check", "drift")
_FIELDS: Final[dict[str, Field[Any]]] = {each.name: each for each in fields(Search)}
_NUMBERS: Final = ("seed", "max_examples")
_LISTS: Final = ("profiles", "without", "lacks")


def search_members(search: Search) -> dict[str, Any]:
    """The settings of the search that differ from their defaults."""
    given = asdict(search)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value != _FIELDS[name].default
    }


def parse_search(node: YamlNode) -> Search:
    """The search of the node; raises BaselineError."""
    members = node.members(f"`{SEARCH_KEY}`", "a mapping with the settings of a run is needed")
    for name, member in members.items():
        if name not in _FIELDS:
            member.refuse(f"`{SEARCH_KEY}` has {name!r}; {', '.join(_FIELDS)} are needed")
    for name, each in _FIELDS.items():
        if each.default is MISSING and name not in members:
            node.refuse(f"`{SEARCH_KEY}` has no `{name}`; it is needed")
    return Search(**{name: _value(name, member) for name, member in members.items()})


def _value(name: str, node: YamlNode) -> Any:
    if name in _LISTS:
        return tuple(each.text(f"`{name}`") for each in node.items(f"`{name}`", "a list of texts is needed"))
    text = node.text(f"`{name}`")
    if name in _NUMBERS:
        return _number(name, node, text)
    if name == "strict":
        return _truth(node, text)
    if name == "command" and text not in _COMMANDS:
        node.refuse(f"`command` is {text!r}; check or drift is needed")
    return text


def _number(name: str, node: YamlNode, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        node.refuse(f"`{name}` is {text!r}; a whole number is needed")
    return int(text)


def _truth(node: YamlNode, text: str) -> bool:
    if text not in ("true", "false"):
        node.refuse(f"`strict` is {text!r}; true or false is needed")
    return text == "true"
