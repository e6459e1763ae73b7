"""The sampling of a corpus: the checkout keeps every entry, each other operation a share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mockserver_contracts.corpus.entry import CorpusEntry
from mockserver_contracts.document.operations import CHECKOUT

_SHARES: Final[Mapping[str, float]] = {"coverage": 0.4, "fuzzing": 0.25, "near-miss": 0.4}
"""The entries of an origin that another operation keeps, per requested example."""


def sample_by_share(entries: Iterable[CorpusEntry], *, max_examples: int) -> tuple[CorpusEntry, ...]:
    """Sample the entries; a document without the checkout keeps all of them."""
    groups: dict[tuple[str, str], list[CorpusEntry]] = {}
    whole = tuple(entries)
    if not any(entry.path == CHECKOUT for entry in whole):
        return whole
    for entry in whole:
        if entry.path != CHECKOUT and entry.origin in _SHARES:
            groups.setdefault((entry.operation, entry.origin), []).append(entry)
    dropped: set[str] = set()
    for (_, origin), group in groups.items():
        most = max(round(_SHARES[origin] * max_examples), 1)
        # Evenly over the group, for neighbours resemble each other.
        chosen = {index * len(group) // most for index in range(most)} if len(group) > most else range(len(group))
        dropped.update(entry.id for index, entry in enumerate(group) if index not in chosen)
    needed = {link.parent for entry in whole if entry.id not in dropped for link in entry.links}
    return tuple(entry for entry in whole if entry.id not in dropped or entry.id in needed)
