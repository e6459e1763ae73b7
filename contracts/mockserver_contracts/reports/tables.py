"""The tables of the console. Their cells are escaped text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from mockserver.printable import escape_line
from mockserver_contracts.reports.voices import Contradiction
from mockserver_contracts.results.claims import VOICES
from mockserver_contracts.results.verdict import ClaimVerdict

_STYLES: Final = {"upheld": "green", "violated": "red", "undecided": "yellow", "failed": "red"}
_FOLLOWS: Final = {"upheld": "yes", "violated": "no", "undecided": "undecided", "failed": "undecided"}


def sides_table(expected: str, actual: str) -> Table:
    """The expected text beside the actual one."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=True)
    table.add_column("expected", header_style="green", overflow="fold")
    table.add_column("actual", header_style="red", overflow="fold")
    table.add_row(_text(expected), _text(actual))
    return table


def voices_table(contradictions: Sequence[Contradiction], claims: Sequence[ClaimVerdict]) -> Table:
    """The claims of each contradiction, with the target's verdict on each."""
    by_id = {claim.id: claim for claim in claims}
    table = Table(title="Voices", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in ("voice", "claim", "the target follows it"):
        table.add_column(name, overflow="fold")
    for contradiction in contradictions:
        for claim in (by_id[name] for name in contradiction.claims if name in by_id):
            follows = Text(_FOLLOWS[claim.verdict], style=_STYLES[claim.verdict])
            table.add_row(_text(claim.voice), _text(claim.id), follows)
        table.add_section()
    return table


def claims_table(claims: Sequence[ClaimVerdict]) -> Table:
    """The number of claims with each verdict, voice by voice."""
    table = Table(title="Claims", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("voice")
    shown = [verdict for verdict in _STYLES if verdict != "failed" or any(claim.verdict == verdict for claim in claims)]
    for verdict in shown:
        table.add_column(verdict, justify="right", header_style=_STYLES[verdict])
    for voice in dict.fromkeys((*VOICES, *(claim.voice for claim in claims))):
        found = [claim.verdict for claim in claims if claim.voice == voice]
        table.add_row(_text(voice), *(str(sum(each == verdict for each in found)) for verdict in shown))
    return table


def _text(text: str) -> Text:
    return Text(escape_line(text))
