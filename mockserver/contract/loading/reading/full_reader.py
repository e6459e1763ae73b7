"""The full reader: it knows the line of every fault and explains every error.

Rule 1: the value is JSON: YAML's dates stay text, `yes` stays text, every key is text.
Rule 2: ambiguous input is a fault: repeated keys, foreign tags, aliases that loop or multiply. The caller decides
        whether a fault is an error.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.reading.core_loader import MAX_ALIASED, MAX_DEPTH, CoreLoader, parse_integer
from mockserver.contract.pointer import pointer_of
from mockserver.contract.request.yaml_body import OWN_DEPTH_LIMIT
from mockserver.contract.strict_json import Json

_SURROGATE_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

_NOT_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that JSON allows in a text, and YAML does not or takes for the end of a line."""

_TOO_DEEP: Final = f"is nested deeper than {MAX_DEPTH} levels"


class ReadingFault(NamedTuple):
    """An ambiguous place of a file, and the reading that is taken."""

    pointer: str
    line: int
    reason: str
    taken: str


class Reading(NamedTuple):
    """The value of a text, and its ambiguous places."""

    value: Json
    faults: tuple[ReadingFault, ...]


def read_with_faults(file: Path, text: str) -> Reading:
    """The value of a text and its ambiguous places; raises ContractError for an error."""
    text = without_foreign_signs(text)
    walk = _Walk()
    try:
        _refuse_deep(text, file)
        node = _first_document(text, walk)
        value = None if node is None else walk.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = _TOO_DEEP if OWN_DEPTH_LIMIT in str(error) else f"is no YAML: {_reason_of(error, text)}"
        raise ContractError(reason, file=file, line=mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise ContractError(f"is no YAML: {str(error).splitlines()[0]}", file=file) from None
    return Reading(value, tuple(walk.faults.values()))


def _first_document(text: str, walk: _Walk) -> yaml.Node | None:
    documents = yaml.compose_all(text, Loader=CoreLoader)
    first = next(documents, None)
    if (second := next(documents, None)) is not None:
        walk.add("", _line(second), "the file has more than one document", "the first one is read")
    return first


def _reason_of(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    line = text.splitlines()[mark.line : mark.line + 1] if mark else []
    if line and "\t" in line[0][: len(line[0]) - len(line[0].lstrip())]:
        return "a tab indents the line; spaces are needed"
    return str(error.problem or error.context)


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
                raise ContractError(_TOO_DEEP, file=file, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Walk:
    """One walk through the nodes of a file."""

    def __init__(self) -> None:
        self.faults: dict[tuple[str, str], ReadingFault] = {}
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._aliased = 0

    def add(self, pointer: str, line: int, reason: str, taken: str) -> None:
        """Report a fault, once for each place and reason."""
        self.faults.setdefault((pointer, reason), ReadingFault(pointer, line, reason, taken))

    def value(self, node: yaml.Node, path: tuple[str | int, ...]) -> Json:
        pointer = pointer_of(path)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, pointer)
        if id(node) in self._open:
            self.add(pointer, _line(node), "an alias refers to a node that contains it", "null is taken")
            return None
        if id(node) in self._seen:
            self._aliased += len(node.value)
            if self._aliased > MAX_ALIASED:
                reason = f"aliases add more than {MAX_ALIASED} values"
                self.faults.setdefault(("", reason), ReadingFault(pointer, _line(node), reason, "null is taken"))
                return None
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
                self.add(pointer, _line(key_node), "a key must be text", "the member is left out")
            elif key_node.tag == "tag:yaml.org,2002:merge":
                for each in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                    merged = {**self._merge(each, path), **merged}
            else:
                key, value = key_node.value, self.value(value_node, (*path, key_node.value))
                members[key] = self._joined(members[key], value, key_node, path) if key in members else value
        return {**merged, **members}

    def _joined(self, first: Json, last: Json, key: yaml.ScalarNode, path: tuple[str | int, ...]) -> Json:
        """The value of a repeated key: two mappings without a common member are taken together."""
        reason = f"the key {key.value} is repeated in one mapping"
        is_both = isinstance(first, dict) and isinstance(last, dict) and not first.keys() & last.keys()
        self.add(
            pointer_of((*path, key.value)), _line(key), reason, f"{'both are' if is_both else 'the last one is'} taken"
        )
        return {**first, **last} if isinstance(first, dict) and isinstance(last, dict) and is_both else last

    def _merge(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        merged = self.value(node, path) if isinstance(node, yaml.MappingNode) else None
        if isinstance(merged, dict):
            return merged
        self.add(pointer_of(path), _line(node), "<< merges mappings only", "the member is left out")
        return {}

    def _scalar(self, node: yaml.ScalarNode, pointer: str) -> Json:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text = node.value
        if kind == "null":
            return None
        if kind == "bool":
            return str(text).lower() == "true"
        if kind in ("int", "float"):
            return self._number(node, pointer, kind)
        if kind != "str":
            self.add(pointer, _line(node), f"the tag {node.tag} has no meaning in JSON", "the text is taken")
        try:
            return str(text.encode("utf-16", "surrogatepass").decode("utf-16"))
        except UnicodeDecodeError:
            self.add(pointer, _line(node), "a lone surrogate is not valid text", "? is taken")
            return str(text.encode("utf-8", "replace").decode())

    def _number(self, node: yaml.ScalarNode, pointer: str, kind: str) -> Json:
        try:
            number = parse_integer(node.value) if kind == "int" else float(node.value)
        except ValueError:
            self.add(pointer, _line(node), f"the tag {node.tag} needs a number", "the text is taken")
            return str(node.value)
        if math.isfinite(number):
            return number
        self.add(pointer, _line(node), "the number is too large for binary64", "null is taken")
        return None


def _line(node: yaml.Node | yaml.Event) -> int:
    mark = node.start_mark
    return mark.line + 1 if mark else 1
