"""Preferences of a client for a response, as in Prism: `Prefer: code=404, example=name, dynamic=true`.

Rule 1: the header may be repeated or hold several preferences. It precedes the query parameters `__code`,
        `__example`, `__dynamic` and `__seed`.
Rule 2: the first of repeated preferences counts (RFC 7240). Unknown preferences are ignored.
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


class Preferences(NamedTuple):
    """The response that a client prefers. A field with its default leaves the choice to the document."""

    code: int | None = None
    example: str | None = None
    is_dynamic: bool = False
    seed: str | None = None
    accept: str | None = None


def read_preferences(
    prefer: Iterable[str], query: str, accept: str | None = None
) -> tuple[Preferences, tuple[Violation, ...]]:
    """The preferences in the Prefer headers and the query, and a violation for each invalid one."""
    given = _given(prefer, query)
    violations: list[Violation] = []
    code = given.get("code")
    if code is not None and not _CODE.fullmatch(code):
        violations.append(
            Violation("", f"the preference code is {code[:40]!r}; a status such as 404 is needed", "preference")
        )
        code = None
    dynamic = given.get("dynamic", "false").lower()
    if dynamic not in ("", "true", "false"):
        message = f"the preference dynamic is {dynamic[:40]!r}; true or false is needed"
        violations.append(Violation("", message, "preference"))
    preferences = Preferences(
        code=None if code is None else int(code),
        example=given.get("example"),
        is_dynamic=dynamic in ("", "true"),
        seed=given.get("seed"),
        accept=accept,
    )
    return preferences, tuple(violations)


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
