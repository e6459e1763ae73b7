"""Lists that come in pages: read as a whole, whatever the longest page of the target is.

The page names no longest page. A server may refuse a long one, or give a shorter one than it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.undecided import Undecided

LARGEST_LIMIT: Final = 100
_USUAL_CAP: Final = 10
_MOST_ENTRIES: Final = 500
_SMALLER_LIMITS: Final = (50, 20, 10)


@dataclass(frozen=True, slots=True)
class Listing:
    """The first page of a list, and the entries of all pages."""

    first: Exchange
    entries: list[dict[str, Any]]


@dataclass(slots=True)
class PageLengths:
    """The lengths of a target's pages, as they show in the course of a run.

    A mock gives pages of 100. Of another server, each page that is longer than those before is followed by a look
    behind it: is there more, the page was as long as pages become.
    """

    limit: int = LARGEST_LIMIT
    is_known: bool = True
    _longest: dict[str, int] = field(default_factory=dict)
    _whole: dict[str, int] = field(default_factory=dict)

    def find_limit(self, read: Callable[[int], Exchange]) -> None:
        """Find the largest limit that the target takes; `read` reads a page with a limit."""
        if not self.is_known and read(self.limit).is_refused:
            self.limit = next((limit for limit in _SMALLER_LIMITS if read(limit).is_accepted), self.limit)

    def may_go_on(self, path: str, length: int) -> bool:
        """There may be entries behind a page of this length."""
        if length >= self.limit:
            self._whole[path] = length
            return True
        longest = self._longest.get(path)
        if longest is not None or self.is_known:
            return length == longest
        whole = self._whole.get(path, 0)
        # Few servers have pages so short that a whole list of before was as long as a page by chance.
        return length > whole or 0 < length == whole < _USUAL_CAP

    def is_cut(self, path: str, actual: Sequence[object], expected: Sequence[object]) -> bool:
        """The page has the beginning of what was asked for, and is as long as pages of the path become."""
        return bool(actual) and len(actual) == self._longest.get(path) and list(actual) == list(expected[: len(actual)])

    def learn(self, path: str, length: int, following: int) -> None:
        """Learn from a page and the length of the one that follows it."""
        if length < self.limit and not self.is_known:
            lengths = self._longest if following else self._whole
            lengths[path] = length


def read_pages(
    lengths: PageLengths,
    path: str,
    read: Callable[[int, int], Exchange],
    entries_of: Callable[[Exchange], list[dict[str, Any]]],
    *,
    at_least: int = 0,
) -> Iterator[tuple[Exchange, list[dict[str, Any]]]]:
    """The pages with their entries, up to the end of the list or 500 entries; `read` takes a limit and an offset."""
    offset = before = 0
    seen: set[str] = set()
    while offset < max(_MOST_ENTRIES, at_least + lengths.limit):
        page = read(lengths.limit, offset)
        try:
            entries = entries_of(page)
        except Undecided:
            # Behind its end a list may not be there.
            if not before or not (page.is_accepted or page.status == 404):
                raise
            entries = []
        ids = {str(entry.get("id")) for entry in entries}
        if before:
            if ids and ids <= seen:
                return  # the same page again: the target does not read the offset
            lengths.learn(path, before, len(entries))
        yield page, entries
        seen |= ids
        before, offset = len(entries), offset + len(entries)
        if not entries or not lengths.may_go_on(path, before):
            return
