"""Lists are read as a whole, whatever the longest page of the target is."""

from __future__ import annotations

import json

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.target.answer import entries_of
from mockserver_contracts.target.paging import PageLengths, read_pages


class Pages:
    """A list that a server shows in pages of at most `cap` entries; `asked` has the pages that were read."""

    def __init__(self, number: int, *, cap: int = 100, most: int = 100, reads_offset: bool = True) -> None:
        self.entries = [{"id": str(each)} for each in range(number)]
        self.cap, self.most, self.reads_offset = cap, most, reads_offset
        self.asked: list[tuple[int, int]] = []

    def read(self, limit: int, offset: int = 0) -> Exchange:
        self.asked.append((limit, offset))
        begin = offset if self.reads_offset else 0
        shown = self.entries[begin : begin + min(limit, self.cap)]
        status = 200 if limit <= self.most else 400
        body = json.dumps({"data": shown} if status == 200 else {}).encode()
        return Exchange(Request("GET", "http://a/l", {}), Response(status, {}, body))

    def ids(self, lengths: PageLengths) -> list[str]:
        return [entry["id"] for _, entries in read_pages(lengths, "/l", self.read, entries_of) for entry in entries]


@pytest.mark.parametrize("number", [0, 3, 10, 19, 20, 21, 40, 101, 230])
@pytest.mark.parametrize("cap", [1, 3, 5, 10, 20, 25, 100])
def test_whole_list_is_read_whatever_the_longest_page_is(number: int, cap: int) -> None:
    pages, lengths = Pages(number, cap=cap), PageLengths(is_known=False)
    for _ in range(3):
        assert pages.ids(lengths) == [str(each) for each in range(number)]


def test_longest_page_is_found_once() -> None:
    lengths = PageLengths(is_known=False)
    Pages(60, cap=20).ids(lengths)
    pages = Pages(39, cap=20)
    pages.ids(lengths)
    assert pages.asked == [(100, 0), (100, 20)]


def test_page_that_was_the_whole_list_is_followed_by_no_further_look() -> None:
    lengths = PageLengths(is_known=False)
    Pages(40).ids(lengths)
    pages = Pages(40)
    pages.ids(lengths)
    assert pages.asked == [(100, 0)]


def test_pages_of_a_mock_are_known() -> None:
    pages = Pages(99)
    pages.ids(PageLengths())
    assert pages.asked == [(100, 0)]


def test_list_that_does_not_read_the_offset_ends_with_its_first_page() -> None:
    pages = Pages(30, cap=12, reads_offset=False)
    assert len(pages.ids(PageLengths(is_known=False))) == 12


@pytest.mark.parametrize(("most", "found"), [(100, 100), (99, 50), (50, 50), (20, 20), (10, 10), (5, 100)])
def test_largest_limit_that_the_target_takes_is_found(most: int, found: int) -> None:
    lengths = PageLengths(is_known=False)
    lengths.find_limit(Pages(3, most=most).read)
    assert lengths.limit == found


def test_limit_of_a_mock_is_not_asked_for() -> None:
    pages = Pages(3, most=10)
    PageLengths().find_limit(pages.read)
    assert pages.asked == []
