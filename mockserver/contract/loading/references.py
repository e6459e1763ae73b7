"""References to other files: what they lead to becomes part of the document.

Rule 1: nothing is fetched, and nothing is read that lies outside the document's own folder, links of the file system
        followed.
Rule 2: each file is read once and stands whole under FILES; references into it are local then, circles and all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.reading.source import Source
from mockserver.contract.pointer import pointer_of

FILES: Final = "x-files"
"""The member of a document under which other files stand, by their paths from its folder."""

MOST_FILES: Final = 1_000
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")
_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})

Read = Callable[[Path], Source]


class Bundle:
    """A document and the files that it refers to."""

    def __init__(self, source: Source, read: Read) -> None:
        self.sources: dict[str, Source] = {}
        self._root = source
        self._folder = source.file.resolve().parent
        self._read = read

    def document(self, value: dict[str, Any]) -> dict[str, Any]:
        """The document with all that it refers to; raises ContractError for what may not be read or can't be."""
        whole = self._local(value, self._root, None)
        files: dict[str, Any] = {}
        while len(files) < len(self.sources):
            for name in [name for name in self.sources if name not in files]:
                files[name] = self._local(self.sources[name].value, self.sources[name], name)
        return {**whole, FILES: files} if files else dict(whole)

    def error(self, pointer: str, reason: str) -> ContractError:
        """The error at a pointer into the whole, naming the file that it is in."""
        for name, source in self.sources.items():
            place = pointer_of((FILES, name))
            if pointer == place or pointer.startswith(f"{place}/"):
                return source.error(pointer.removeprefix(place), reason)
        return self._root.error(pointer, reason)

    def _local(self, value: Any, source: Source, name: str | None) -> Any:
        """The value with every reference made local."""
        copy: list[Any] = [None]
        pending: list[tuple[Any, Any, Any, tuple[str | int, ...], bool]] = [(value, copy, 0, (), False)]
        while pending:
            each, holder, key, path, is_value = pending.pop()
            if isinstance(each, dict):
                holder[key] = made = dict(each)
                for member, inner in each.items():
                    here = (*path, member)
                    if not is_value and member == "$ref" and isinstance(inner, str):
                        made[member] = self._reference(inner, source, name, here)
                    elif not is_value and member == "mapping" and "propertyName" in each and isinstance(inner, dict):
                        made[member] = {
                            word: self._mapped(ref, source, name, (*here, word)) for word, ref in inner.items()
                        }
                    elif isinstance(inner, dict | list):
                        is_inner = is_value or (member in _VALUES and not _is_named(path))
                        pending.append((inner, made, member, here, is_inner))
            elif isinstance(each, list):
                holder[key] = made_list = list(each)
                for index, inner in enumerate(each):
                    if isinstance(inner, dict | list):
                        pending.append((inner, made_list, index, (*path, index), is_value))
            else:
                holder[key] = each
        return copy[0]

    def _mapped(self, ref: Any, source: Source, name: str | None, path: tuple[str | int, ...]) -> Any:
        """A discriminator's mapping names a schema, or refers to one."""
        if not isinstance(ref, str) or (
            "/" not in ref and "#" not in ref and not ref.endswith((".yaml", ".yml", ".json"))
        ):
            return ref
        return self._reference(ref, source, name, path)

    def _reference(self, ref: str, source: Source, name: str | None, path: tuple[str | int, ...]) -> str:
        target, _, fragment = ref.partition("#")
        if fragment and not fragment.startswith("/"):
            return ref  # an anchor, which the checks of the whole document refuse
        other = self._file(target, source, path) if target else name
        return f"#{fragment}" if other is None else f"#{pointer_of((FILES, other))}{fragment}"

    def _file(self, target: str, source: Source, path: tuple[str | int, ...]) -> str | None:
        """The name of a file that is referred to, which is read if need be; None for the document itself."""
        pointer = pointer_of(path)
        if _SCHEME.match(target) or target.startswith("/"):
            raise source.error(pointer, f"$ref {target} leads out of the document; nothing is fetched")
        file = (source.file.parent / unquote(target)).resolve()
        if not file.is_relative_to(self._folder):
            raise source.error(pointer, f"$ref {target} leads out of the document's folder, {self._folder}")
        if file == self._root.file.resolve():
            return None
        name = file.relative_to(self._folder).as_posix()
        if name not in self.sources:
            if len(self.sources) >= MOST_FILES:
                raise source.error(pointer, f"the document refers to more than {MOST_FILES} files")
            try:
                self.sources[name] = self._read(file)
            except ContractError as error:
                if error.line is not None:
                    raise
                raise source.error(pointer, f"$ref {target}: {error.file} {error.reason}") from None
        return name


def _is_named(path: tuple[str | int, ...]) -> bool:
    """Whether what stands at the path holds things by name, and a name may be a keyword."""
    return bool(path) and path[-1] in ("properties", "patternProperties", "schemas", "$defs", "responses", "headers")
