"""A YAML or JSON file of the user: its value, and the lines of its pointers."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.reading.fast_reader import NeedsFullReader, read_json, read_yaml
from mockserver.contract.loading.reading.full_reader import ReadingFault, read_with_faults
from mockserver.contract.loading.reading.places import Places
from mockserver.contract.strict_json import Json

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest size of a file."""
_MARKS: Final = (
    *((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
"""The byte order marks of the other encodings that YAML has. PowerShell writes UTF-16."""


class Source:
    """A file that has been read.

    Lines are computed on demand, since most files have no errors.
    """

    def __init__(self, file: Path, value: Json, text: str, faults: Sequence[ReadingFault] = ()) -> None:
        self.file = file
        self.value = value
        self.faults = tuple(faults)
        """The ambiguous places of the text."""
        self._text = text

    @cached_property
    def _places(self) -> Places:
        return Places(self._text)

    def line(self, pointer: str) -> int | None:
        """The line of the value at a pointer, or of the nearest value around it."""
        return self._places.line(pointer)

    def error(self, pointer: str, reason: str) -> ContractError:
        """An error that names this file, the pointer and its line."""
        return ContractError(reason, file=self.file, line=self.line(pointer), pointer=pointer)

    def mapping(self, name: str) -> dict[str, Any]:
        """The value, if it is a mapping; raises ContractError if not."""
        if not isinstance(self.value, dict):
            raise self.error("", f"{name} must be a mapping, not {_kind(self.value)}")
        return self.value


def read_bytes(file: Path) -> bytes:
    """The bytes of a file; raises ContractError if it is unreadable, no regular file, or over MAX_BYTES."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            # a pipe could block, and a device could be endless
            raise ContractError("can't be read: it is no regular file", file=file)
        if found.st_size > MAX_BYTES:
            raise ContractError(f"has {found.st_size} bytes; at most {MAX_BYTES} are allowed", file=file)
        return file.read_bytes()
    except OSError as error:
        raise ContractError(f"can't be read: {error.strerror or error}", file=file) from None


def read_source(file: Path, raw: bytes | None = None, *, is_lenient: bool = False) -> Source:
    """The file as a value with lines; raises ContractError for an error, and for a fault unless it is lenient."""
    data = read_bytes(file) if raw is None else raw
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContractError(f"is not {encoding.removesuffix('-sig').upper()}", file=file, line=line) from None
    try:
        value = read_json(text) if text.lstrip()[:1] == "{" else read_yaml(text)
    except NeedsFullReader:
        value, faults = read_with_faults(file, text)
        if faults and not is_lenient:
            first = faults[0]
            raise ContractError(first.reason, file=file, line=first.line, pointer=first.pointer) from None
        return Source(file, value, text, faults)
    return Source(file, value, text)


def _kind(value: Json) -> str:
    return {list: "a list", str: "text", type(None): "empty"}.get(type(value), "a single value")
