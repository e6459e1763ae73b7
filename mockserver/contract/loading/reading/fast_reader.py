"""The fast reader, for files without errors.

It raises NeedsFullReader for every error and every doubt. full_reader.py then reads the text more slowly, and reports
the error with its place.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

import yaml

from mockserver.contract.loading.reading.core_loader import MAX_ALIASED, MAX_DEPTH, CoreLoader, parse_integer
from mockserver.contract.strict_json import Json

_SAFE_DEPTH: Final = 2_000
"""The depth that PyYAML's C composer handles without danger."""


class NeedsFullReader(Exception):
    """The fast reader can't decide on a text."""


def read_json(text: str) -> Json:
    """The value of a JSON text; raises NeedsFullReader."""
    if _ESCAPED_SURROGATE.search(text):
        raise NeedsFullReader
    try:
        value: Json = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise NeedsFullReader from None
    if _is_deep(value):
        raise NeedsFullReader
    return value


def read_yaml(text: str) -> Json:
    """The value of a YAML text; raises NeedsFullReader."""
    if _may_be_deep(text):
        raise NeedsFullReader
    try:
        node = yaml.compose(text, Loader=CoreLoader)
    except yaml.YAMLError:
        raise NeedsFullReader from None
    return None if node is None else _Walk().value(node, 1)


_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_BRACKET: Final = re.compile(r"[\[\]{}]")
_INDENT: Final = re.compile(r"^(?:[ ]|- )*", re.MULTILINE)


class _Walk:
    """One walk through the nodes of a text."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._aliased = 0

    def value(self, node: Any, depth: int) -> Json:
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        name = id(node)
        if depth > MAX_DEPTH or name in self._open:
            raise NeedsFullReader
        if name in self._seen:
            self._aliased += len(node.value)
            if self._aliased > MAX_ALIASED:
                raise NeedsFullReader
        self._seen.add(name)
        self._open.add(name)
        value: Json
        if isinstance(node, yaml.SequenceNode):
            value = [self.value(each, depth + 1) for each in node.value]
        else:
            value = self._mapping(node, depth + 1)
        self._open.discard(name)
        return value

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in node.value:
            # few documents use merge keys: the full reader handles them
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge" or key.value in members:
                raise NeedsFullReader
            members[key.value] = self.value(value, depth)
        return members


def _scalar(node: Any) -> Json:
    text: str = node.value
    kind = node.tag
    if kind == "tag:yaml.org,2002:str":
        if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
            raise NeedsFullReader
        return text
    if kind == "tag:yaml.org,2002:null":
        return None
    if kind == "tag:yaml.org,2002:bool":
        return text.lower() == "true"
    try:
        if kind == "tag:yaml.org,2002:int":
            return _finite(parse_integer(text))
        if kind == "tag:yaml.org,2002:float":
            return _finite(float(text))
    except ValueError:
        raise NeedsFullReader from None
    raise NeedsFullReader


def _finite(number: float) -> float:
    if math.isinf(number):
        raise NeedsFullReader
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NeedsFullReader
    return members


def _float(text: str) -> float:
    return _finite(float(text))


def _int(text: str) -> float:
    return _finite(parse_integer(text))


def _refuse_constant(_: str) -> NoReturn:
    raise NeedsFullReader


def _is_deep(value: Json) -> bool:
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        each, depth = pending.pop()
        if depth > MAX_DEPTH and isinstance(each, dict | list):
            return True
        members = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        pending += [(member, depth + 1) for member in members if isinstance(member, dict | list)]
    return False


def _may_be_deep(text: str) -> bool:
    """Composing recurses in C and could go too deep, as brackets and indentation show."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1 if depth else 0
        deepest = max(deepest, depth)
    margin = max((len(found[0]) for found in _INDENT.finditer(text)), default=0)
    # a list may have its key's own indentation: two levels for each column
    return deepest + 2 * margin > _SAFE_DEPTH
