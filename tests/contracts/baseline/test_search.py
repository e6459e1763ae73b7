"""An entry knows the search that showed its finding; only a run with the same search can say that it has vanished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.baseline.search import Search, SearchRecorded, SearchScope
from mockserver_contracts.baseline.yaml_io import BaselineError
from mockserver_contracts.reports.baseline_report import BaselineReport
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import RunFinished
from ruamel.yaml import YAML

from tests.contracts.baseline.files import FILE, TEXT, TODAY, A, B, C, a_baseline, a_search
from tests.matrix import few_examples

OTHERWISE: dict[str, Any] = {
    "command": "drift",
    "target": "127.0.0.1:9001",
    "profiles": ("page", "openapi"),
    "seed": 2,
    "max_examples": 2,
    "spec": "shop.yaml",
    "strict": True,
    "without": ("rules", "corpus"),
    "lacks": ("clock",),
}
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=12)
PARTS = st.lists(st.sampled_from(["claims", "rules", "corpus"]), unique=True).map(tuple)
SEARCHES = st.builds(
    Search,
    check=WORDS,
    command=st.sampled_from(["check", "drift"]),
    target=WORDS,
    profiles=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    seed=st.integers(0),
    max_examples=st.integers(1),
    spec=WORDS,
    strict=st.booleans(),
    without=PARTS,
    lacks=PARTS,
)
TEXTS = st.sampled_from(
    [
        f"accepted:\n- id: {A}\n",
        f"accepted:\n- id: {A}",
        f"accepted:\n  - id: {A}  # mine\n    more: |\n      two\n\n      lines\n\n# The end.\n",
        f"accepted:\r\n  - title: x\r\n    id: {A}\r\n",
        f"accepted:\n  - {{id: {A}, title: x}} # mine\n",
        f"accepted: [{{id: {A}}}]\n",
    ]
)


def scope_of(search: Search, **changes: Any) -> SearchScope:
    return replace(SearchScope(replace(search, check=""), is_complete=True), **changes)


@pytest.mark.parametrize("name", OTHERWISE)
def test_run_with_another_setting_does_not_look_for_the_finding(name: str) -> None:
    search = a_search()
    assert scope_of(search).covers(search)
    assert not scope_of(replace(search, **{name: OTHERWISE[name]})).covers(search)


def test_every_setting_of_a_search_has_an_example() -> None:
    assert {"check", *OTHERWISE} == set(Search.__dataclass_fields__)


@few_examples(40)
@given(SEARCHES, st.sets(st.sampled_from(sorted(OTHERWISE))), st.booleans())
def test_update_loses_no_entry_with_another_search(mine: Search, changed: set[str], is_complete: bool) -> None:
    other = replace(mine, check="another", **{name: OTHERWISE[name] for name in changed})
    entries = (BaselineEntry(A, search=mine), BaselineEntry(B, search=other), BaselineEntry(C))
    baseline = a_baseline("accepted: []\n").merge(entries)
    vanished = baseline.match([], scope_of(mine, is_complete=is_complete)).vanished
    left = {entry.id for entry in baseline.merge(removed=[entry.id for entry in vanished]).entries}
    is_looked_for = replace(other, check="") == replace(mine, check="")
    assert (A in left) == (not is_complete)
    assert (B in left) == (not is_complete or not is_looked_for)
    assert C in left


@few_examples(40)
@given(SEARCHES, TEXTS)
def test_search_is_read_as_it_was_recorded(search: Search, text: str) -> None:
    merged = a_baseline(text).merge([BaselineEntry(B, "New", search=search)], searches={A: search, C: search})
    assert [(entry.id, entry.search) for entry in merged.entries] == [(A, search), (B, search)]
    assert merged.merge(searches={A: a_search(seed=99)}) == merged
    assert ("# mine" in merged.text, "# The end." in merged.text) == ("# mine" in text, "# The end." in text)
    loaded = YAML(typ="safe", pure=True).load(merged.text)["accepted"][0]["search"]
    assert (loaded["seed"], loaded["profiles"]) == (search.seed, list(search.profiles))


def test_search_is_one_line_at_the_end_of_its_entry() -> None:
    merged = a_baseline().merge(searches={A: a_search(), B: a_search(strict=True)})
    settings = "check: not_a_server_error, command: check, target: 127.0.0.1:9000, profiles: [page], seed: 1"
    first = f"    search: {{{settings}, max_examples: 1}}\n"
    second = f"    search: {{{settings}, max_examples: 1, strict: true}}\n"
    assert merged.text.replace(first, "", 1).replace(second, "", 1) == TEXT
    assert merged.text.index("13]}") < merged.text.index(first) < merged.text.index("# Nobody minds.")
    assert merged.text.index("- two") < merged.text.index(second) < merged.text.index("# The end.")


def test_update_gives_an_old_entry_its_search_and_a_known_one_keeps_its_own(tmp_path: Path) -> None:
    file = tmp_path / FILE
    known = (
        f"- id: {B}\n  search: {{check: x, command: drift, target: a, profiles: [page], seed: 3, max_examples: 4}}\n"
    )
    file.write_text(f"accepted:\n- id: {A}\n{known}", "utf-8")
    report = BaselineReport(Baseline.read(file, TODAY), Redaction([]))
    for event in (SearchRecorded(A, a_search()), SearchRecorded(B, a_search()), RunFinished(0, 1, 0.1)):
        report.handle(event)
    report.close()
    text = file.read_text("utf-8")
    assert text.endswith(known)
    assert Baseline.read(file, TODAY).entries[0].search == a_search()


def test_vanished_entry_is_removed_with_its_search() -> None:
    with_both = a_baseline("accepted: []\n").merge([BaselineEntry(A, search=a_search()), BaselineEntry(B)])
    assert with_both.merge(removed=[A]).text == f"accepted:\n  - id: {B}\n    title: ''\n    reason: ''\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("Anna", "`search` is 'Anna'; a mapping with the settings of a run is needed"),
        ("{command: check}", "`search` has no `target`; it is needed"),
        ("{colour: red}", "`search` has 'colour'; check, command, target"),
        ("{command: look, target: a, profiles: [a], seed: 1, max_examples: 1}", "`command` is 'look'; check or drift"),
        ("{command: check, target: a, profiles: a, seed: 1, max_examples: 1}", "`profiles` is 'a'; a list of texts"),
        ("{command: check, target: a, profiles: [a], seed: x, max_examples: 1}", "`seed` is 'x'; a whole number"),
        (
            "{command: check, target: a, profiles: [a], seed: 1, max_examples: 1, strict: 1}",
            "`strict` is '1'; true or false is needed",
        ),
    ],
)
def test_wrong_search_is_refused_with_its_line(settings: str, sentence: str) -> None:
    with pytest.raises(BaselineError) as refused:
        a_baseline(f"accepted:\n- id: {A}\n  search: {settings}\n")
    assert str(refused.value).startswith(f"{FILE}, line 3: {sentence}")
    assert str(refused.value).endswith("needed")
