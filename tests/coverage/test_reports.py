"""Reports are values: they are merged in any order, written as JSON by the published schema, and read again."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import load, spec_folder
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import NoCoverage, read_report, report_json
from mockserver.coverage.report.merge import merge_reports
from tests.coverage.counted import a_contract, an_exchange, counted

CONTRACT = a_contract({"type": "object", "properties": {"amount": {"type": "number", "minimum": 1}}})
EXCHANGES = st.lists(
    st.builds(
        an_exchange,
        st.sampled_from([None, {}, [], {"amount": 0}, {"amount": 5}, {"amount": "5"}]),
        status=st.sampled_from([200, 400, 503]),
        path=st.sampled_from(["/things", "/nowhere"]),
    ),
    max_size=8,
)


@given(EXCHANGES, EXCHANGES)
def test_merge_of_two_parts_is_the_report_of_the_whole(ours: list[Any], theirs: list[Any]) -> None:
    parts = [counted(CONTRACT, *ours), counted(CONTRACT, *theirs)]
    assert merge_reports(parts) == merge_reports(reversed(parts)) == counted(CONTRACT, *ours, *theirs)


def test_merge_of_two_contracts_has_the_goals_of_both() -> None:
    other = a_contract({"type": "object", "required": ["plan"]})
    merged = merge_reports([counted(CONTRACT, an_exchange({})), counted(other, an_exchange({}))])
    labels = {each.goal.label: each.exchanges for each in merged.operations[0].goals}
    assert labels["the whole value: type object"] in (0, 2)
    assert {"amount: minimum 1", "plan: required"} <= labels.keys()
    assert merged.operations[0].exchanges == 2


@pytest.mark.parametrize("report", [counted(CONTRACT, an_exchange({}, status=503)), counted(load("page")[0])])
def test_json_keeps_the_published_schema_and_is_read_again(report: CoverageReport) -> None:
    schema = json.loads((spec_folder() / "coverage.schema.json").read_text("utf-8"))
    text = json.dumps(report_json(report))
    jsonschema_rs.validate(schema, json.loads(text))
    assert read_report(json.loads(text)) == report


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 2}, "its schema_version is 2; this product reads version 1"),
        ({"schema_version": "1"}, "it is no coverage report"),
        ({"exchanges": -1}, "it has '-1' where a count belongs"),
        ({"operations": [{}]}, "it is a damaged coverage report"),
        ({"operations": 5}, "it is a damaged coverage report"),
    ],
)
def test_json_that_is_no_report_is_refused_in_a_sentence(change: dict[str, Any], message: str) -> None:
    with pytest.raises(NoCoverage, match=message):
        read_report({**report_json(counted(CONTRACT)), **change})


@pytest.mark.parametrize("value", [None, [], "text", {}, {"schema_version": 1}])
def test_other_json_is_no_report(value: Any) -> None:
    with pytest.raises(NoCoverage, match="it is no coverage report"):
        read_report(value)
