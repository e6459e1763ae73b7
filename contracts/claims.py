"""The claims of the page as this run reports them: their checks follow, so each is undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from contracts.finding import ClaimVerdict

NOT_IMPLEMENTED: Final = "not implemented"


def undecided(
    claims: Sequence[Mapping[str, Any]], profiles: frozenset[str], promises: frozenset[str]
) -> Iterator[ClaimVerdict]:
    """Each claim of the file, undecided; promised where a profile promises it, or is said to."""
    for claim in claims:
        yield ClaimVerdict(
            id=claim["id"],
            voice=claim["voice"],
            statement=" ".join(claim["statement"].split()),
            promised=claim["id"] in promises or bool(profiles.intersection(claim.get("promised_by", ()))),
            verdict="undecided",
            reason=NOT_IMPLEMENTED,
        )
