"""Media types: what kind of body one stands for, and which of several a client likes best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

Kind = Literal["json", "lines", "xml", "text", "form", "multipart", "binary"]

_CONCRETE: Final = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
_CONCRETE_REST: Final = {
    "image": "image/png",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "multipart": "multipart/form-data",
}
_TEXTUAL: Final = frozenset({"application/javascript", "application/graphql", "application/sql", "application/csv"})
_YAML: Final = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})
_LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"})
_ACCEPTED: Final = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*((?:;[^,]*)?)$")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float


def essence_of(media_type: str | None) -> str:
    """The type and subtype, in lower case and without parameters."""
    return (media_type or "").partition(";")[0].strip().lower()


def parameter_of(media_type: str | None, name: str) -> str | None:
    """A parameter of a media type, such as its charset or boundary."""
    for part in (media_type or "").split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return None


def is_json(media_type: str | None) -> bool:
    """Whether a body of this type is JSON."""
    essence = essence_of(media_type)
    return essence.endswith(("/json", "+json"))


def kind_of(media_type: str) -> Kind:
    """What kind of body a media type stands for."""
    essence = essence_of(concrete(media_type))
    if is_json(essence) or essence in _YAML:
        return "json"
    if essence in _LINES:
        return "lines"
    if essence.endswith(("/xml", "+xml")):
        return "xml"
    if essence == "application/x-www-form-urlencoded":
        return "form"
    if essence.startswith("multipart/"):
        return "multipart"
    return "text" if essence.startswith("text/") or essence in _TEXTUAL else "binary"


def concrete(media_type: str) -> str:
    """The media type, or one that falls under it where it is a range."""
    essence = essence_of(media_type)
    if "*" not in essence:
        return media_type
    return _CONCRETE.get(essence) or _CONCRETE_REST.get(essence.partition("/")[0], "application/octet-stream")


def covering(media_type: str, declared: Iterable[str]) -> str | None:
    """The declared media type that covers one: itself, else the narrowest range."""
    essence = essence_of(media_type)
    names = list(declared)
    for wanted in (essence, f"{essence.partition('/')[0]}/*", "*/*") if essence else ():
        for name in names:
            if essence_of(name) == wanted:
                return name
    return None


def liked(accept: str | None, declared: Sequence[str]) -> list[tuple[str, str]]:
    """The declared media types that a client takes, the best liked first, each with the type to send.

    Among equals JSON comes first, then the order of the document. An Accept that is no such header takes anything.
    """
    ranges = _ranges(accept)
    ordered = sorted(
        declared, key=lambda name: 0 if essence_of(name) == "application/json" else 1 if is_json(name) else 2
    )
    if not ranges:
        return [(name, concrete(name)) for name in ordered]
    found: list[tuple[float, int, str, str]] = []
    for place, name in enumerate(ordered):
        quality, sent = _quality(name, ranges)
        if quality > 0:
            found.append((-quality, place, name, sent))
    return [(name, sent) for _, _, name, sent in sorted(found)]


def _ranges(accept: str | None) -> list[_Range]:
    ranges = []
    for part in (accept or "").split(","):
        if (match := _ACCEPTED.match(part)) is not None:
            quality = _QUALITY.search(match[3])
            ranges.append(_Range(match[1].lower(), match[2].lower(), min(float(quality[1]), 1.0) if quality else 1.0))
    return ranges


def _quality(name: str, ranges: Sequence[_Range]) -> tuple[float, str]:
    """How well a declared type is liked, by the most specific range of the client, and what would be sent."""
    kind, _, subtype = essence_of(name).partition("/")
    best: tuple[int, float, str] = (-1, 0.0, name)
    for each in ranges:
        sent = concrete(name)
        if (each.kind, each.subtype) == (kind, subtype):
            rank = 3
        elif "*" in (kind, subtype) and (kind in ("*", each.kind)) and "*" not in (each.kind, each.subtype):
            rank, sent = 2, f"{each.kind}/{each.subtype}"
        elif each.subtype == "*" and each.kind == kind:
            rank = 1
        elif each.subtype == "*" and each.kind == "*":
            rank = 0
        else:
            continue
        if rank > best[0] or (rank == best[0] and each.quality > best[1]):
            best = (rank, each.quality, sent)
    return best[1], best[2]
