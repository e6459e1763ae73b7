"""References to other files. The files become part of the document.

Rule 1: nothing is fetched. After resolving symbolic links, only files in the document's own folder are read.
Rule 2: a $ref in an extension is a value, and is not followed. One of a named example is, and so is an externalValue.
Rule 3: each file is read once and stored as a whole under FILES. References into it become local, circular ones too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.checking.document_error import DocumentError
from mockserver.contract.loading.checking.members import FILES, NAMED, VALUES
from mockserver.contract.loading.reading.source import Source
from mockserver.contract.pointer import path_of, pointer_of

MAX_FILES: Final = 10_000
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")

Read = Callable[[Path], Source]


class _Unfollowed(Exception):
    """A reference to a file that cannot be followed."""


class ReferencedFiles:
    """The files that a document refers to, directly or through others."""

    def __init__(self, source: Source, read: Read) -> None:
        self.sources: dict[str, Source] = {}
        self.broken: dict[str, str] = {}
        """The reason for each reference that cannot be followed."""
        self._root = source
        self._root_file = source.file.resolve()
        self._folder = self._root_file.parent
        self._names: dict[Path, tuple[str | None, Path]] = {}
        self._unreadable: dict[str, str] = {}
        self._read = read

    def document(self, value: dict[str, Any]) -> dict[str, Any]:
        """The document with its referenced files. A reference to a forbidden or unreadable file is a broken one."""
        whole = self._local(value, self._root, None)
        files: dict[str, Any] = {}
        while len(files) < len(self.sources):
            for name in list(self.sources)[len(files) :]:
                files[name] = self._local(self.sources[name].value, self.sources[name], name)
        return {**whole, FILES: files} if files else dict(whole)

    def links(self) -> Iterator[tuple[Path, Path]]:
        """The places that are links, or lie behind one, each with its file."""
        for place, (_, file) in self._names.items():
            if (normal := Path(os.path.normpath(place))) != file:
                yield normal, file

    def faults(self) -> Iterator[DocumentError]:
        """The ambiguous places of the files, with pointers into the merged document."""
        for name, source in ((None, self._root), *self.sources.items()):
            prefix = "" if name is None else pointer_of((FILES, name))
            yield from (DocumentError(prefix + each.pointer, f"{each.reason}; {each.taken}") for each in source.faults)

    def error(self, pointer: str, reason: str) -> ContractError:
        """The error at a pointer into the merged document; it names the file of the pointer."""
        steps = pointer.split("/", 3)
        if steps[1:2] == [FILES] and len(steps) > 2 and (source := self.sources.get(path_of(f"/{steps[2]}")[0])):
            return source.error(pointer.removeprefix("/".join(steps[:3])), reason)
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
                        local[member] = self._reference(inner, source, name)
                    elif not is_value and member == "mapping" and "propertyName" in each and isinstance(inner, dict):
                        local[member] = {word: self._mapped(ref, source, name) for word, ref in inner.items()}
                    elif not is_value and member == "examples" and isinstance(inner, dict) and not _is_named(path):
                        local[member] = {word: self._example(one, source, name) for word, one in inner.items()}
                    elif isinstance(inner, dict | list):
                        is_data = member in VALUES or member.startswith("x-")
                        is_inner = is_value or (is_data and not _is_named(path))
                        pending.append((inner, local, member, here, is_inner))
            elif isinstance(each, list):
                holder[key] = inner_list = list(each)
                for index, inner in enumerate(each):
                    if isinstance(inner, dict | list):
                        pending.append((inner, inner_list, index, (*path, index), is_value))
            else:
                holder[key] = each
        return copy[0]

    def _mapped(self, ref: Any, source: Source, name: str | None) -> Any:
        """The entry of a discriminator's mapping: the name of a schema, or a reference to one."""
        if not isinstance(ref, str) or (
            "/" not in ref and "#" not in ref and not ref.endswith((".yaml", ".yml", ".json"))
        ):
            return ref
        return self._reference(ref, source, name)

    def _example(self, example: Any, source: Source, name: str | None) -> Any:
        """A named example: its reference is followed, and its external value is read if it lies beside the document."""
        if not isinstance(example, dict):
            return example
        if isinstance(ref := example.get("$ref"), str):
            return {**example, "$ref": self._reference(ref, source, name)}
        target = example.get("externalValue")
        if not isinstance(target, str) or "value" in example:
            return example
        try:
            other = self._file(target, source)
        except _Unfollowed:
            return example  # the response says so in its warning
        if other is None:
            return example
        rest = {member: each for member, each in example.items() if member != "externalValue"}
        return {**rest, "value": self.sources[other].value}

    def _reference(self, ref: str, source: Source, name: str | None) -> str:
        target, _, fragment = ref.partition("#")
        if fragment and not fragment.startswith("/"):
            return ref  # an anchor: the check of the merged document reports it
        try:
            other = self._file(target, source) if target else name
        except _Unfollowed as unfollowed:
            self.broken[ref] = str(unfollowed)
            return ref
        return f"#{fragment}" if other is None else f"#{pointer_of((FILES, other))}{fragment}"

    def _file(self, target: str, source: Source) -> str | None:
        """The name of a referenced file, which is read if it is new; None for the document itself."""
        if _SCHEME.match(target) or target.startswith("/"):
            raise _Unfollowed(f"$ref {target} leaves the document; nothing is fetched")
        place = source.file.parent / unquote(target)
        if (known := self._names.get(place)) is None:
            known = self._names[place] = self._name(target, place)
        name, file = known
        if name is None or name in self.sources:
            return name
        if name in self._unreadable:
            raise _Unfollowed(self._unreadable[name])
        if len(self.sources) >= MAX_FILES:
            raise _Unfollowed(f"the document refers to more than {MAX_FILES} files")
        try:
            self.sources[name] = self._read(file)
        except ContractError as error:
            place_of_error = error.file if error.line is None else f"{error.file}:{error.line}:"
            self._unreadable[name] = f"$ref {target}: {place_of_error} {error.reason}"
            raise _Unfollowed(self._unreadable[name]) from None
        return name

    def _name(self, target: str, place: Path) -> tuple[str | None, Path]:
        """The name and the path of a file in the document's folder; no name for the document itself."""
        try:
            file = place.resolve()
        except (OSError, ValueError, RuntimeError):
            raise _Unfollowed(f"$ref {target!r} is no path of a file") from None
        if not file.is_relative_to(self._folder):
            raise _Unfollowed(f"$ref {target} leaves the document's folder, {self._folder}")
        return (None if file == self._root_file else file.relative_to(self._folder).as_posix()), file


def _is_named(path: tuple[str | int, ...]) -> bool:
    """The members of the value at the path have free names, and a name may equal a keyword or begin with x-."""
    return bool(path) and (path[-1] in NAMED or (path[0] == "components" and len(path) == 2))
