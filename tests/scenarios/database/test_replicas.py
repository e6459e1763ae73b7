"""Three mocks on one store: each promise of "once" holds over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

import mockserver
from tests.scenarios.test_exactly_once import CLICKS, patient_answers
from tests.store.backends import BACKENDS, SHARED
from tests.web.mock_client import KEY, Mock
from tests.web.raw_http import Answer, a_request


@pytest.fixture(params=SHARED)
def mocks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sequence[Mock]]:
    """Three running mocks, on a store of each kind that they may share."""
    with ExitStack() as stack:
        store = BACKENDS[request.param].address(tmp_path)
        served = [stack.enter_context(mockserver.running(store=store)) for _ in range(3)]
        yield [Mock(stack.enter_context(httpx.Client(base_url=each.url))) for each in served]


def over_all(mocks: Sequence[Mock], requests: Sequence[bytes]) -> list[Answer]:
    """The responses to requests that are sent to the mocks in turn, all at once."""
    urls = [str(mock.client.base_url).rstrip("/") for mock in mocks]
    with ThreadPoolExecutor(len(mocks)) as pool:
        parts = [list(requests[number :: len(mocks)]) for number in range(len(mocks))]
        return [answer for answers in pool.map(patient_answers, urls, parts) for answer in answers]


def test_session_is_paid_once_over_three_mocks(mocks: Sequence[Mock]) -> None:
    name = mocks[0].create(amount=50)
    pay = a_request("POST", f"/_mock/sessions/{name}/pay", body=b"{}", content_type="application/json")
    answers = over_all(mocks, [pay] * CLICKS)
    assert Counter(answer.status for answer in answers) == {200: 1, 409: CLICKS - 1}
    for mock in mocks:
        assert mock.balance() == 50
        assert len(mock.invoices()) == 1


def test_session_is_paid_or_expired_over_three_mocks_but_never_both(mocks: Sequence[Mock]) -> None:
    for _ in range(5):
        name = mocks[0].create(amount=1)
        before = mocks[1].balance()
        pay = a_request("POST", f"/_mock/sessions/{name}/pay", body=b"{}", content_type="application/json")
        clock = a_request("POST", "/_mock/clock", body=b'{"advance": "24h"}', content_type="application/json")
        answers = over_all(mocks, [pay, clock, a_request("GET", "/_mock/sessions"), pay, pay, pay])
        counts = Counter(answer.status for answer in answers)
        is_paid = mocks[2].balance() > before
        assert counts == ({200: 3, 409: 3} if is_paid else {200: 2, 410: 4})
        assert {mock.session(name)["status"] for mock in mocks} == {"completed" if is_paid else "expired"}
        assert mocks[0].balance() - before == is_paid


def test_faults_and_recharges_of_three_mocks_count_as_those_of_one(mocks: Sequence[Mock]) -> None:
    mocks[0].post("/_mock/faults", {"then": {"status": 503}, "times": 7, "match": {"path": "/billing/usage"}})
    usage = a_request("GET", "/billing/usage")
    assert Counter(answer.status for answer in over_all(mocks, [usage] * 30)) == {503: 7, 200: 23}
    mocks[1].post("/_mock/credits", {"key": KEY, "credits": 10})
    consume = a_request(
        "POST", "/_mock/usage", body=b'{"key": "%s", "credits": 1}' % KEY.encode(), content_type="application/json"
    )
    assert Counter(answer.status for answer in over_all(mocks, [consume] * 30)) == {200: 10, 402: 20}
    assert {mock.balance() for mock in mocks} == {0}


def test_mocks_create_sessions_at_once_that_all_mocks_list(mocks: Sequence[Mock]) -> None:
    create = a_request("POST", "/billing/checkout", body=b'{"amount": 5}', content_type="application/json")
    assert {answer.status for answer in over_all(mocks, [create] * 60)} == {200}
    pages = [[each["id"] for each in mock.get("/_mock/sessions?limit=100").json()["sessions"]] for mock in mocks]
    assert pages[0] == pages[1] == pages[2]
    assert len(set(pages[0])) == 60
