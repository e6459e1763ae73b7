"""References to other files. The files become part of the document.

Rule 1: nothing is fetched. After resolving symbolic links, only files in the document's own folder are read.
Rule 2: each file is read once and stored as a whole under FILES. References into it become local, circular ones too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.checking.members import FILES, VALUES
from mockserver.contract.loading.reading.source import Source
from mockserver.contract.pointer import pointer_of

MAX_FILES: Final = 1_000
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")

Read = Callable[[Path], Source]


class ReferencedFiles:
    """The files that a document refers to, directly or through others."""

    def __init__(self, source: Source, read: Read) -> None:
        self.sources: dict[str, Source] = {}
        self._root = source
        self._folder = source.file.resolve().parent
        self._read = read

    def document(self, value: dict[str, Any]) -> dict[str, Any]:
        """The document with its referenced files; raises ContractError for a forbidden or unreadable file."""
        whole = self._local(value, self._root, None)
        files: dict[str, Any] = {}
        while len(files) < len(self.sources):
            for name in [name for name in self.sources if name not in files]:
                files[name] = self._local(self.sources[name].value, self.sources[name], name)
        return {**whole, FILES: files} if files else dict(whole)

    def error(self, pointer: str, reason: str) -> ContractError:
        """The error at a pointer into the merged document; it names the file of the pointer."""
        for name, source in self.sources.items():
            place = pointer_of((FILES, name))
            if pointer == place or pointer.startswith(f"{place}/"):
                return source.error(pointer.removeprefix(place), reason)
        return self._root.error(pointer, reason)

    def _local(self, value: Any, source: Source, name: str | None) -> Any:
        """A copy of the value with local references only."""
        copy: list[Any] = [None]
        pending: list[tuple[Any, Any, Any, tuple[str | int, ...], bool]] = [(value, copy, 0, (), False)]
        while pending:
            each, holder, key, path, is_value = pending.pop()
            if isinstance(each, dict):
                holder[key] = local = dict(each)
                for member, inner in each.items():
                    here = (*path, member)
                    if not is_value and member == "$ref" and isinstance(inner, str):
                        local[member] = self._reference(inner, source, name, here)
                    elif not is_value and member == "mapping" and "propertyName" in each and isinstance(inner, dict):
                        local[member] = {
                            word: self._mapped(ref, source, name, (*here, word)) for word, ref in inner.items()
                        }
                    elif isinstance(inner, dict | list):
                        is_inner = is_value or (member in VALUES and not _is_named(path))
                        pending.append((inner, local, member, here, is_inner))
            elif isinstance(each, list):
                holder[key] = inner_list = list(each)
                for index, inner in enumerate(each):
                    if isinstance(inner, dict | list):
                        pending.append((inner, inner_list, index, (*path, index), is_value))
            else:
                holder[key] = each
        return copy[0]

    def _mapped(self, ref: Any, source: Source, name: str | None, path: tuple[str | int, ...]) -> Any:
        """The entry of a discriminator's mapping: the name of a schema, or a reference to one."""
        if not isinstance(ref, str) or (
            "/" not in ref and "#" not in ref and not ref.endswith((".yaml", ".yml", ".json"))
        ):
            return ref
        return self._reference(ref, source, name, path)

    def _reference(self, ref: str, source: Source, name: str | None, path: tuple[str | int, ...]) -> str:
        target, _, fragment = ref.partition("#")
        if fragment and not fragment.startswith("/"):
            return ref  # an anchor: the check of the merged document refuses it
        other = self._file(target, source, path) if target else name
        return f"#{fragment}" if other is None else f"#{pointer_of((FILES, other))}{fragment}"

    def _file(self, target: str, source: Source, path: tuple[str | int, ...]) -> str | None:
        """The name of a referenced file, which is read if it is new; None for the document itself."""
        pointer = pointer_of(path)
        if _SCHEME.match(target) or target.startswith("/"):
            raise source.error(pointer, f"$ref {target} leaves the document; nothing is fetched")
        file = (source.file.parent / unquote(target)).resolve()
        if not file.is_relative_to(self._folder):
            raise source.error(pointer, f"$ref {target} leaves the document's folder, {self._folder}")
        if file == self._root.file.resolve():
            return None
        name = file.relative_to(self._folder).as_posix()
        if name not in self.sources:
            if len(self.sources) >= MAX_FILES:
                raise source.error(pointer, f"the document refers to more than {MAX_FILES} files")
            try:
                self.sources[name] = self._read(file)
            except ContractError as error:
                if error.line is not None:
                    raise
                raise source.error(pointer, f"$ref {target}: {error.file} {error.reason}") from None
        return name


def _is_named(path: tuple[str | int, ...]) -> bool:
    """The members of the value at the path have free names, and a name may equal a keyword."""
    return bool(path) and path[-1] in ("properties", "patternProperties", "schemas", "$defs", "responses", "headers")
