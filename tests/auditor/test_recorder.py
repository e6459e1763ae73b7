from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal

import httpx
import pytest

import mockserver
from tests.auditor import FOREVER, Exchange, Recorder, audit
from tests.auditor.survey import survey
from tests.web.mock_client import KEY, Mock
from tests.web.raw_http import a_request, answer_to


@pytest.fixture
def url() -> Iterator[str]:
    with mockserver.running() as served:
        yield served.url


def test_recorded_exchange_has_request_answer_and_moments(url: str) -> None:
    recorder = Recorder()
    with recorder.client(url) as client:
        Mock(client).consume(1.5)
        Mock(client).listed(limit=5)
    refused, listed = recorder.exchanges()
    assert (refused.method, refused.path, refused.status) == ("POST", "/_mock/usage", 402)
    assert refused.body == {"key": KEY, "credits": Decimal("1.5")}
    assert refused.sent < refused.ended < listed.sent
    assert (listed.path, listed.query, listed.key) == ("/billing/checkouts", {"limit": "5"}, KEY)
    assert listed.answer == {"success": True, "data": []}


def test_form_of_a_page_is_recorded_by_its_fields(url: str) -> None:
    recorder = Recorder()
    with recorder.client(url) as client:
        Mock(client).post("/c/pay/cs_test_x", data={"action": "pay", "card": "4242 4242 4242 4242"})
    (exchange,) = recorder.exchanges()
    assert exchange.body == {"action": "pay", "card": "4242 4242 4242 4242"}


def test_clients_of_asyncio_are_recorded(url: str) -> None:
    recorder = Recorder()

    async def buy() -> None:
        async with recorder.async_client(url, headers={"x-access-token": KEY}) as client:
            await asyncio.gather(*[client.post("/billing/checkout", json={"amount": 5}) for _ in range(10)])

    asyncio.run(buy())
    assert [exchange.status for exchange in recorder.exchanges()] == [200] * 10
    with recorder.client(url) as client:
        survey(client, KEY)
    recorder.audit().require()


def test_request_as_bytes_is_recorded(url: str) -> None:
    recorder = Recorder()
    request = a_request(
        "POST", "/billing/checkout?x=1", key=KEY, body=b'{"amount": 5}', content_type="application/json"
    )
    recorded = recorder.sending_bytes(request)
    answer = answer_to(url, request)
    recorded.answered(answer.status, answer.body)
    (exchange,) = recorder.exchanges()
    assert (exchange.path, exchange.query, exchange.key, exchange.body) == (
        "/billing/checkout",
        {"x": "1"},
        KEY,
        {"amount": 5},
    )


@pytest.mark.parametrize(
    ("then", "is_known"), [("reset", False), ("truncate", True), ("malformed", True), ("empty", True)]
)
def test_broken_answer_keeps_its_status(url: str, then: str, is_known: bool) -> None:
    recorder = Recorder()
    with recorder.client(url) as client:
        mock = Mock(client)
        mock.post("/_mock/faults", {"then": then})
        if then in ("reset", "truncate"):
            with pytest.raises(httpx.TransportError):
                mock.checkout({"amount": 5})
        else:
            mock.checkout({"amount": 5})
        exchange = recorder.exchanges()[-1]
        assert (exchange.status, exchange.answer) == (200 if is_known else None, None)
        survey(client, KEY)
    recorder.audit().require()


def test_unanswered_request_has_no_effect_after_the_server_is_dead(url: str) -> None:
    recorder = Recorder()
    recorder.sending("POST", "/billing/checkout", key=KEY)
    assert recorder.exchanges()[0].ended == FOREVER
    recorder.settle()
    assert recorder.exchanges()[0].ended < recorder.sending("GET", "/billing/usage").sent


def test_unknown_answer_has_no_effect_after_the_servers_are_dead() -> None:
    recorder = Recorder()
    recorder.sending("POST", "/billing/checkout", key=KEY).answered(502, None)
    assert recorder.exchanges()[0].window.until == FOREVER
    recorder.settle()
    exchange = recorder.exchanges()[0]
    assert exchange.ended < exchange.window.until < recorder.sending("GET", "/billing/usage").sent


DEFECTS: dict[str, Callable[[list[Exchange]], list[Exchange]]] = {
    "a payment is forgotten": lambda found: [each for each in found if not each.path.endswith("/pay")],
    "a creation is forgotten": lambda found: [each for each in found if each.path != "/billing/checkout"],
    "a grant is forgotten": lambda found: [each for each in found if each.path != "/_mock/credits"],
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_survey_shows_everything_that_requests_explain(url: str, defect: str) -> None:
    """The mock itself is content; without the request that explains a part of its state, it would not be."""
    recorder = Recorder()
    with recorder.client(url) as client:
        mock = Mock(client)
        mock.pay(mock.create(amount=7))
        mock.post("/_mock/credits", {"key": KEY, "credits": 3})
        mock.advance("24h", key=KEY)
        survey(client, KEY)
    recorder.audit().require()
    assert audit(DEFECTS[defect](recorder.exchanges())).contradictions
