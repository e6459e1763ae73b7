"""The report of a run: a table in Markdown, and JSON with the same figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from benchmarks.load import CONNECTIONS
from benchmarks.machine import Circumstances
from benchmarks.measurement import Figure, Row, Spread

HEAD: Final = (
    "| | CPU | CPU, times bare | speed | speed, times bare | p99 |",
    "|---|---:|---:|---:|---:|---:|",
)
NO_FIGURE: Final = "-"
NO_PROCESSOR_TIME: Final = "This system has no fine count of processor time, so the table has none."


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of a run, its circumstances, and the number of its rounds."""

    rows: Sequence[Row]
    circumstances: Circumstances
    rounds: int
    seconds: int
    starts: int
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """The table, the circumstances and the notes."""
        missing = (NO_PROCESSOR_TIME,) if all(row.processor is None for row in self.rows) else ()
        table = ("\n".join((*HEAD, *(_line(row) for row in self.rows))), self._circumstances(), *missing)
        return "\n\n".join((*(table if self.rows else (self._circumstances(),)), *self.notes)) + "\n"

    def json(self) -> str:
        """All figures."""
        return json.dumps({"connections": CONNECTIONS, **asdict(self)}, indent=2) + "\n"

    def _circumstances(self) -> str:
        at = self.circumstances
        return (
            f"{at.date}, commit {at.commit}. {at.processor}, {at.cores} cores, load average {at.load_average} before; "
            f"{at.system}, Python {at.python}, uvicorn {at.uvicorn}, {at.load_generator}. "
            f"{self.rounds} rounds of {self.seconds} s, {CONNECTIONS} connections; {self.starts} cold starts. "
            "Medians; ratios are of one round, with the lowest and the highest in parentheses."
        )


def _line(row: Row) -> str:
    processor, speed = _cells(row.processor), _cells(row.speed)
    p99 = NO_FIGURE if row.p99 is None else _value(row.p99)
    return f"| {row.name} | {' | '.join((*processor, *speed, p99))} |"


def _cells(figure: Figure | None) -> tuple[str, str]:
    """The value and the ratio."""
    return (NO_FIGURE, NO_FIGURE) if figure is None else (_value(figure), _ratio(figure.ratio))


def _value(figure: Figure) -> str:
    return f"{_number(figure.value.median)} {figure.unit}"


def _ratio(ratio: Spread) -> str:
    return f"{ratio.median:.2f} ({ratio.lowest:.2f} to {ratio.highest:.2f})"


def _number(number: float) -> str:
    """The number with three digits or more."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
