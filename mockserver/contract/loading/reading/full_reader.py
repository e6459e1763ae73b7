"""The full reader: it knows the line of every value and explains every error.

Rule 1: the value is JSON: YAML's dates stay text, `yes` stays text, every key is text.
Rule 2: ambiguous input is refused: duplicate keys, NaN, aliases that loop or multiply.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, Final

import yaml

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.reading.core_loader import MAX_ALIASED, MAX_DEPTH, CoreLoader, parse_integer
from mockserver.contract.pointer import pointer_of
from mockserver.contract.strict_json import Json

_SURROGATE_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

_NOT_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that JSON allows in a text, and YAML does not or takes for the end of a line."""


def read_with_lines(file: Path, text: str) -> tuple[Json, dict[str, int]]:
    """The value of a text and the line of each pointer in it; raises ContractError for an error."""
    text = without_foreign_signs(text)
    walk = _Walk(file)
    try:
        _refuse_deep(text, file)
        node = yaml.compose(text, Loader=CoreLoader)
        value = None if node is None else walk.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"is no YAML: {error.problem or error.context}"
        raise ContractError(reason, file=file, line=mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise ContractError(f"is no YAML: {str(error).splitlines()[0]}", file=file) from None
    return value, walk.lines


def without_foreign_signs(text: str) -> str:
    """The text as YAML, which has no tabs between tokens, no escaped surrogate pairs and no controls of C1."""
    if text.lstrip()[:1] != "{":
        return text
    text = _SURROGATE_PAIR.sub(_character, text.replace("\t", " "))
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _character(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return pair[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _refuse_deep(text: str, file: Path) -> None:
    # composing recurses, in C if the C loader is installed; reading the event stream does not
    depth = 0
    for event in yaml.parse(text, Loader=CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = _line(event)
                raise ContractError(f"is nested deeper than {MAX_DEPTH} levels", file=file, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Walk:
    """One walk through the nodes of a file."""

    def __init__(self, file: Path) -> None:
        self.lines: dict[str, int] = {}
        self._file = file
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._aliased = 0

    def value(self, node: yaml.Node, path: tuple[str | int, ...]) -> Json:
        pointer = pointer_of(path)
        self.lines.setdefault(pointer, _line(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, pointer)
        if id(node) in self._open:
            raise self._error(node, pointer, "an alias refers to a node that contains it")
        if id(node) in self._seen:
            self._aliased += len(node.value)
            if self._aliased > MAX_ALIASED:
                raise self._error(node, pointer, f"aliases add more than {MAX_ALIASED} values")
        self._seen.add(id(node))
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(each, (*path, index)) for index, each in enumerate(node.value)]
            return self._mapping(node, path)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            pointer = pointer_of(path)
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, pointer, "a key must be text")
            if key_node.tag == "tag:yaml.org,2002:merge":
                for each in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                    if not isinstance(each, yaml.MappingNode):
                        raise self._error(each, pointer, "<< merges mappings only")
                    merged = {**self._merge(each, path), **merged}
                continue
            key = key_node.value
            if key in members:
                raise self._error(key_node, pointer_of((*path, key)), f"the key {key} is repeated in one mapping")
            self.lines[pointer_of((*path, key))] = _line(key_node)
            members[key] = self.value(value_node, (*path, key))
        return {**merged, **members}

    def _merge(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        merged = self.value(node, path)
        return merged if isinstance(merged, dict) else {}

    def _scalar(self, node: yaml.ScalarNode, pointer: str) -> Json:
        kind = node.tag.rpartition(":")[2]
        text = node.value
        if kind == "null":
            return None
        if kind == "bool":
            return str(text).lower() == "true"
        if kind == "int":
            return self._number(node, pointer, parse_integer(text))
        if kind == "float":
            return self._number(node, pointer, float(text))
        if kind != "str":
            raise self._error(node, pointer, f"the tag {node.tag} has no meaning in JSON")
        try:
            return str(text.encode("utf-16", "surrogatepass").decode("utf-16"))
        except UnicodeDecodeError:
            raise self._error(node, pointer, "a lone surrogate is not valid text") from None

    def _number(self, node: yaml.Node, pointer: str, number: float) -> float:
        if math.isinf(number):
            raise self._error(node, pointer, "the number is too large for binary64")
        return number

    def _error(self, node: yaml.Node, pointer: str, reason: str) -> ContractError:
        return ContractError(reason, file=self._file, line=_line(node), pointer=pointer)


def _line(node: yaml.Node | yaml.Event) -> int:
    mark = node.start_mark
    return mark.line + 1 if mark else 1
