"""Workflow commands of GitHub Actions. The runner reads them from the output, one a line.

The runner decodes `%0A` and the like, so a text that is encoded here ends no line and no property.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_IN_TEXT: Final[Mapping[int, str]] = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY: Final[Mapping[int, str]] = {**_IN_TEXT, ord(":"): "%3A", ord(","): "%2C"}


def annotation(level: str, title: str, text: str) -> str:
    """The command that makes an annotation; the level is error, warning or notice."""
    return f"::{level} title={title.translate(_IN_PROPERTY)}::{text.translate(_IN_TEXT)}"
