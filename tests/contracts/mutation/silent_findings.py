"""The findings of the checks that no defect brings about: each `yield` of a check through which no finding came.

`python -m tests.contracts.mutation.silent_findings` prints them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from mockserver_contracts import checks
from mockserver_contracts.defects import DEFECTS, Defect
from mockserver_contracts.mutation.kill import kill_by_named_checks
from mockserver_contracts.results.finding import Finding

from tests.contracts.mutation.short_delays import shorten_delays

ROOM: Final = Path(checks.__file__).parent
# They pass on what the checks yield.
_MACHINERY: Final = frozenset({"runner.py", "verdicts.py"})


@dataclass(frozen=True, slots=True)
class Place:
    """A `yield` of a check."""

    path: Path
    function: str
    first: int
    last: int
    text: str

    @property
    def name(self) -> str:
        """The place without its line, which changes too often."""
        return f"{self.path.relative_to(ROOM)} {self.function}: {self.text}"


def silent_findings(defects: Iterable[Defect]) -> tuple[str, ...]:
    """Run each defect against the checks that it names; return the places that yielded nothing."""
    passed: set[tuple[str, int]] = set()
    with pytest.MonkeyPatch.context() as patch:
        shorten_delays(patch)
        _record_places(patch, passed)
        for defect in defects:
            kill_by_named_checks(defect)
    return tuple(place.name for place in _places() if not _is_passed(place, passed))


def _record_places(patch: pytest.MonkeyPatch, passed: set[tuple[str, int]]) -> None:
    """Record every line from which a finding is made; the generators that wait for it are on the stack."""
    made = Finding.__init__

    def recorded(finding: Finding, *arguments: Any, **fields: Any) -> None:
        made(finding, *arguments, **fields)
        frame = sys._getframe(1)
        while frame.f_back is not None:
            passed.add((frame.f_code.co_filename, frame.f_lineno))
            frame = frame.f_back

    patch.setattr(Finding, "__init__", recorded)


def _is_passed(place: Place, passed: set[tuple[str, int]]) -> bool:
    return any((str(place.path), line) in passed for line in range(place.first, place.last + 1))


def _places() -> Iterator[Place]:
    for path in sorted(ROOM.rglob("*.py")):
        if path.name not in _MACHINERY:
            source = path.read_text("utf-8")
            for function in ast.walk(ast.parse(source)):
                if isinstance(function, ast.FunctionDef):
                    yield from _places_in(function, path, source)


def _places_in(function: ast.FunctionDef, path: Path, source: str) -> Iterator[Place]:
    for node in ast.walk(function):
        # A list of findings and a tuple of samples are made elsewhere.
        if isinstance(node, ast.Yield | ast.YieldFrom) and isinstance(node.value, ast.Call):
            text = " ".join((ast.get_source_segment(source, node) or "").split())
            yield Place(path, function.name, node.lineno, node.end_lineno or node.lineno, text)


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in silent_findings(DEFECTS.values())))
