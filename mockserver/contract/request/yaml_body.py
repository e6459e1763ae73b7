"""Bodies in YAML, read into the values of JSON.

Rule 1: scalars follow the core schema of YAML 1.2, as documents do: `no` is a text.
Rule 2: aliases and tags are refused, so a short body stays a small value; keys are unique texts.
Rule 3: nesting is bounded as in JSON, and so are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from mockserver.contract.errors import MalformedYaml
from mockserver.contract.strict_json import LONGEST_SAFE_INTEGER, MAX_DEPTH, Json

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TOO_DEEP: Final = f"the body is nested deeper than {MAX_DEPTH} levels"
OWN_DEPTH_LIMIT: Final = "maximum nesting depth"
"""Words of an error of some versions of libyaml, which look ahead and meet their own limit first."""


def parse_yaml(raw: bytes) -> Json:
    """The value of a YAML document; raises MalformedYaml."""
    import yaml

    try:
        text = raw.decode()
        events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        value = _Reader(events).document()
    except UnicodeDecodeError as error:
        raise MalformedYaml(f"the body is not UTF-8: byte {error.start} can't be decoded") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        reason = str(getattr(error, "problem", None) or "it has characters that YAML does not allow")
        if OWN_DEPTH_LIMIT in reason:
            raise MalformedYaml(_TOO_DEEP) from None
        raise MalformedYaml(f"the body is not YAML: {reason[:100]}{place}") from None
    return value


class _Reader:
    """A reader of the events of one document."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events

    def document(self) -> Json:
        import yaml

        next(self._events)  # the start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise MalformedYaml("the body is empty; a YAML document is needed")
        value = self._value(next(self._events), 0)
        next(self._events)  # the end of the document
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise MalformedYaml("the body has several YAML documents; one is needed")
        return value

    def _value(self, event: Any, depth: int) -> Json:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            raise MalformedYaml(f"the body has the alias *{str(event.anchor)[:40]}; aliases are not allowed")
        if event.tag is not None and event.tag != "!":
            raise MalformedYaml(f"the body has the tag {event.tag[:60]}; tags are not allowed")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] else str(event.value)
        if depth >= MAX_DEPTH:
            raise MalformedYaml(_TOO_DEEP)
        return self._list(depth + 1) if isinstance(event, yaml.SequenceStartEvent) else self._object(depth + 1)

    def _list(self, depth: int) -> list[Any]:
        import yaml

        found = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, depth))
        return found

    def _object(self, depth: int) -> dict[str, Any]:
        import yaml

        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag not in (None, "!"):
                raise MalformedYaml("the body has a key that is no text; texts are needed")
            if event.value in found:
                raise MalformedYaml(f"the body has the key {event.value[:80]!r} twice in one mapping")
            found[event.value] = self._value(next(self._events), depth)
        return found


def _scalar(text: str) -> Json:
    """The value of a plain scalar."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _NO_NUMBER.fullmatch(text):
        raise MalformedYaml(f"the body has {text}, which is not a JSON number")
    is_integer = _INTEGER.fullmatch(text) is not None
    if not is_integer and not _NUMBER.fullmatch(text):
        return text
    number = float(text) if not text.startswith(("0o", "0x")) else 0.0
    if abs(number) == float("inf") or len(text) > LONGEST_SAFE_INTEGER:
        raise MalformedYaml(f"the body has a number too large for binary64: {text[:20]}")
    if not is_integer:
        return number
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
