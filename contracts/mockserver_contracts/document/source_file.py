"""The file of an OpenAPI document: its place in a repository, and the lines of its operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

_PUBLISHED: Final = "spec/videodb.yaml"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file, and its URI relative to the root of the repository."""

    uri: str = _PUBLISHED
    file: Path | None = None

    @classmethod
    def published(cls) -> SourceFile:
        """The document of VideoDB's page, in the repository of this product."""
        from mockserver.contract import spec_folder

        return cls(_PUBLISHED, spec_folder() / "videodb.yaml")

    @classmethod
    def given(cls, file: Path, root: Path) -> SourceFile:
        """A document of the user. Outside of the root it has its name alone."""
        root, whole = root.resolve(), file.expanduser().resolve()
        inside = whole.relative_to(root) if whole.is_relative_to(root) else Path(whole.name)
        return cls(quote(inside.as_posix()), whole)

    def lines(self) -> dict[str, int]:
        """The line of each path, and of each operation as `METHOD /path`. Without a readable file there are none."""
        import yaml

        try:
            text = "" if self.file is None else self.file.read_text("utf-8")
            return dict(_lines(yaml.compose(text, Loader=yaml.CSafeLoader)))
        except (OSError, ValueError, RecursionError, yaml.YAMLError):
            return {}


def _lines(document: object) -> Iterator[tuple[str, int]]:
    for name, paths in _members(document):
        for path, item in _members(paths) if name.value == "paths" else ():
            yield path.value, path.start_mark.line + 1
            for method, _ in _members(item):
                yield f"{method.value.upper()} {path.value}", method.start_mark.line + 1


def _members(node: object) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a mapping with their marks. Other nodes have none."""
    from yaml import MappingNode, ScalarNode

    for key, value in node.value if isinstance(node, MappingNode) else ():
        if isinstance(key, ScalarNode):
            yield key, value
