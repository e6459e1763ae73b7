"""A file of the user, YAML or JSON, as a value that remembers its lines.

Rule 1: the value is JSON: YAML's dates stay text, `yes` stays text, every key is text.
Rule 2: what a parser could pass over silently is refused: duplicate keys, NaN, references that loop or swell.
"""

from __future__ import annotations

import math
import re
import stat
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.reading.fast_reader import (
    MAX_ALIASED,
    MAX_DEPTH,
    CoreLoader,
    Doubtful,
    integer,
    quick_json,
    quick_yaml,
)
from mockserver.contract.pointer import parent_of, pointer_of
from mockserver.contract.strict_json import Json

MAX_BYTES: Final = 64 * 1024 * 1024
"""As large as a document may be."""


class Source:
    """A file read: its value, and the line of each pointer in it.

    Lines are found when one is asked for: most files have nothing wrong with them.
    """

    def __init__(self, file: Path, value: Json, text: str) -> None:
        self.file = file
        self.value = value
        self._text = text

    @cached_property
    def _lines(self) -> dict[str, int]:
        return _read_slowly(self.file, self._text)[1]

    def line(self, pointer: str) -> int | None:
        """The line of what stands at a pointer, or of the nearest thing around it."""
        while pointer not in self._lines:
            if not pointer:
                return None
            pointer = parent_of(pointer)
        return self._lines[pointer]

    def error(self, pointer: str, reason: str) -> ContractError:
        """The error that names this file, the pointer and its line."""
        return ContractError(reason, file=self.file, line=self.line(pointer), pointer=pointer)

    def mapping(self, what: str) -> dict[str, Any]:
        """The value, which must be a mapping."""
        if not isinstance(self.value, dict):
            raise self.error("", f"{what} is a mapping, not {_kind(self.value)}")
        return self.value


def read_bytes(file: Path) -> bytes:
    """The bytes of a file; raises ContractError where it can't be read, is no file, or is over MAX_BYTES."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            # a pipe would be waited for, a device read for ever
            raise ContractError("can't be read: it is no regular file", file=file)
        if found.st_size > MAX_BYTES:
            raise ContractError(f"has {found.st_size} bytes; {MAX_BYTES} are the most", file=file)
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
    try:
        value = quick_json(text) if text.lstrip()[:1] == "{" else quick_yaml(text)
    except Doubtful:
        # whatever it is, the slow way knows where it stands
        value, _ = _read_slowly(file, text)
    return Source(file, value, text)


def _read_slowly(file: Path, text: str) -> tuple[Json, dict[str, int]]:
    if text.lstrip()[:1] == "{":
        # JSON allows tabs between tokens only, where YAML does not, and escapes in pairs, which YAML does not.
        text = _SURROGATE_PAIR.sub(_character, text.replace("\t", " "))
    reading = _Reading(file)
    try:
        _refuse_deep(text, file)
        node = yaml.compose(text, Loader=CoreLoader)
        value = None if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"is no YAML: {error.problem or error.context}"
        raise ContractError(reason, file=file, line=mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise ContractError(f"is no YAML: {str(error).splitlines()[0]}", file=file) from None
    return value, reading.lines


_SURROGATE_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _character(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return pair[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _refuse_deep(text: str, file: Path) -> None:
    # Composing recurses, in C where the C loader is at hand; the event stream does not.
    depth = 0
    for event in yaml.parse(text, Loader=CoreLoader):
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
            return self._number(node, pointer, int(text, 0) if text[:2] in ("0o", "0x") else integer(text))
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


def _kind(value: Json) -> str:
    return {list: "a list", str: "text", type(None): "empty"}.get(type(value), "a single value")
