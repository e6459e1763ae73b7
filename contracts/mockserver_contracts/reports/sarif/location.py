"""Locations of SARIF results.

A finding is in a server, which has no file. Code scanning refuses a result without a physical location, and the whole
log if an artifact has another scheme than `file`; the URL of the target is therefore no artifact. The OpenAPI document
is one: it promises what the server breaks, it is a file of the repository (with `--spec` a file of the user), and its
path is the same in every run, which keeps alerts together. The line is that of the operation, of its path, or 1.
"""

from __future__ import annotations

from typing import Any

from mockserver.printable import escape_line
from mockserver_contracts.document.source_file import SourceFile


class OperationLocations:
    """The places of operations in the document."""

    def __init__(self, source: SourceFile) -> None:
        self._uri = source.uri
        self._lines = source.lines()

    def location(self, operation: str, pointer: str = "") -> dict[str, Any]:
        """The operation as a logical location, and its line in the document as a physical one."""
        name = escape_line(operation)
        qualified = f"{name}#{escape_line(pointer)}" if pointer else name
        return {
            "physicalLocation": {
                "artifactLocation": {"uri": self._uri, "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": self._line(operation)},
            },
            "logicalLocations": [{"name": name, "fullyQualifiedName": qualified, "kind": "function"}],
        }

    def _line(self, operation: str) -> int:
        plain = operation.partition("?")[0]
        return self._lines.get(plain) or self._lines.get(plain.partition(" ")[2]) or 1
