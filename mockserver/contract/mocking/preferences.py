"""What a client wishes an answer to be, as Prism reads it: `Prefer: code=404, example=name, dynamic=true`.

Rule 1: the header counts, whether once with several preferences or several times; where it is silent,
        the query parameters `__code`, `__example`, `__dynamic` and `__seed` do.
Rule 2: of a preference that comes twice the first one counts (RFC 7240), and those that are not ours are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from mockserver.contract.schema.violation import Violation

NAMES: Final = ("code", "example", "dynamic", "seed")
_PREFERENCE: Final = re.compile(
    r'\s*([A-Za-z0-9!#$%&\'*+.^_`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^,;"]*)))?\s*(?:[,;]|$)'
)
_CODE: Final = re.compile(r"[1-5][0-9]{2}", re.ASCII)


class Wish(NamedTuple):
    """The answer that a client asks for; what it says nothing of is for the document to say."""

    code: int | None = None
    example: str | None = None
    is_dynamic: bool = False
    seed: str | None = None
    accept: str | None = None


def wish_of(prefer: Iterable[str], query: str, accept: str | None = None) -> tuple[Wish, tuple[Violation, ...]]:
    """What the Prefer headers and the query ask for, and every preference that cannot be meant."""
    given = _given(prefer, query)
    faults: list[Violation] = []
    code = given.get("code")
    if code is not None and not _CODE.fullmatch(code):
        faults.append(
            Violation("", f"the preference code is {code[:40]!r}; a status such as 404 is needed", "preference")
        )
        code = None
    dynamic = given.get("dynamic", "false").lower()
    if dynamic not in ("", "true", "false"):
        message = f"the preference dynamic is {dynamic[:40]!r}; true or false is needed"
        faults.append(Violation("", message, "preference"))
    wish = Wish(
        code=None if code is None else int(code),
        example=given.get("example"),
        is_dynamic=dynamic in ("", "true"),
        seed=given.get("seed"),
        accept=accept,
    )
    return wish, tuple(faults)


def _given(prefer: Iterable[str], query: str) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for header in prefer:
        at = 0
        while at < len(header) and (match := _PREFERENCE.match(header, at)) is not None and match.end() > at:
            at = match.end()
            value = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
            given.setdefault(match[1].lower(), (value or "").strip())
    if "__" in query:
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name.startswith("__"):
                given.setdefault(name[2:], value)
    return {name: given[name] for name in NAMES if name in given}
