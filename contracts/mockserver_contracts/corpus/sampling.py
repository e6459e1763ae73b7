"""The sampling of a corpus: the checkout keeps every entry, each other operation a share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.document.operations import CHECKOUT

_SHARES: Final[Mapping[str, float]] = {"coverage": 0.4, "fuzzing": 0.15, "near-miss": 0.4}
"""The entries of an origin that another operation keeps, per requested example."""
_SHARE_OF_DECIDED: Final = 0.75
"""The near misses that another operation keeps where the contract decides what becomes of them."""
_SHARE_OF_BODIES: Final = 0.2
"""The coverage that another operation with such near misses keeps: they are nearer to what people send."""
_DECIDED: Final = frozenset({Expected.ACCEPTED, Expected.REFUSED})


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
    decided = {operation for (operation, origin), group in groups.items() if origin == "near-miss" and _decided(group)}
    for (operation, origin), group in groups.items():
        kept = _kept(group, origin, max_examples, has_decided=operation in decided)
        dropped.update({entry.id for entry in group} - {entry.id for entry in kept})
    needed = {link.parent for entry in whole if entry.id not in dropped for link in entry.links}
    return tuple(entry for entry in whole if entry.id not in dropped or entry.id in needed)


def _kept(group: Sequence[CorpusEntry], origin: str, max_examples: int, *, has_decided: bool) -> Sequence[CorpusEntry]:
    if has_decided and origin == "near-miss":
        # The nearest come first; one that may be accepted shows a server that fails at whatever it does not know.
        is_open = [entry for entry in group if entry.expected is Expected.EITHER]
        return [*is_open[:1], *_decided(group)[: _number(_SHARE_OF_DECIDED, max_examples)]]
    share = _SHARE_OF_BODIES if has_decided and origin == "coverage" else _SHARES[origin]
    most = _number(share, max_examples)
    # Evenly over the group, for neighbours resemble each other.
    return group if len(group) <= most else [group[index * len(group) // most] for index in range(most)]


def _decided(group: Sequence[CorpusEntry]) -> list[CorpusEntry]:
    return [entry for entry in group if entry.expected in _DECIDED]


def _number(share: float, max_examples: int) -> int:
    return max(round(share * max_examples), 1)
