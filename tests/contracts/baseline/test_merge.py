"""The file of accepted findings: what is refused, and what a merge leaves as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.baseline.yaml_io import BaselineError

from mockserver.contract import spec_folder

TODAY: Final = date(2026, 11, 25)
FILE: Final = Path("accepted.yaml")
A, B, C = "drift-0123456789ab", "fuzz-0123456789ab", "claim-0123456789ab"
SCHEMA = jsonschema_rs.validator_for(json.loads((spec_folder() / "report.schema.json").read_text("utf-8")))

WRITTEN: Final = f"""\
# What we know of staging.
owner: "billing"   # ask them first

accepted:
  # VideoDB looks into it.
  - id: {A}  # the first
    title: 'The target takes a text'
    reason: >-
      Known;
      VideoDB ticket 12

    since: 2026-11-25
    expires: 2027-01-31
    links: {{tickets: [12,
      13]}}

  # Nobody minds.
  - title: Slow
    id: {B}
    notes:
      - one
      # and
      - two   # the last
# The end.
"""


def a_baseline(text: str = WRITTEN, today: date = TODAY) -> Baseline:
    return Baseline.parse(text, FILE, today)


# what a merge leaves as it was


def test_a_merge_adds_at_the_end_and_leaves_every_line_as_it_was() -> None:
    baseline = a_baseline()
    merged = baseline.merge([baseline.new_entry(C, "New: a 'thing' # here")])
    title = "\"New: a 'thing' # here\""
    new = f"  - id: {C}\n    title: {title}\n    reason: To be explained\n    since: 2026-11-25\n"
    assert merged.text == WRITTEN.replace("# The end.", f"{new}# The end.")


def test_a_merge_takes_out_the_lines_of_what_is_gone_and_no_comment_between() -> None:
    merged = a_baseline().merge(removed=[A])
    start, end = WRITTEN.index(f"  - id: {A}"), WRITTEN.index("\n  # Nobody minds.")
    assert merged.text == WRITTEN[:start] + WRITTEN[end:]
    assert [entry.id for entry in merged.entries] == [B]
    emptied = a_baseline().merge(removed=[A, B])
    assert emptied.entries == ()
    for words in ("# What we know", "# ask them first", "# VideoDB looks", "# Nobody minds.", "# The end."):
        assert words in emptied.text
        assert words in emptied.merge([emptied.new_entry(C, "New")]).text


def test_an_entry_that_stays_keeps_its_reason_dates_and_unknown_keys() -> None:
    baseline = a_baseline()
    merged = baseline.merge([baseline.new_entry(A, "Another title"), baseline.new_entry(C, "New")])
    known = BaselineEntry(A, "The target takes a text", "Known; VideoDB ticket 12", TODAY, date(2027, 1, 31))
    assert merged.entries == (known, BaselineEntry(B, "Slow"), BaselineEntry(C, "New", "To be explained", TODAY))
    assert "13]}" in merged.text


def test_a_long_title_stays_on_its_line() -> None:
    title = "A title of many words " * 20 + "with an end"
    baseline = a_baseline()
    assert f"    title: {title}\n" in baseline.merge([baseline.new_entry(C, title)]).text


@pytest.mark.parametrize(
    "text",
    [f"accepted: [{{id: {A}, more: 1}}, {{id: {B}}}] # why\n", f"{{accepted: [{{id: {A}, more: 1}}, {{id: {B}}}]}}\n"],
)
def test_a_list_on_one_line_is_merged_too(text: str) -> None:
    merged = a_baseline(text).merge([BaselineEntry(C, "New")], [B])
    assert [entry.id for entry in merged.entries] == [A, C]
    assert "more: 1" in merged.text
    assert ("# why" in merged.text) == ("# why" in text)


@pytest.mark.parametrize("column", ["", "  "])
@pytest.mark.parametrize("end", ["owner: me", "owner: me\n", "# End.\n", "...\n# End.\n", ""])
@pytest.mark.parametrize("empty", ["", " ~", " []"])
def test_an_empty_list_is_filled_and_the_rest_stays(empty: str, end: str, column: str) -> None:
    end = column + end if end.startswith("owner") else end
    merged = a_baseline(f"# Head.\n{column}accepted:{empty}\n{end}").merge([BaselineEntry(C, "New", "x")])
    new = f"{column}  - id: {C}\n{column}    title: New\n{column}    reason: x\n"
    assert [entry.id for entry in merged.entries] == [C]
    assert merged.text.replace(new, "") == f"# Head.\n{column}accepted:\n{end}"


IDS = st.lists(st.from_regex(r"(claim|fuzz|drift)-[0-9a-f]{12}", fullmatch=True), unique=True, max_size=8)
TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=40)


@st.composite
def written(draw: st.DrawFn, ids: Sequence[str]) -> str:
    """A file with the entries, as somebody might have written it."""
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


@given(st.data(), IDS)
def test_whatever_is_merged_comments_and_order_survive_and_twice_is_once(data: st.DataObject, ids: list[str]) -> None:
    known, new = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    gone = [id_ for id_ in known if data.draw(st.booleans())]
    baseline = a_baseline(data.draw(written(known)))
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


# the file


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: nothing is given; a mapping with the list `accepted` is needed"),
        ("# Nothing.\n", "line 1: nothing is given; a mapping with the list `accepted` is needed"),
        ("- a\n", "line 1: the document is a sequence; a mapping with the list `accepted` is needed"),
        ("owner: me\n", "line 1: `accepted` is missing; a mapping with the list `accepted` is needed"),
        ("a: 1\naccepted: yes\n", "line 2: `accepted` is 'yes'; a list of entries is needed"),
        ("a:\n  b: c: d\n", "line 2: this is not YAML (mapping values are not allowed here)"),
        ("a: 1\nb: \x07\n", "line 2: this is not YAML (unacceptable character"),
        ("accepted: []\na: 1\naccepted: []\n", "line 3: the key 'accepted' is given twice; once is needed"),
        ("accepted:\n- title: x\n", "line 2: the entry has no `id`; the id of a finding is needed"),
        ("accepted:\n- id\n", "line 2: an entry is 'id'; a mapping with an `id` is needed"),
        (
            "accepted:\n- title: x\n  id: fuzz-1\n",
            "line 3: 'fuzz-1' is not the id of a finding; claim-, fuzz- or drift- and",
        ),
        (f"accepted:\n- id: {A}0\n", f"line 2: '{A}0' is not the id of a finding"),
        (f"accepted:\n- id: {A.upper()}\n", "line 2: 'DRIFT-0123456789AB' is not the id of a finding"),
        (f"accepted:\n- id: {A}\n- id: {B}\n- id: {A}\n", f"line 4: {A} stands in line 2 too; one entry for each"),
        (f"accepted:\n- id: {A}\n  expires: soon\n", "line 3: `expires` is 'soon'; a day as 2027-01-31 is needed"),
        (f"accepted:\n- id: {A}\n  expires: 2027-02-30\n", "line 3: `expires` is '2027-02-30'; a day as"),
        (f"accepted:\n- id: {A}\n  expires: 2027-01-31T00:00:00Z\n", "line 3: `expires` is '2027-01-31T00:00:00Z'"),
        (f"accepted:\n- id: {A}\n  since: 20261125\n", "line 3: `since` is '20261125'; a day as"),
        (f"accepted:\n- id: {A}\n  reason: [a]\n", "line 3: `reason` is a sequence; a text is needed"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_what_is_right(text: str, sentence: str) -> None:
    with pytest.raises(BaselineError) as refused:
        a_baseline(text)
    assert str(refused.value).startswith(f"{FILE}, {sentence}")
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("needed")


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_bytes(b"accepted:\n- id: \xff\n")
    with pytest.raises(BaselineError, match=r"line 2: the byte 0xff is given; text in UTF-8 is needed"):
        Baseline.read(file, TODAY)


def test_what_is_written_is_what_was_read_to_the_last_byte(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    raw = b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").replace("Slow", "Slów").encode()
    file.write_bytes(raw)
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    baseline = Baseline.read(link, TODAY)
    baseline.write()
    assert file.read_bytes() == raw
    baseline.merge([baseline.new_entry(C, "New")]).write()
    assert link.is_symlink()
    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") == raw.count(b"\n") + 4
    assert file.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"accepted.yaml", "link.yaml"}
