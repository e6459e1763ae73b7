"""One stored request: its bytes, and what has to be known of how it was made.

Rule 1: an entry is the same bytes for every target, but for the key and for what a link takes from an answer.
Rule 2: an entry stands alone in its line of a file, and reads back as it was written.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any, Final, Literal

Origin = Literal["examples", "coverage", "fuzzing", "stateful", "near-miss"]
Headers = tuple[tuple[str, str], ...]

_LARGE: Final = 16 * 1024

KEY: Final = "sk-CORPUS"
"""Stands in a stored request for the key of the run."""


class Expected(Enum):
    """How a right server answers a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    # Not every right server has the limit that refuses it; the mock has.
    REFUSED_BY_LIMIT = "refused-by-limit"
    # The document does not say.
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Link:
    """A value that a request takes from the answer to an earlier one.

    `mark` stands in the stored target and body for the value; `recorded` is sent where the answer has none.
    """

    parent: str
    place: Literal["body", "header"]
    # A JSON pointer into the body, or the name of the header.
    where: str
    mark: str
    recorded: str
    # What the value is called in the request, for who looks at it as Schemathesis does: `path.video_id`.
    name: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What a request of our own nearly gets right."""

    cause: str
    # A refusal has this status where exact statuses are held.
    status: int = 400
    # The claim of the page that decides it, where it is promised.
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request of the corpus."""

    operation: str
    origin: Origin
    method: str
    target: str
    headers: Headers
    body: bytes
    expected: Expected
    links: tuple[Link, ...] = ()
    # As Schemathesis made it; near misses are none of its.
    case: Mapping[str, Any] | None = None
    miss: NearMiss | None = None

    @property
    def id(self) -> str:
        """The same for the same bytes after the same earlier requests."""
        words = (self.method, self.target, *(f"{name}: {value}" for name, value in self.headers))
        parents = (link.parent for link in self.links)
        told = "\n".join((*words, *parents)).encode("utf-8", "surrogateescape")
        return sha256(told + b"\n\n" + self.body).hexdigest()[:12]

    @property
    def path(self) -> str:
        """The path of the target, without its query."""
        return self.target.partition("?")[0]

    @property
    def is_declared(self) -> bool:
        """Whether the request is for a method and a path of the document."""
        return self.operation.partition(" ")[0] == self.method


def as_json(entry: Entry) -> dict[str, Any]:
    """The entry as it is stored; what is empty is left out."""
    told: dict[str, Any] = {
        "id": entry.id,
        "operation": entry.operation,
        "origin": entry.origin,
        "expected": entry.expected.value,
        "method": entry.method,
        "target": entry.target,
        "headers": [list(header) for header in entry.headers],
    }
    if entry.body:
        told |= _stored(entry.body)
    if entry.links:
        told["links"] = [{name: getattr(link, name) for name in Link.__slots__} for link in entry.links]
    if entry.case is not None:
        told["case"] = entry.case
    if entry.miss is not None:
        told["miss"] = {name: getattr(entry.miss, name) for name in NearMiss.__slots__}
    return told


def of_json(told: Mapping[str, Any]) -> Entry:
    """The entry that was stored; raises LookupError, TypeError or ValueError for anything else."""
    miss = told.get("miss")
    return Entry(
        operation=told["operation"],
        origin=told["origin"],
        method=told["method"],
        target=told["target"],
        headers=tuple((str(name), str(value)) for name, value in told["headers"]),
        body=_read(told),
        expected=Expected(told["expected"]),
        links=tuple(Link(**link) for link in told.get("links", ())),
        case=told.get("case"),
        miss=None if miss is None else NearMiss(**miss),
    )


def _stored(body: bytes) -> dict[str, str]:
    if len(body) > _LARGE:
        return {"deflated": base64.b64encode(zlib.compress(body, 9)).decode()}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _read(told: Mapping[str, Any]) -> bytes:
    if "deflated" in told:
        return zlib.decompress(base64.b64decode(told["deflated"], validate=True))
    if "base64" in told:
        return base64.b64decode(told["base64"], validate=True)
    return str(told.get("body", "")).encode()
