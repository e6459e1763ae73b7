"""What can be wrong with what the contract is given.

ContractError     a document, overlay or profile can't be used; ends the start
InvalidJson       the bytes of a body are no JSON this product reads; refuses one request
NotAForm          the bytes of a body are no form of the kind that was announced; refuses one request
"""

from __future__ import annotations

from pathlib import Path


class ContractError(Exception):
    """A document, overlay or profile can't be used; the message names file, line, JSON pointer and reason."""

    code = "contract"

    def __init__(self, reason: str, *, file: Path | str, line: int | None = None, pointer: str | None = None) -> None:
        self.reason = reason
        self.file = str(file)
        self.line = line
        self.pointer = pointer
        place = self.file if line is None else f"{self.file}:{line}"
        where = f" at {pointer}" if pointer else ""
        super().__init__(f"{place}{where}: {reason}")


class InvalidJson(Exception):
    """The bytes are no JSON text within the limits of the parser."""

    code = "invalid_json"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NotAForm(Exception):
    """The bytes are no form of the kind that was announced."""

    code = "form"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
