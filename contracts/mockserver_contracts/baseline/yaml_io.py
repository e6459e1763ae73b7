"""YAML that people write and a program writes on: the one place that speaks to ruamel.yaml.

Rule 1: what cannot be read is told in a sentence with the file and the line.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruamel.yaml import YAML


class BaselineError(Exception):
    """The baseline cannot be read; the message is one sentence."""


def composed(text: str, name: str) -> Any:
    """The nodes of the text, each of which knows where it stands; raises BaselineError."""
    return _read(text, name, lambda: _yaml("safe").compose(text))


def tokens(text: str, name: str) -> Any:
    """The tokens of the text; raises BaselineError."""
    return _read(text, name, lambda: list(_yaml("safe").scan(text)))


def loaded(text: str, name: str) -> Any:
    """The document, with its comments; raises BaselineError."""
    return _read(text, name, lambda: _yaml("rt").load(text))


def dumped(document: Any) -> str:
    """The text of the document."""
    written, yaml = StringIO(), _yaml("rt")
    if isinstance(document, list):
        yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.dump(document, written)
    return written.getvalue()


def _read(text: str, name: str, parse: Callable[[], Any]) -> Any:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return parse()
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = text.count("\n", 0, getattr(error, "position", 0)) if mark is None else mark.line
        problem = error.problem if isinstance(error, MarkedYAMLError) else str(error).partition("\n")[0]
        raise BaselineError(f"{name}, line {line + 1}: this is no YAML ({problem}); YAML is needed") from None


def _yaml(kind: str) -> YAML:
    # Nothing else needs it, and it takes its time to load.
    from ruamel.yaml import YAML

    yaml = YAML(typ=kind, pure=True)
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
