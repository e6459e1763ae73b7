"""A wrong baseline file is refused in one sentence with its line."""

from __future__ import annotations

import pytest
from mockserver_contracts.baseline.yaml_io import BaselineError

from tests.contracts.baseline.files import FILE, A, B, a_baseline


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
def test_wrong_file_is_refused_with_its_line_and_the_needed_value(text: str, sentence: str) -> None:
    with pytest.raises(BaselineError) as refused:
        a_baseline(text)
    assert str(refused.value).startswith(f"{FILE}, {sentence}")
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("needed")
