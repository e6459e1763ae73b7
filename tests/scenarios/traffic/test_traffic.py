from __future__ import annotations

import asyncio
from typing import Final

import pytest

import mockserver
from tests.auditor import Recorder
from tests.auditor.survey import survey
from tests.matrix import SEEDS, long_but
from tests.scenarios.traffic.traders import trade
from tests.store.backends import BACKENDS

KEYS: Final = ("sk-one", "sk-two", "sk-three")


@pytest.mark.parametrize("store", long_but("postgresql", of=BACKENDS), indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_answers_to_random_traffic_do_not_contradict_each_other(store: str, seed: int) -> None:
    recorder = Recorder()
    with mockserver.running(store=store) as served:
        asyncio.run(trade(recorder, served.url, KEYS, clients=5, requests=20, seed=seed))
        with recorder.client(served.url) as client:
            client.delete("/_mock/faults")
            survey(client, *KEYS)
    assert recorder.requests > 250
    recorder.audit().require()


@pytest.mark.parametrize("seed", SEEDS)
def test_state_that_random_traffic_leaves_can_be_loaded(seed: int) -> None:
    with mockserver.running(store="memory") as served:
        asyncio.run(trade(Recorder(), served.url, KEYS, clients=5, requests=20, seed=seed))
        for account in map(served.account, KEYS):
            account.clock.freeze()
            state = account.checkpoint()
            account.rewind(state)
            assert account.checkpoint()["accounts"] == state["accounts"]
