"""The events of a run."""

from __future__ import annotations

from mockserver_contracts.results.events import (
    ClaimDecided,
    RunFinished,
    RunStarted,
)

from tests.contracts.runs import run_on, target_of
from tests.contracts.servers.independent import Other


def test_events_of_a_run_end_with_run_finished() -> None:
    events = run_on(target_of(Other())).events
    assert isinstance(events[0], RunStarted)
    assert [isinstance(event, RunFinished) for event in events].index(True) == len(events) - 1
    assert not any(isinstance(event, ClaimDecided) for event in events)
