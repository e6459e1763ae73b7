"""YAML that people edit and the program extends. Only this module uses ruamel.yaml.

Rule 1: every error is one sentence with the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from ruamel.yaml import YAML


_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*(?::[0-9]+[A-Za-z0-9_./-]*)?")


class BaselineError(Exception):
    """The baseline cannot be read. The message is one sentence."""


class YamlNode:
    """A node of a YAML text, with its position."""

    def __init__(self, node: Any, file: str) -> None:
        self._node = node
        self._file = file
        self.line: int = node.start_mark.line + 1

    def refuse(self, sentence: str) -> NoReturn:
        """Raise BaselineError with the file and the line."""
        raise BaselineError(f"{self._file}, line {self.line}: {sentence}")

    def members(self, name: str, needed: str) -> dict[str, YamlNode]:
        """The values of a mapping by their keys; raises BaselineError."""
        if self._node.id != "mapping":
            self.refuse(f"{name} is {self.description}; {needed}")
        found: dict[str, YamlNode] = {}
        for key, value in self._node.value:
            if str(key.value) in found:
                YamlNode(key, self._file).refuse(f"the key {key.value!r} is given twice; once is needed")
            found[str(key.value)] = YamlNode(value, self._file)
        return found

    def items(self, name: str, needed: str) -> Iterator[YamlNode]:
        """The items of a list; raises BaselineError. An empty value has none."""
        if self._node.id != "sequence" and not self.is_empty:
            self.refuse(f"{name} is {self.description}; {needed}")
        yield from () if self.is_empty else (YamlNode(each, self._file) for each in self._node.value)

    def text(self, name: str) -> str:
        """The text of a scalar; raises BaselineError."""
        if self._node.id != "scalar":
            self.refuse(f"{name} is {self.description}; a text is needed")
        return "" if self.is_empty else str(self._node.value)

    @property
    def is_empty(self) -> bool:
        """The value is null or left out."""
        return bool(self._node.id == "scalar" and str(self._node.tag) == "tag:yaml.org,2002:null")

    @property
    def is_block(self) -> bool:
        """The collection is in block style: each item has lines of its own."""
        return bool(self._node.id != "scalar" and not self._node.flow_style)

    @property
    def first_key_column(self) -> int:
        """The column of the first key of a mapping."""
        return int(self._node.value[0][0].start_mark.column)

    @property
    def bounds(self) -> tuple[int, int]:
        """The indexes of the first character and of the end."""
        return self._node.start_mark.index, self._node.end_mark.index

    @property
    def end(self) -> Any:
        """The mark at the end."""
        return self._node.end_mark

    @property
    def column(self) -> int:
        """The column of the first character."""
        return int(self._node.start_mark.column)

    @property
    def description(self) -> str:
        """The given value, for an error message."""
        if self._node.id == "scalar":
            return "empty" if self.is_empty else repr(str(self._node.value))
        return f"a {self._node.id}"


def compose_yaml(text: str, file: str) -> YamlNode | None:
    """The root node of the text, None if the text is empty; raises BaselineError."""
    root = _parse(text, file, lambda: _yaml("safe").compose(text))
    return None if root is None else YamlNode(root, file)


def scan_tokens(text: str, file: str) -> Any:
    """The tokens of the text; raises BaselineError."""
    return _parse(text, file, lambda: list(_yaml("safe").scan(text)))


def load_yaml(text: str, file: str) -> Any:
    """The document with its comments; raises BaselineError."""
    return _parse(text, file, lambda: _yaml("rt").load(text))


def dump_yaml(document: Any) -> str:
    """The text of the document."""
    stream, yaml = StringIO(), _yaml("rt")
    if isinstance(document, list):
        yaml.indent(mapping=2, sequence=2, offset=0)
        # New entries share their date. An alias to another entry would break when somebody deletes that one.
        yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(document, stream)
    return stream.getvalue()


def flow_mapping(members: Mapping[str, Any]) -> Any:
    """A mapping that is dumped on one line."""
    from ruamel.yaml.comments import CommentedMap

    mapping = CommentedMap({name: _quote_if_needed(value) for name, value in members.items()})
    mapping.fa.set_flow_style()
    return mapping


def _quote_if_needed(value: Any) -> Any:
    # Inside of braces ruamel.yaml writes some texts plainly that it cannot read, such as ":".
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return flow_mapping(value)
    if isinstance(value, list):
        return [_quote_if_needed(each) for each in value]
    is_plain = not isinstance(value, str) or _PLAIN.fullmatch(value) is not None
    return value if is_plain else DoubleQuotedScalarString(value)


def _parse(text: str, file: str, parse: Callable[[], Any]) -> Any:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return parse()
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = text.count("\n", 0, getattr(error, "position", 0)) if mark is None else mark.line
        problem = error.problem if isinstance(error, MarkedYAMLError) else str(error).partition("\n")[0]
        raise BaselineError(f"{file}, line {line + 1}: this is not YAML ({problem}); YAML is needed") from None


def _yaml(kind: str) -> YAML:
    # Only a run with a baseline needs ruamel.yaml, and importing it is slow.
    from ruamel.yaml import YAML

    yaml = YAML(typ=kind, pure=True)
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
