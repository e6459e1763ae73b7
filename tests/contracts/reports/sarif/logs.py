"""SARIF logs of runs, valid by the parts of the standard that the report uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
from mockserver_contracts.reports.sarif.log import render_sarif
from mockserver_contracts.results.events import RunEvent

from tests.contracts.reports.runs import a_record

_SCHEMA: Final = json.loads((Path(__file__).parent / "sarif.schema.json").read_text("utf-8"))
_VALIDATOR: Final = jsonschema_rs.validator_for(_SCHEMA, validate_formats=True)


def a_log(*events: RunEvent, **parts: Any) -> dict[str, Any]:
    """The log of the events. It is valid, and its indices lead to what its names say."""
    log: dict[str, Any] = json.loads(render_sarif(a_record(events, **parts)))
    validate(log)
    return log


def a_run(*events: RunEvent, **parts: Any) -> dict[str, Any]:
    """The one run of the log of the events."""
    [run] = a_log(*events, **parts)["runs"]
    assert isinstance(run, dict)
    return run


def validate(log: dict[str, Any]) -> None:
    """Raise for a log that is not valid."""
    _VALIDATOR.validate(log)
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert [result["ruleId"] for result in run["results"]] == [
            driver["rules"][result["ruleIndex"]]["id"] for result in run["results"]
        ]
        for invocation in run["invocations"]:
            for notification in invocation["toolExecutionNotifications"]:
                descriptor = notification["descriptor"]
                assert driver["notifications"][descriptor["index"]]["id"] == descriptor["id"]
