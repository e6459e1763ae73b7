"""Findings with one cause stand together, the gravest cause first."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.exchange import Exchange, Response
from mockserver_contracts.results.finding import MISSING_OPERATION, Finding
from mockserver_contracts.results.grouping import group_by_cause

from tests.contracts.reports.runs import a_finding


def groups_of(*findings: Finding) -> list[list[Finding]]:
    return [list(group) for group in group_by_cause(findings, lambda finding: finding)]


def forbidden(pointer: str, keyword: str, **changes: Any) -> Finding:
    return a_finding(check="negative_data_rejection", pointer=pointer, cause=keyword, **changes)


def test_one_fault_at_many_operations_is_one_cause() -> None:
    findings = [a_finding(check="refusal_body", operation=f"GET /{name}", cause="not JSON") for name in "abcdefgh"]
    assert groups_of(*findings) == [findings]


def test_two_members_that_take_the_same_forbidden_values_are_one_cause() -> None:
    findings = [forbidden(f"/{name}_url", keyword) for name in ("cancel", "success") for keyword in ("pattern", "type")]
    amount = forbidden("/amount", "minimum")
    assert groups_of(*findings, amount) == [findings, [amount]]


def test_findings_of_a_rule_are_one_cause_and_those_of_two_rules_are_two() -> None:
    once = [a_finding(check="rule-paid-once", cause=cause) for cause in ("paid again", "paid at once")]
    other = a_finding(check="rule-credits-stay")
    assert groups_of(*once, other) == [once, [other]]


def test_near_misses_of_one_member_are_one_cause() -> None:
    near = [a_finding(check="near_miss_refused", cause=f"plan_id: {how}") for how in ("null", "a list")]
    other = a_finding(check="near_miss_refused", cause="mode: null")
    assert groups_of(*near, other) == [near, [other]]


def test_gravest_and_surest_cause_comes_first() -> None:
    turn = (Exchange(a_finding().request, Response(200, {})),)
    ranked = [
        a_finding(check=MISSING_OPERATION, severity="warning"),
        a_finding(kind="claim", check="checkout-is-a-post"),
        a_finding(check="rule-paid-once", steps=(turn,)),
        a_finding(check="rule-whole-lives", steps=(turn, turn)),
        a_finding(),
        a_finding(kind="claim", check="x", severity="info"),
    ]
    assert [group[0] for group in groups_of(*reversed(ranked))] == ranked


@given(
    st.lists(
        st.builds(
            lambda check, operation, pointer, cause: a_finding(
                check=check, operation=operation, pointer=pointer, cause=cause
            ),
            st.sampled_from(["rule-a", "rule-b", "near_miss_refused", "x"]),
            st.sampled_from(["GET /a", "POST /b", "POST /c"]),
            st.sampled_from(["", "/a", "/b"]),
            st.sampled_from(["p", "q", "m: r", "m: s"]),
        ),
        unique_by=lambda finding: finding.id,
    )
)
def test_no_finding_is_lost_or_doubled(findings: list[Finding]) -> None:
    assert sorted(each.id for group in groups_of(*findings) for each in group) == sorted(each.id for each in findings)
