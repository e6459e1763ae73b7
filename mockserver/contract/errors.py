"""Errors of the contract's inputs.

ContractError     a document, overlay or profile is unusable; stops the start
MalformedJson     the bytes of a body are not acceptable JSON; refuses one request
MalformedForm     the bytes of a body are not a form of its Content-Type; refuses one request
  MalformedYaml   they are not acceptable YAML
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


class ContractError(Exception):
    """A document, overlay or profile is unusable. The message names file, line, JSON pointer and reason."""

    code = "contract"

    def __init__(self, reason: str, *, file: Path | str, line: int | None = None, pointer: str | None = None) -> None:
        self.reason = reason
        self.file = str(file)
        self.line = line
        self.pointer = pointer
        self.inputs: tuple[Path, ...] = ()
        """The files that were read, or that were missing; a change of one may mend the error."""
        place = self.file if line is None else f"{self.file}:{line}"
        position = f" at {pointer}" if pointer else ""
        super().__init__(f"{place}{position}: {reason}")

    def __reduce__(self) -> tuple[Any, ...]:
        """See object.__reduce__. The error is not made again, since that may take other values than its message."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class MalformedJson(Exception):
    """The bytes are not a JSON text within the limits of the parser."""

    code = "invalid_json"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class MalformedForm(Exception):
    """The bytes are not a form of the announced Content-Type."""

    code = "form"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class MalformedYaml(MalformedForm):
    """The bytes are not a YAML document within the limits of the reader."""

    code = "yaml"
