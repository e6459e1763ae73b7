"""A report as JSON, and JSON read as a report. Its schema is spec/coverage.schema.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver._version import __version__
from mockserver.coverage.goals import KINDS, Goal
from mockserver.coverage.report.coverage_report import (
    ClaimCoverage,
    CountedGoal,
    CoverageReport,
    ExampleStep,
    OperationCoverage,
    Score,
)

SCHEMA_VERSION: Final = 1


class NoCoverage(ValueError):
    """The value is no coverage report of a version that this product reads. The message is one sentence."""


def report_json(report: CoverageReport) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "videodb-mockserver", "version": __version__},
        "contracts": list(report.contracts),
        "exchanges": report.exchanges,
        "outside": report.outside,
        "summary": {
            **_score(report.total),
            "percent": report.total.percent,
            "kinds": {kind: _score(score) for kind, score in report.scores.items()},
        },
        "operations": [_operation(each) for each in report.operations],
        "claims": [_claim(each) for each in report.claims],
    }


def _score(score: Score) -> dict[str, int]:
    return {"covered": score.covered, "total": score.total}


def _operation(operation: OperationCoverage) -> dict[str, Any]:
    return {
        "method": operation.method,
        "path": operation.path,
        "goals": [{**each.goal._asdict(), "count": each.exchanges} for each in operation.goals],
        "surprises": dict(operation.surprises),
    }


def _claim(claim: ClaimCoverage) -> dict[str, Any]:
    return {
        "id": claim.id,
        "voice": claim.voice,
        "statement": claim.statement,
        "count": claim.count,
        "untouchable": claim.untouchable,
        "example": [step._asdict() for step in claim.example],
    }


def read_report(value: Any) -> CoverageReport:
    """The report of a JSON value. Raises NoCoverage."""
    version = value.get("schema_version") if isinstance(value, Mapping) else None
    if not isinstance(version, int) or not isinstance(value, Mapping) or "operations" not in value:
        raise NoCoverage("it is no coverage report")
    if version != SCHEMA_VERSION:
        raise NoCoverage(f"its schema_version is {version}; this product reads version {SCHEMA_VERSION}")
    try:
        return CoverageReport(
            contracts=tuple(map(str, value["contracts"])),
            exchanges=_count(value["exchanges"]),
            outside=_count(value["outside"]),
            operations=tuple(map(_read_operation, value["operations"])),
            claims=tuple(map(_read_claim, value["claims"])),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NoCoverage(f"it is a damaged coverage report ({type(error).__name__}: {error})") from None


def _read_operation(value: Any) -> OperationCoverage:
    surprises = {str(name): _count(count) for name, count in value["surprises"].items()}
    return OperationCoverage(
        str(value["method"]), str(value["path"]), tuple(map(_read_goal, value["goals"])), surprises
    )


def _read_goal(value: Any) -> CountedGoal:
    if value["kind"] not in KINDS:
        raise NoCoverage(f"it has a goal of an unknown kind, {str(value['kind'])[:40]!r}")
    goal = Goal(value["kind"], *(str(value[name]) for name in ("subject", "case", "label")))
    return CountedGoal(goal, _count(value["count"]))


def _read_claim(value: Any) -> ClaimCoverage:
    return ClaimCoverage(
        id=str(value["id"]),
        voice=str(value["voice"]),
        statement=str(value["statement"]),
        count=_count(value["count"]),
        untouchable=_text(value["untouchable"]),
        example=tuple(map(_read_step, value["example"])),
    )


def _read_step(value: Any) -> ExampleStep:
    method, path, body = (str(value[name]) for name in ("method", "path", "body"))
    return ExampleStep(method, path, body, _text(value["key"]), _text(value["media_type"]))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NoCoverage(f"it has {str(value)[:40]!r} where a count belongs")
    return value
