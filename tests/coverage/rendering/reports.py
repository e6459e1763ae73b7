"""Reports that the tests of the renderings share."""

from __future__ import annotations

from functools import cache

from mockserver.contract import load
from mockserver.coverage.counter import CoverageCounter
from mockserver.coverage.report.coverage_report import CoverageReport
from tests.coverage.counted import a_contract, an_exchange, counted

HOSTILE = "<script>alert(1)</script>\u202e @everyone https://evil.example [x](y) \x1b[31m"


@cache
def a_report() -> CoverageReport:
    """Two orders, right and wrong, and an answer that the contract does not declare."""
    counter = CoverageCounter(load("page")[0], "VideoDB Server API, profile page")
    counter.add(an_exchange({"amount": 50}, path="/billing/checkout"))
    counter.add(an_exchange({"amount": 0}, path="/billing/checkout", status=400))
    counter.add(an_exchange({"amount": 50}, path="/billing/checkout", status=503, media_type="text/html"))
    counter.add(an_exchange(path="/nowhere"))
    return counter.report()


@cache
def a_hostile_report() -> CoverageReport:
    """A contract with markup, control characters and mentions in all of its names."""
    schema = {"properties": {HOSTILE: {"type": "string", "enum": [HOSTILE, "b"]}}}
    contract = a_contract(schema, responses={"200": {"content": {HOSTILE: {}}}}, path=f"/{HOSTILE}")
    return counted(contract, an_exchange({}, path=f"/{HOSTILE}", status=418, media_type=HOSTILE))


@cache
def a_large_report() -> CoverageReport:
    """Hundreds of members, none of them sent."""
    members = {f"member_{number}": {"type": "string", "minLength": 2, "maxLength": 9} for number in range(400)}
    return counted(a_contract({"properties": members}), an_exchange({}))
