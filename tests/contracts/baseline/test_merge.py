"""A merge changes the lines of added and removed entries alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.baseline.entries import BaselineEntry

from tests.contracts.baseline.files import TEXT, TODAY, A, B, C, a_baseline
from tests.matrix import few_examples


def test_merge_adds_at_the_end_and_leaves_every_line_as_it_was() -> None:
    baseline = a_baseline()
    merged = baseline.merge([baseline.new_entry(C, "New: a 'thing' # here")])
    title = "\"New: a 'thing' # here\""
    new = f"  - id: {C}\n    title: {title}\n    reason: To be explained\n    since: 2026-11-25\n"
    assert merged.text == TEXT.replace("# The end.", f"{new}# The end.")


def test_new_entries_share_no_anchor_so_that_each_can_be_deleted() -> None:
    day = date(2026, 11, 29)
    entries = [BaselineEntry(f"fuzz-{number:012}", title="t", reason="r", since=day) for number in range(3)]
    text = a_baseline(TEXT).merge(entries, frozenset()).text
    assert "&" not in text
    assert "*" not in text
    assert text.count("since: 2026-11-29") == TEXT.count("since: 2026-11-29") + 3


def test_merge_removes_lines_of_an_entry_and_no_comment_between() -> None:
    merged = a_baseline().merge(removed=[A])
    start, end = TEXT.index(f"  - id: {A}"), TEXT.index("\n  # Nobody minds.")
    assert merged.text == TEXT[:start] + TEXT[end:]
    assert [entry.id for entry in merged.entries] == [B]
    emptied = a_baseline().merge(removed=[A, B])
    assert emptied.entries == ()
    for words in ("# What we know", "# ask them first", "# VideoDB looks", "# Nobody minds.", "# The end."):
        assert words in emptied.text
        assert words in emptied.merge([emptied.new_entry(C, "New")]).text


def test_entry_that_stays_keeps_its_reason_dates_and_unknown_keys() -> None:
    baseline = a_baseline()
    merged = baseline.merge([baseline.new_entry(A, "Another title"), baseline.new_entry(C, "New")])
    known = BaselineEntry(A, "The target takes a text", "Known; VideoDB ticket 12", TODAY, date(2027, 1, 31))
    assert merged.entries == (known, BaselineEntry(B, "Slow"), BaselineEntry(C, "New", "To be explained", TODAY))
    assert "13]}" in merged.text


def test_long_title_stays_on_its_line() -> None:
    title = "A title of many words " * 20 + "with an end"
    baseline = a_baseline()
    assert f"    title: {title}\n" in baseline.merge([baseline.new_entry(C, title)]).text


@pytest.mark.parametrize(
    "text",
    [f"accepted: [{{id: {A}, more: 1}}, {{id: {B}}}] # why\n", f"{{accepted: [{{id: {A}, more: 1}}, {{id: {B}}}]}}\n"],
)
def test_list_on_one_line_can_be_merged(text: str) -> None:
    merged = a_baseline(text).merge([BaselineEntry(C, "New")], [B])
    assert [entry.id for entry in merged.entries] == [A, C]
    assert "more: 1" in merged.text
    assert ("# why" in merged.text) == ("# why" in text)


@pytest.mark.parametrize("column", ["", "  "])
@pytest.mark.parametrize("end", ["owner: me", "owner: me\n", "# End.\n", "...\n# End.\n", ""])
@pytest.mark.parametrize("empty", ["", " ~", " []"])
def test_empty_list_is_filled_and_the_rest_stays(empty: str, end: str, column: str) -> None:
    end = column + end if end.startswith("owner") else end
    merged = a_baseline(f"# Head.\n{column}accepted:{empty}\n{end}").merge([BaselineEntry(C, "New", "x")])
    new = f"{column}  - id: {C}\n{column}    title: New\n{column}    reason: x\n"
    assert [entry.id for entry in merged.entries] == [C]
    assert merged.text.replace(new, "") == f"# Head.\n{column}accepted:\n{end}"


IDS = st.lists(st.from_regex(r"(claim|fuzz|drift)-[0-9a-f]{12}", fullmatch=True), unique=True, max_size=8)
TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=40)


@st.composite
def baseline_texts(draw: st.DrawFn, ids: Sequence[str]) -> str:
    """A baseline file with the entries, in one of many styles."""
    column = draw(st.sampled_from(["", "  ", "    "]))
    lines = ["# The head.", "accepted:" if ids else draw(st.sampled_from(["accepted:", "accepted: []"]))]
    for number, id_ in enumerate(ids):
        lines += [f"{column}# Before {number}."] * draw(st.booleans())
        lines += [f"{column}- id: {id_}  # beside {number}", f"{column}  reason: Reason {number}"]
        last = (
            "more: {a: [1]}",
            "more:\n- 1\n# in\n- 2",
            "since: 2026-01-02",
            "text: |\n  Several\n\n  lines",
            "x: >-\n a",
        )
        lines += [f"{column}  {line}" for line in draw(st.sampled_from(last)).split("\n")]
        lines += [""] * draw(st.integers(0, 2))
    lines += draw(st.sampled_from([[], ["# The end."], ["other:", "- 1"], ["...", "# After."]]))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))


@few_examples(40)
@given(st.data(), IDS)
def test_comments_and_order_survive_a_merge_and_its_repeat(data: st.DataObject, ids: list[str]) -> None:
    known, new = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    gone = [id_ for id_ in known if data.draw(st.booleans())]
    baseline = a_baseline(data.draw(baseline_texts(known)))
    added = [baseline.new_entry(id_, data.draw(TITLES)) for id_ in new]
    merged = baseline.merge(added, gone)
    stayed = tuple(entry for entry in baseline.entries if entry.id not in gone)
    assert merged.entries == (*stayed, *added)
    assert merged.merge(added, gone) == merged
    outside = [
        line
        for line in baseline.text.splitlines()
        if line.strip().startswith(("# The head", "# Before", "# The end", "# After"))
        or line.endswith(tuple(f"# beside {known.index(entry.id)}" for entry in stayed))
    ]
    kept = [line for line in merged.text.splitlines() if line in outside]
    assert sorted(kept) == sorted(outside)
    if stayed:
        assert kept == outside
        before = [line for line in baseline.text.splitlines() if line]
        come = [line for line in merged.text.splitlines() if line and line not in before]
        assert len(come) == 4 * len(added)
