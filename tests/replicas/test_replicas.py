"""Three mocks behind a balancer: mocks are killed and the database is restarted while clients work."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

from tests.replicas.run import run
from tests.replicas.schedule import FULL, SHORT

IS_LONG: Final = int(os.environ.get("MOCKSERVER_TEST_KILLS", "3")) > 3
SEED: Final = int(os.environ.get("MOCKSERVER_TEST_REPLICA_SEED", "1"))
LONGEST_ANSWER: Final = 5.0
LONGEST_RECOVERY: Final = 5.0

_log: Final = logging.getLogger(__name__)


def test_killed_mocks_and_restarted_database_lose_and_double_nothing(tmp_path: Path) -> None:
    form = FULL if IS_LONG else SHORT
    outcome = run(tmp_path, form, SEED)
    _log.info("%s", outcome)
    for report in outcome.reports:
        report.require()
    assert (outcome.tally.lost, outcome.tally.doubled) == ([], []), outcome
    assert outcome.tally.changes >= form.clients // 3, outcome
    assert outcome.kills >= form.kills // 2, outcome
    assert len(outcome.outages) == form.restarts, outcome
    for outage in outcome.outages:
        assert outage.refusals > 0, outcome
        assert outage.others == {}, outcome
        assert outage.hasty_refusals == [], outcome
        assert outage.longest <= LONGEST_ANSWER, outcome
        assert outage.recovery <= LONGEST_RECOVERY, outcome
