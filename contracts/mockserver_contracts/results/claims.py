"""The claims of VideoDB's page and of observations, from spec/claims.yaml.

Rule 1: `promised_by` is the only place where a bundled profile promises a claim. A profile file of a user lists its
claims under `promises`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args

Voice = Literal["prose", "python-sample", "javascript-sample", "openapi", "observed"]

VOICES: Final[tuple[Voice, ...]] = get_args(Voice)
OF_COVERAGE: Final = frozenset({"touched_by", "untouchable", "example"})
"""The keys that the count of coverage reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim: the voice that makes it, its place, and its meaning for a server."""

    id: str
    voice: Voice
    place: str
    statement: str
    # The words of the page that carry the claim; empty for openapi, whose place is a pointer, and for observed.
    quote: str = ""
    # The ids of claims that this one excludes.
    contradicts: tuple[str, ...] = ()
    # The bundled profiles with which the mock keeps the claim.
    promised_by: tuple[str, ...] = ()
    # The witness and the time of an observation; empty for a claim of the page.
    rests_on: str = ""
    seen: str = ""

    @property
    def text(self) -> str:
        """The statement on one line."""
        return " ".join(self.statement.split())


@cache
def load_claims() -> tuple[Claim, ...]:
    """All claims, in the order of the page."""
    from mockserver.coverage.claims.claims_file import claim_entries

    return tuple(map(_claim, claim_entries()))


def _claim(entry: Mapping[str, Any]) -> Claim:
    lists = {name: tuple(entry[name]) for name in ("contradicts", "promised_by")}
    return Claim(**{**{name: value for name, value in entry.items() if name not in OF_COVERAGE}, **lists})
