"""The goals of keywords agree with the contract's verdict on the whole body, for any schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import Contract, Operation
from mockserver.coverage.operation_plan import OperationPlan
from mockserver.coverage.schema.constraint import LazyJudge
from mockserver.web.control.control_document import control_contract
from tests.coverage.counted import JSON, an_exchange, counted
from tests.documents.everything import everything
from tests.matrix import few_examples

VERSIONS = ("3.0.3", "3.1.0")
CONTRACTS = {version: Contract(everything(version)) for version in VERSIONS}
PLANS = {
    version: [OperationPlan(each) for each in contract.operations if each.method == "PUT" and each.takes_body]
    for version, contract in CONTRACTS.items()
}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.floats(-2, 2, allow_nan=False)
    | st.sampled_from(["", "a", "b", "q", "text", "cat", "dog", "AB-123", "2030-01-01", "not a date", "a@b.example"])
)
NAMES = st.sampled_from(["a", "b", "c", "x-a", "kind", "n", "at", "id", "email", "password", "children", "name", "A"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8
)
UNSEEN = ("unevaluatedProperties", "discriminator")
"""The keywords that break a body and have no goal."""


def schema_of(operation: Operation) -> Any:
    return operation.content[JSON]["schema"]


@pytest.mark.parametrize("version", VERSIONS)
@few_examples(60)
@given(data=st.data())
def test_right_body_breaks_no_keyword_and_a_wrong_one_does(version: str, data: st.DataObject) -> None:
    plan = data.draw(st.sampled_from(PLANS[version]))
    value = data.draw(VALUES)
    goals = [plan.list.goals[number] for number in plan.hits(an_exchange(json.dumps(value).encode()))]
    broken = [goal.label for goal in goals if goal.kind == "keyword" and goal.case == "invalid"]
    is_valid = ("body", "valid") in {(goal.kind, goal.case) for goal in goals}
    assert is_valid == plan.operation.accepts_body(value)
    if is_valid:
        assert broken == []
    elif not any(word in json.dumps(schema_of(plan.operation)) for word in UNSEEN):
        assert broken or _is_inside_of_itself(plan.operation) or _has_read_only(value), (
            value,
            schema_of(plan.operation),
        )


def _is_inside_of_itself(operation: Operation) -> bool:
    return "Tree" in json.dumps(schema_of(operation))


def _has_read_only(value: Any) -> bool:
    """The body has a member that only responses have: it is no goal of a request."""
    return isinstance(value, dict) and "id" in value


@pytest.mark.parametrize("contract", [*CONTRACTS.values(), control_contract()], ids=[*VERSIONS, "control"])
def test_document_with_every_feature_is_planned(contract: Contract) -> None:
    report = counted(contract)
    assert len(report.operations) == len(contract.operations)
    assert all(operation.score.total for operation in report.operations)
    for operation in report.operations:
        assert len({each.goal.key for each in operation.goals}) == len(operation.goals), operation.name


def test_predicate_is_compiled_once() -> None:
    judge = LazyJudge({"minimum": 2}, {"openapi": "3.1.0"})
    assert (judge(1), judge(2), judge("text")) == (False, True, True)
