"""Requests of a hundred clients at the same moment, and the audit of their answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import mockserver
from tests.auditor import Recorder
from tests.auditor.survey import survey
from tests.web.mock_client import KEY, Mock
from tests.web.pages.checkout_forms import TYPED, Form
from tests.web.raw_http import Answer, a_request, answer_on, connected

CLICKS = 100
_RETRIES = 4
ORDER = a_request("POST", "/billing/checkout", key=KEY, body=b'{"amount": 1}', content_type="application/json")


def all_at_once(url: str, requests: Sequence[bytes], *, recorder: Recorder | None = None) -> list[Answer]:
    """The responses to requests that are all sent before the first response is read."""
    recorder = Recorder() if recorder is None else recorder
    with ExitStack() as stack:
        connections = [stack.enter_context(connected(url)) for _ in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request[:-1])
        recorded = [recorder.sending_bytes(request) for request in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request[-1:])
        answers = [answer_on(connection) for connection in connections]
        for each, answer in zip(recorded, answers, strict=True):
            each.answered(answer.status, answer.body)
        return answers


def patient_answers(url: str, requests: Sequence[bytes], *, recorder: Recorder | None = None) -> list[Answer]:
    """The responses to requests that are sent at once, by clients that obey `Retry-After` a few times.

    A busy store asks them to send a request again, which has changed nothing.
    """
    answers = all_at_once(url, requests, recorder=recorder)
    for _ in range(_RETRIES):
        again = [number for number, answer in enumerate(answers) if _asks_for_patience(answer)]
        repeated = all_at_once(url, [requests[number] for number in again], recorder=recorder)
        for number, answer in zip(again, repeated, strict=True):
            answers[number] = answer
    return answers


def _asks_for_patience(answer: Answer) -> bool:
    return answer.status == 503 and "retry-after" in answer.headers


class Crowd:
    """A mock, and clients whose requests reach it at the same moment."""

    def __init__(self, url: str, mock: Mock, recorder: Recorder) -> None:
        self.mock = mock
        self._url = url
        self._recorder = recorder

    def send(self, *requests: bytes) -> Counter[int]:
        """The statuses of the responses to these requests."""
        answers = patient_answers(self._url, requests, recorder=self._recorder)
        return Counter(answer.status for answer in answers)


@contextmanager
def audited(store: str) -> Iterator[Crowd]:
    """A running mock. When the test is done, no answer may contradict the others."""
    recorder = Recorder()
    with mockserver.running(store=store) as served, recorder.client(served.url) as client:
        yield Crowd(served.url, Mock(client), recorder)
        survey(client, KEY)
    recorder.audit().require()


def consumption(credits: int) -> bytes:
    """A request that consumes credits."""
    body = json.dumps({"key": KEY, "credits": credits}).encode()
    return a_request("POST", "/_mock/usage", body=body, content_type="application/json")


def payment(name: str) -> bytes:
    """A request that pays a session."""
    return a_request("POST", f"/_mock/sessions/{name}/pay", body=b"{}", content_type="application/json")


def test_hundred_concurrent_payments_credit_a_session_once(store: str) -> None:
    with audited(store) as crowd:
        name = crowd.mock.create(amount=50)
        assert crowd.send(*[payment(name)] * CLICKS) == {200: 1, 409: CLICKS - 1}


def test_hundred_concurrent_clicks_credit_a_session_once(store: str) -> None:
    with audited(store) as crowd:
        name = crowd.mock.create(amount=50)
        form = urlencode({**Form(crowd.mock.get(f"/c/pay/{name}")).values, **TYPED}).encode()
        click = a_request("POST", f"/c/pay/{name}", body=form, content_type="application/x-www-form-urlencoded")
        assert crowd.send(*[click] * CLICKS) == {303: 1, 409: CLICKS - 1}


def test_hundred_concurrently_paid_sessions_are_all_credited(store: str) -> None:
    with audited(store) as crowd:
        names = [crowd.mock.create(amount=1) for _ in range(CLICKS)]
        assert crowd.send(*map(payment, names)) == {200: CLICKS}


def test_concurrent_consumptions_recharge_like_sequential_ones(store: str) -> None:
    with audited(store) as crowd:
        crowd.mock.recharge(enabled=True, threshold=1, amount=10)
        assert crowd.send(*[consumption(1)] * CLICKS) == {200: CLICKS}
        # 10 are bought for the first, then whenever less than 1 would remain: for every tenth
        assert crowd.mock.balance() == 10


def test_concurrent_consumptions_never_exceed_the_credits(store: str) -> None:
    with audited(store) as crowd:
        crowd.mock.post("/_mock/credits", {"key": KEY, "credits": 30})
        assert crowd.send(*[consumption(1)] * CLICKS) == {200: 30, 402: CLICKS - 30}


def test_hundred_concurrently_created_sessions_all_exist(store: str) -> None:
    with audited(store) as crowd:
        assert crowd.send(*[ORDER] * CLICKS) == {200: CLICKS}


def test_payment_expiry_clock_and_reset_at_the_same_moment_agree(store: str) -> None:
    """Either may come first; no later answer may deny it."""
    with audited(store) as crowd:
        names = [crowd.mock.create(amount=5) for _ in range(CLICKS // 4)]
        expiries = [a_request("POST", f"/_mock/sessions/{name}/expire") for name in names]
        jump = json.dumps({"key": KEY, "advance": "24h"}).encode()
        move = a_request("POST", "/_mock/clock", body=jump, content_type="application/json")
        statuses = crowd.send(*expiries[:10], *map(payment, names), move, *expiries[10:], *[ORDER] * 10)
        assert set(statuses) <= {200, 409, 410}
        crowd.send(*map(payment, names), a_request("POST", "/_mock/reset", body=json.dumps({"key": KEY}).encode()))
