"""The short way from a text to its value: for files with nothing wrong with them, which most are.

Whatever is wrong, or only could be, raises Doubtful: source.py then reads the text in its own time, and says what is
wrong and where, or finds that all is well.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

import yaml

from mockserver.contract.strict_json import Json

MAX_ALIASED: Final = 100_000
"""Values that aliases may add; a file that swells beyond is an attack or a mistake."""
MAX_DEPTH: Final = 200

_SAFE_DEPTH: Final = 2_000
"""As deep as the C composer goes without danger."""
_BASE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CoreLoader(_BASE):  # type: ignore[misc] # the C loader has no type
    """YAML 1.2's core schema, where YAML 1.1 would turn text into dates and booleans."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 # overrides PyYAML's own class attribute

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        """The tag of a node, in a third of the time that PyYAML's own takes: it is asked of every one."""
        if kind is not yaml.ScalarNode:
            return f"{_PREFIX}seq" if kind is yaml.SequenceNode else f"{_PREFIX}map"
        if implicit[0]:
            text = value or ""
            for tag, pattern in self.yaml_implicit_resolvers.get(text[:1], ()):
                if pattern.match(text):
                    return str(tag)
        return f"{_PREFIX}str"


_PREFIX: Final = "tag:yaml.org,2002:"
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"]),
    ("int", r"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$", [*"-+0123456789"]),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", [*"-+.0123456789"]),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", ["<"]),
):
    CoreLoader.add_implicit_resolver(f"{_PREFIX}{_tag}", re.compile(_pattern), _first)


class Doubtful(Exception):
    """The short way does not lead to the end."""


def quick_json(text: str) -> Json:
    """The value of a JSON text; raises Doubtful for what is none, and for what it cannot judge."""
    if _ESCAPED_SURROGATE.search(text):
        raise Doubtful
    try:
        value: Json = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_doubt
        )
    except (ValueError, RecursionError):
        raise Doubtful from None
    if _is_deep(value):
        raise Doubtful
    return value


def quick_yaml(text: str) -> Json:
    """The value of a YAML text; raises Doubtful for what is none, and for what it cannot judge."""
    if _might_be_deep(text):
        raise Doubtful
    try:
        node = yaml.compose(text, Loader=CoreLoader)
    except yaml.YAMLError:
        raise Doubtful from None
    return None if node is None else _Walk().value(node, 1)


def integer(text: str) -> float:
    """A whole number; beyond what anybody counts to, as binary64 has it."""
    return int(text) if len(text) <= 300 else float(text)


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
            raise Doubtful
        if name in self._seen:
            self._aliased += len(node.value)
            if self._aliased > MAX_ALIASED:
                raise Doubtful
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
            # merging is for the slow way: few documents do
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge" or key.value in members:
                raise Doubtful
            members[key.value] = self.value(value, depth)
        return members


def _scalar(node: Any) -> Json:
    text: str = node.value
    kind = node.tag
    if kind == "tag:yaml.org,2002:str":
        if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
            raise Doubtful
        return text
    if kind == "tag:yaml.org,2002:null":
        return None
    if kind == "tag:yaml.org,2002:bool":
        return text.lower() == "true"
    if kind == "tag:yaml.org,2002:int":
        return _finite(int(text, 0) if text[:2] in ("0o", "0x") else integer(text))
    if kind == "tag:yaml.org,2002:float":
        return _finite(float(text))
    raise Doubtful


def _finite(number: float) -> float:
    if math.isinf(number):
        raise Doubtful
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Doubtful
    return members


def _float(text: str) -> float:
    return _finite(float(text))


def _int(text: str) -> float:
    return _finite(integer(text))


def _doubt(_: str) -> NoReturn:
    raise Doubtful


def _is_deep(value: Json) -> bool:
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        each, depth = pending.pop()
        if depth > MAX_DEPTH and isinstance(each, dict | list):
            return True
        members = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        pending += [(member, depth + 1) for member in members if isinstance(member, dict | list)]
    return False


def _might_be_deep(text: str) -> bool:
    """Whether composing, which recurses in C, could go too deep: judged by brackets and by the left margin."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1 if depth else 0
        deepest = max(deepest, depth)
    margin = max((len(found[0]) for found in _INDENT.finditer(text)), default=0)
    # a list may stand at its key's own margin: two levels for each column
    return deepest + 2 * margin > _SAFE_DEPTH
