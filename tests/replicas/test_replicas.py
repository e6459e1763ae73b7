"""Three mocks behind a balancer: mocks are killed and the database is restarted while clients work."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

import pytest

from tests.replicas.run import run
from tests.replicas.schedule import FULL, SHORT

IS_LONG: Final = int(os.environ.get("MOCKSERVER_TEST_KILLS", "3")) > 3
SEED: Final = int(os.environ.get("MOCKSERVER_TEST_REPLICA_SEED", "1"))
LONGEST_ANSWER: Final = 5.0
LONGEST_RECOVERY: Final = 5.0

_log: Final = logging.getLogger(__name__)


@pytest.mark.long
def test_killed_mocks_and_restarted_database_lose_and_double_nothing(tmp_path: Path) -> None:
    form = FULL if IS_LONG else SHORT
    outcome = run(tmp_path, form, SEED)
    _log.info("%s", outcome)
    contradictions = [str(found) for report in outcome.reports for found in report.contradictions]
    assert contradictions == [], str(outcome)
    assert (outcome.tally.lost, outcome.tally.doubled) == ([], []), str(outcome)
    assert outcome.tally.changes >= form.clients // 3, str(outcome)
    assert outcome.kills >= form.kills // 2, str(outcome)
    assert len(outcome.outages) == form.restarts, str(outcome)
    for outage in outcome.outages:
        assert outage.refusals > 0, str(outcome)
        assert outage.others == {}, str(outcome)
        assert outage.hasty_refusals == [], str(outcome)
        assert max(outage.longest, outage.longest_balanced) <= LONGEST_ANSWER, str(outcome)
        assert max(outage.recovery, outage.recovery_balanced) <= LONGEST_RECOVERY, str(outcome)
