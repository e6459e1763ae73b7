"""A file of the user, YAML or JSON, as a value that remembers its lines.

Rule 1: the value is JSON: YAML's dates stay text, `yes` stays text, every key is text.
Rule 2: what a parser could pass over silently is refused: duplicate keys, NaN, references that loop or swell.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from mockserver.contract.errors import ContractError
from mockserver.contract.pointer import parent_of, pointer_of
from mockserver.contract.strict_json import Json

MAX_ALIASED: Final = 100_000
"""Values that aliases may add; a file that swells beyond is an attack or a mistake."""
MAX_DEPTH: Final = 200

_BASE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc] # the C loader has no type
    """YAML 1.2's core schema, where YAML 1.1 would turn text into dates and booleans."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 # overrides PyYAML's own class attribute


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"]),
    ("int", r"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$", [*"-+0123456789"]),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", [*"-+.0123456789"]),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


@dataclass(frozen=True)
class Source:
    """A file read: its value, and the line of each pointer in it."""

    file: Path
    value: Json
    lines: dict[str, int]

    def line(self, pointer: str) -> int | None:
        """The line of what stands at a pointer, or of the nearest thing around it."""
        while pointer not in self.lines:
            if not pointer:
                return None
            pointer = parent_of(pointer)
        return self.lines[pointer]

    def error(self, pointer: str, reason: str) -> ContractError:
        """The error that names this file, the pointer and its line."""
        return ContractError(reason, file=self.file, line=self.line(pointer), pointer=pointer)

    def mapping(self, what: str) -> dict[str, Any]:
        """The value, which must be a mapping."""
        if not isinstance(self.value, dict):
            raise self.error("", f"{what} is a mapping, not {_kind(self.value)}")
        return self.value


def read_bytes(file: Path) -> bytes:
    """The bytes of a file; raises ContractError where it can't be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ContractError(f"can't be read: {error.strerror or error}", file=file) from None


def read_source(file: Path, raw: bytes | None = None) -> Source:
    """The file as a value with lines; raises ContractError for what breaks rule 2 or the grammar."""
    data = read_bytes(file) if raw is None else raw
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContractError("is not UTF-8", file=file, line=line) from None
    if text.lstrip()[:1] == "{":
        # JSON allows tabs between tokens only, where YAML does not, and escapes in pairs, which YAML does not.
        text = _SURROGATE_PAIR.sub(_character, text.replace("\t", " "))
    reading = _Reading(file)
    try:
        _refuse_deep(text, file)
        node = yaml.compose(text, Loader=_Loader)
        value = None if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"is no YAML: {error.problem or error.context}"
        raise ContractError(reason, file=file, line=mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise ContractError(f"is no YAML: {str(error).splitlines()[0]}", file=file) from None
    return Source(file, value, reading.lines)


_SURROGATE_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _character(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return pair[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _refuse_deep(text: str, file: Path) -> None:
    # Composing recurses, in C where the C loader is at hand; the event stream does not.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = _line(event)
                raise ContractError(f"is nested deeper than {MAX_DEPTH} levels", file=file, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reading:
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
            raise self._error(node, pointer, "an alias refers to what holds it")
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
                raise self._error(key_node, pointer, "a key is text")
            if key_node.tag == "tag:yaml.org,2002:merge":
                for each in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                    if not isinstance(each, yaml.MappingNode):
                        raise self._error(each, pointer, "<< merges mappings only")
                    merged = {**self._merge(each, path), **merged}
                continue
            key = key_node.value
            if key in members:
                raise self._error(key_node, pointer_of((*path, key)), f"the key {key} stands twice in one mapping")
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
            return self._number(node, pointer, int(text, 0) if text[:2] in ("0o", "0x") else _integer(text))
        if kind == "float":
            return self._number(node, pointer, float(text))
        if kind != "str":
            raise self._error(node, pointer, f"the tag {node.tag} has no meaning in JSON")
        try:
            return str(text.encode("utf-16", "surrogatepass").decode("utf-16"))
        except UnicodeDecodeError:
            raise self._error(node, pointer, "half of a surrogate pair is no text") from None

    def _number(self, node: yaml.Node, pointer: str, number: float) -> float:
        if math.isinf(number):
            raise self._error(node, pointer, "a number too large for binary64")
        return number

    def _error(self, node: yaml.Node, pointer: str, reason: str) -> ContractError:
        return ContractError(reason, file=self._file, line=_line(node), pointer=pointer)


def _line(node: yaml.Node | yaml.Event) -> int:
    mark = node.start_mark
    return mark.line + 1 if mark else 1


def _integer(text: str) -> float:
    return int(text) if len(text) <= 300 else float(text)


def _kind(value: Json) -> str:
    return {list: "a list", str: "text", type(None): "empty"}.get(type(value), "a single value")
