"""A stored request: its bytes, its origin and the expected outcome.

Rule 1: every target gets the same bytes, but for the key and the values of links.
Rule 2: an entry is one line of a file, and is equal after it is decoded.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any, Final, Literal

Origin = Literal["examples", "coverage", "fuzzing", "stateful", "near-miss"]
Headers = tuple[tuple[str, str], ...]

_LARGE: Final = 16 * 1024

KEY: Final = "sk-CORPUS"
"""The placeholder for the API key in a stored request."""


class Expected(Enum):
    """The outcome on a correct server."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    # Refused by a limit that the mock has, but not every correct server.
    REFUSED_BY_LIMIT = "refused-by-limit"
    # The document leaves it open.
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Link:
    """A value that a request takes from the response to an earlier one.

    `mark` is its placeholder in the stored target and body. `recorded` is sent if the response lacks the value.
    """

    parent: str
    place: Literal["body", "header"]
    # A JSON pointer into the response's body, or the name of its header.
    where: str
    mark: str
    recorded: str
    # The request's parameter, as Schemathesis names it: `path.video_id`.
    name: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The mistake of a request that is nearly right."""

    cause: str
    # The status of the refusal, if exact statuses are checked.
    status: int = 400
    # The claim of the page that decides the outcome, if a profile promises it.
    claim: str = ""


@dataclass(frozen=True, slots=True)
class CorpusEntry:
    """A request of the corpus."""

    operation: str
    origin: Origin
    method: str
    target: str
    headers: Headers
    body: bytes
    expected: Expected
    links: tuple[Link, ...] = ()
    # The case of Schemathesis; a near miss has none.
    case: Mapping[str, Any] | None = None
    miss: NearMiss | None = None

    # The hash of the bytes and of the earlier requests; computed once, for bodies of megabytes are among them.
    id: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        lines = (self.method, self.target, *(f"{name}: {value}" for name, value in self.headers))
        parents = (link.parent for link in self.links)
        head = "\n".join((*lines, *parents)).encode("utf-8", "surrogateescape")
        object.__setattr__(self, "id", sha256(head + b"\n\n" + self.body).hexdigest()[:12])

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def is_declared(self) -> bool:
        """The document declares the method for the path."""
        return self.operation.partition(" ")[0] == self.method


def encode_entry(entry: CorpusEntry) -> dict[str, Any]:
    """Encode the entry as JSON values; empty parts are left out."""
    values: dict[str, Any] = {
        "id": entry.id,
        "operation": entry.operation,
        "origin": entry.origin,
        "expected": entry.expected.value,
        "method": entry.method,
        "target": entry.target,
        "headers": [list(header) for header in entry.headers],
    }
    if entry.body:
        values |= _encode_body(entry.body)
    if entry.links:
        values["links"] = [{name: getattr(link, name) for name in Link.__slots__} for link in entry.links]
    if entry.case is not None:
        values["case"] = entry.case
    if entry.miss is not None:
        values["miss"] = {name: getattr(entry.miss, name) for name in NearMiss.__slots__}
    return values


def decode_entry(values: Mapping[str, Any]) -> CorpusEntry:
    """Decode an entry; raises LookupError, TypeError or ValueError if the values are not one."""
    miss = values.get("miss")
    return CorpusEntry(
        operation=values["operation"],
        origin=values["origin"],
        method=values["method"],
        target=values["target"],
        headers=tuple((str(name), str(value)) for name, value in values["headers"]),
        body=_decode_body(values),
        expected=Expected(values["expected"]),
        links=tuple(Link(**link) for link in values.get("links", ())),
        case=values.get("case"),
        miss=None if miss is None else NearMiss(**miss),
    )


def _encode_body(body: bytes) -> dict[str, str]:
    if len(body) > _LARGE:
        return {"deflated": base64.b64encode(zlib.compress(body, 9)).decode()}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _decode_body(values: Mapping[str, Any]) -> bytes:
    if "deflated" in values:
        return zlib.decompress(base64.b64decode(values["deflated"], validate=True))
    if "base64" in values:
        return base64.b64decode(values["base64"], validate=True)
    return str(values.get("body", "")).encode()
