"""The Accept header: content negotiation among declared media types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mockserver.contract.media import concrete_type, contradict, essence_of, is_json, parameters_of, suffix_of

_ACCEPTED: Final = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*((?:;[^,]*)?)$")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float
    parameters: frozenset[tuple[str, str]]


def rank_media_types(accept: str | None, declared: Sequence[str]) -> list[tuple[str, str]]:
    """The declared media types that a client accepts, the preferred one first, each with the type to send.

    Among equals JSON comes first, then the order of the document. A malformed Accept header accepts everything.
    """
    ranges = _ranges(accept)
    ordered = sorted(
        declared, key=lambda name: 0 if essence_of(name) == "application/json" else 1 if is_json(name) else 2
    )
    if not ranges:
        return [(name, concrete_type(name)) for name in ordered]
    found: list[tuple[float, bool, int, str, str]] = []
    for place, name in enumerate(ordered):
        quality, sent = _quality(name, ranges)
        if quality > 0:
            is_other = ";" in name and not any(each.parameters == parameters_of(name) for each in ranges)
            found.append((-quality, is_other, place, name, sent))
    return [(name, sent) for _, _, _, name, sent in sorted(found)]


def _is_within(accepted: _Range, kind: str, subtype: str) -> bool:
    """An accepted media type is one of a declared range."""
    if "*" in f"{accepted.kind}{accepted.subtype}" or "*" not in f"{kind}{subtype}":
        return False
    ending = subtype.removeprefix("*")
    return kind in ("*", accepted.kind) and subtype[:1] == "*" and accepted.subtype.endswith(ending)


def _ranges(accept: str | None) -> list[_Range]:
    ranges = []
    for part in (accept or "").split(","):
        if (match := _ACCEPTED.match(part)) is not None:
            quality = _QUALITY.search(match[3])
            parsed = min(float(quality[1]), 1.0) if quality else 1.0
            ranges.append(_Range(match[1].lower(), match[2].lower(), parsed, parameters_of(match[3])))
    return ranges


def _quality(name: str, ranges: Sequence[_Range]) -> tuple[float, str]:
    """The quality of a declared type, by the most specific matching range, and the type to send."""
    kind, _, subtype = essence_of(name).partition("/")
    best: tuple[int, float, str] = (-1, 0.0, name)
    parameters = parameters_of(name)
    for each in ranges:
        if contradict(parameters, each.parameters):
            continue
        sent = concrete_type(name)
        if (each.kind, each.subtype) == (kind, subtype):
            rank = 4
        elif _is_within(each, kind, subtype):
            rank, sent = 3, f"{each.kind}/{each.subtype}"
        elif each.kind == kind and each.subtype == f"*+{suffix_of(name)}":
            rank = 2
        elif each.subtype == "*" and each.kind == kind:
            rank = 1
        elif each.subtype == "*" and each.kind == "*":
            rank = 0
        else:
            continue
        if rank > best[0] or (rank == best[0] and each.quality > best[1]):
            best = (rank, each.quality, sent)
    return best[1], best[2]
