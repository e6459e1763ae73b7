"""What lies beside the checkout gets a share of the requests: the checkout is what is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mockserver_contracts.corpus.entry import Entry
from mockserver_contracts.document.operations import CHECKOUT

_SHARES: Final[Mapping[str, float]] = {"coverage": 0.4, "fuzzing": 0.25, "near-miss": 0.4}
"""How many requests of an origin each other operation gets, for each example that is asked for."""


def thinned(entries: Iterable[Entry], *, max_examples: int) -> tuple[Entry, ...]:
    """The entries without those beyond an operation's share; a document without the checkout keeps all of them."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    whole = tuple(entries)
    if not any(entry.path == CHECKOUT for entry in whole):
        return whole
    for entry in whole:
        if entry.path != CHECKOUT and entry.origin in _SHARES:
            groups.setdefault((entry.operation, entry.origin), []).append(entry)
    dropped: set[str] = set()
    for (_, origin), group in groups.items():
        most = max(round(_SHARES[origin] * max_examples), 1)
        # From all over the group: what is made one after the other is much alike.
        kept = {index * len(group) // most for index in range(most)} if len(group) > most else range(len(group))
        dropped.update(entry.id for index, entry in enumerate(group) if index not in kept)
    needed = {link.parent for entry in whole if entry.id not in dropped for link in entry.links}
    return tuple(entry for entry in whole if entry.id not in dropped or entry.id in needed)
