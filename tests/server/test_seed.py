"""A mock with a seed: the same calls have the same answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

import mockserver
from mockserver import AccountMock, Mock, Settings
from mockserver.store import StoreError


def story(mock: Mock) -> list[str]:
    """Everything that a number of calls answers, as texts."""
    account = mock.account()
    session = account.create(amount=50)
    declined = account.decline(account.create(amount=5))
    account.pay(session)
    account.clock.advance("25h")
    account.fail_next("reset", path="/nowhere")
    account.consume(3, category="indexing")
    page = httpx.get(account.create(amount=7)["url"]).text
    answers: list[Any] = [
        account.api_key,
        declined,
        account.sessions,
        account.invoices,
        account.usage,
        account.faults,
        account.requests,
        mock.account().api_key,
        page,
    ]
    # the port is the system's
    return [json.dumps(answer, default=str).replace(mock.url, "") for answer in answers]


def told(*, seed: int | None) -> list[str]:
    with mockserver.running(Settings(port=0, seed=seed)) as mock:
        port = re.escape(mock.url.rpartition(":")[2])
        return [re.sub(port, "PORT", answer) for answer in story(mock)]


def test_same_seed_has_the_same_bytes() -> None:
    assert told(seed=7) == told(seed=7)


def test_another_seed_and_none_have_other_bytes() -> None:
    first, second, third = told(seed=7), told(seed=8), told(seed=None)
    for answers in (second, third):
        assert [mine == theirs for mine, theirs in zip(first[:3], answers[:3], strict=True)] == [False] * 3


def test_time_stands_still_until_the_clock_is_moved() -> None:
    with mockserver.running(store="memory", seed=1) as mock:
        account = mock.account()
        assert account.clock.now.isoformat() == "2030-01-01T00:00:00+00:00"
        assert account.create()["expires_at"] == "2030-01-02T00:00:00.000Z"
        account.clock.advance("24h")
        assert account.sessions[0]["status"] == "expired"


def test_accounts_of_a_seed_are_fresh() -> None:
    with mockserver.running(store="memory", seed=1) as mock:
        keys = [mock.account().api_key for _ in range(3)]
        assert len(set(keys)) == 3
        assert isinstance(mock.account("sk-mine"), AccountMock)


def test_ids_of_a_seed_are_those_of_a_real_mock_in_form() -> None:
    with mockserver.running(store="memory", seed=3) as mock:
        ids = {mock.account().create()["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"cs_test_[A-Za-z0-9]{58}", each) for each in ids)


def test_store_that_keeps_the_ids_of_a_seed_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"a seed makes the same ids at each start.*; give --store memory"),
        mockserver.running(store=f"sqlite:///{tmp_path}/mock.db", seed=3),
    ):
        pass


def test_state_of_an_earlier_start_meets_no_id_twice() -> None:
    with mockserver.running(store="memory", seed=3) as mock:
        account = mock.account()
        account.pay(account.create())
        state = account.checkpoint()
    for before in (0, 1):
        with mockserver.running(store="memory", seed=3) as mock:
            account = mock.account()
            for _ in range(before):
                account.create()
            account.rewind(state)
            account.pay(account.create())
            assert len({each["id"] for each in account.sessions}) == len(account.sessions) == 2
            assert len({each["id"] for each in account.invoices}) == len(account.invoices) == 2
