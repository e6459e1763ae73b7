"""The command that a run serves, and the title of its reports."""

from __future__ import annotations

from typing import Literal

RunCommand = Literal["check", "drift", "calibrate"]


def compares_with_mock(command: RunCommand) -> bool:
    """The command compares the target with the mock. Otherwise it holds the target to the contract alone."""
    return command != "check"


def run_title(command: RunCommand, target: str) -> str:
    """The title of a report: the kind of the run and its target."""
    target = target or "an unknown target"
    if command == "check":
        return f"Check of {target}"
    name = {"drift": "Drift", "calibrate": "Calibration"}[command]
    return f"{name}: comparison of {target} with the mock"
