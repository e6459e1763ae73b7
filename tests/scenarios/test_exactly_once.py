from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from urllib.parse import urlencode

import httpx

import mockserver
from tests.web.mock_client import KEY, Mock
from tests.web.pages.test_checkout_page import Form
from tests.web.raw_http import Answer, a_request, answer_on, connected

CLICKS = 100


def all_at_once(url: str, requests: list[bytes]) -> list[Answer]:
    """The responses to requests that are all sent before the first response is read."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connected(url)) for _ in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request[:-1])
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request[-1:])
        return [answer_on(connection) for connection in connections]


def test_hundred_concurrent_payments_credit_a_session_once(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        name = mock.create(amount=50)
        request = a_request("POST", f"/_mock/sessions/{name}/pay", body=b"{}", content_type="application/json")
        answers = all_at_once(served.url, [request] * CLICKS)
        assert Counter(answer.status for answer in answers) == {200: 1, 409: CLICKS - 1}
        assert mock.balance() == 50
        assert [invoice["amount"] for invoice in mock.invoices()] == [50]
        assert [attempt["outcome"] for attempt in mock.session(name)["attempts"]] == ["paid"]


def test_hundred_concurrent_clicks_credit_a_session_once(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        name = mock.create(amount=50)
        form = urlencode({**Form(mock.get(f"/c/pay/{name}")).values, "action": "pay"}).encode()
        request = a_request("POST", f"/c/pay/{name}", body=form, content_type="application/x-www-form-urlencoded")
        answers = all_at_once(served.url, [request] * CLICKS)
        assert Counter(answer.status for answer in answers) == {303: 1, 409: CLICKS - 1}
        assert mock.balance() == 50
        assert len(mock.session(name)["attempts"]) == 1


def test_hundred_concurrently_paid_sessions_are_all_credited(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        names = [mock.create(amount=1) for _ in range(CLICKS)]
        answers = all_at_once(served.url, [a_request("POST", f"/_mock/sessions/{name}/pay") for name in names])
        assert {answer.status for answer in answers} == {200}
        assert mock.balance() == CLICKS
        assert len({invoice["id"] for invoice in mock.invoices(limit=100)}) == CLICKS


def test_concurrent_consumptions_recharge_like_sequential_ones(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        mock.recharge(enabled=True, threshold=1, amount=10)
        body = json.dumps({"key": KEY, "credits": 1}).encode()
        request = a_request("POST", "/_mock/usage", body=body, content_type="application/json")
        answers = all_at_once(served.url, [request] * CLICKS)
        assert {answer.status for answer in answers} == {200}
        # 10 are bought for the first, then whenever less than 1 would remain: for every tenth
        assert (mock.balance(), len(mock.invoices(limit=100))) == (10, CLICKS // 10 + 1)


def test_concurrent_consumptions_never_exceed_the_credits(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        mock.post("/_mock/credits", {"key": KEY, "credits": 30})
        body = json.dumps({"key": KEY, "credits": 1}).encode()
        request = a_request("POST", "/_mock/usage", body=body, content_type="application/json")
        answers = all_at_once(served.url, [request] * CLICKS)
        assert Counter(answer.status for answer in answers) == {200: 30, 402: CLICKS - 30}
        assert (mock.balance(), mock.usage()["credit_used"]) == (0, 30)


def test_hundred_concurrently_created_sessions_all_exist(store: str) -> None:
    with mockserver.running(store=store) as served, httpx.Client(base_url=served.url) as client:
        request = a_request("POST", "/billing/checkout", body=b'{"amount": 1}', content_type="application/json")
        answers = all_at_once(served.url, [request] * CLICKS)
        assert {answer.status for answer in answers} == {200}
        listed = Mock(client).listed(key="sk-wire", limit=100)
        assert len({session["id"] for session in listed}) == CLICKS
