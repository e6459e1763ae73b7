from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, nullcontext
from typing import Any

import pytest

from mockserver.billing.events import MOST, EventBus, Subscription
from mockserver.journal.journal import PER_ACCOUNT
from mockserver.web.control.events.stream import EventStream
from tests.web.conftest import Start
from tests.web.event_client import PATIENCE, Listened, Stream, listened
from tests.web.mock_client import KEY, OTHER, Mock, refused

Life = Callable[[Listened], Coroutine[Any, Any, None]]


def live(life: Life, **overrides: object) -> None:
    async def whole() -> None:
        async with listened(**overrides) as mock:
            await life(mock)

    asyncio.run(whole())


def test_exchange_event_equals_the_journal_entry() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as stream:
            await mock.use()
            event = await stream.next()
            assert (event.name, event.id) == ("exchange", "1")
            assert [event.data] == (await mock.client.get("/_mock/requests")).json()["requests"]

    live(life)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_session_event_equals_the_control_api_session(store: str, tmp_path: Any) -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as stream:
            name = await mock.create()
            path = f"/_mock/sessions/{name}"
            created = (await stream.next("session")).data
            assert created == (await mock.client.get(path)).json()
            assert created["status"] == "pending"

            assert (await mock.client.post(f"{path}/pay", json={"card": "4000000000000002"})).status_code == 402
            declined = (await stream.next("session")).data
            assert [attempt["outcome"] for attempt in declined["attempts"]] == ["generic_decline"]

            await mock.post(f"{path}/cancel")
            assert (await stream.next("session")).data["status"] == "pending"

            await mock.post(f"{path}/pay")
            assert (await stream.next("session")).data == (await mock.client.get(path)).json()

            await mock.post(f"/_mock/sessions/{await mock.create()}/expire")
            assert (await stream.next("session")).data["status"] == "pending"
            assert (await stream.next("session")).data["status"] == "expired"

    live(life, store="memory" if store == "memory" else f"sqlite:///{tmp_path}/mock.db")


def test_payment_on_the_page_sends_an_event() -> None:
    async def life(mock: Listened) -> None:
        name = await mock.create()
        page = (await mock.client.get(f"/c/pay/{name}")).text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        async with mock.listener() as stream:
            await mock.client.post(f"/c/pay/{name}", data={"csrf": csrf, "action": "pay"})
            assert (await stream.next("session")).data["status"] == "completed"
            assert (await stream.next("account")).data["credit_balance"] == 5
            assert (await stream.next("exchange")).data["path"] == f"/c/pay/{name}"

    live(life)


@pytest.mark.parametrize("key", [None, KEY])
def test_session_expires_when_its_clock_moves_without_a_request(key: str | None) -> None:
    async def life(mock: Listened) -> None:
        before = await mock.create()
        async with mock.listener() as stream:
            since = await mock.create()
            assert (await stream.next("session")).data["id"] == since
            await mock.post("/_mock/clock", {"advance": "24h", **({"key": key} if key else {})})
            clock = (await stream.next("clock")).data
            assert clock["account"] == (None if key is None else (await _account(mock)))
            assert clock["offset_seconds"] == 86_400
            told = [(await stream.next("session")).data for _ in range(2)]
            assert {session["id"] for session in told} == {before, since}
            assert [session["status"] for session in told] == ["expired", "expired"]

    live(life)


def test_session_expires_by_itself_in_real_time() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as stream:
            await mock.create()
            assert (await stream.next("session")).data["status"] == "pending"
            mock.real_time.advance(hours=24)
            assert (await stream.next("session")).data["status"] == "expired"

    live(life)


def test_expiry_seen_by_a_request_first_is_sent_once() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as stream:
            name = await mock.create()
            assert (await stream.next("session")).data["status"] == "pending"
            mock.real_time.advance(hours=24)
            await mock.client.get("/_mock/sessions")
            await mock.client.get(f"/_mock/sessions/{name}")
            assert (await stream.next("session")).data["status"] == "expired"
            await mock.create()
            assert (await stream.next("session")).data["status"] == "pending"

    live(life)


def test_credits_resets_and_deleted_exchanges_send_events() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as stream:
            await mock.post("/_mock/credits", {"key": KEY, "credits": 7.5})
            account = (await stream.next("account")).data
            assert account == (await mock.client.get("/_mock/accounts")).json()["accounts"][0]
            await mock.post("/_mock/usage", {"key": KEY, "credits": 1})
            assert (await stream.next("account")).data["credit_balance"] == 6.5
            await mock.client.delete(f"/_mock/requests?key={KEY}")
            assert (await stream.next("forgotten")).data == {"forgotten": account["id"]}
            await mock.post("/_mock/reset", {"key": KEY})
            assert (await stream.next("reset")).data == {"reset": account["id"]}
            await mock.post("/_mock/reset")
            assert (await stream.next("reset")).data == {"reset": "everything"}

    live(life)


def test_account_stream_has_its_events_and_the_common_clock() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener(f"key={KEY}") as stream:
            name = await mock.create(key=OTHER)
            await mock.post(f"/_mock/sessions/{name}/pay")
            await mock.post("/_mock/clock", {"key": OTHER, "frozen": True})
            await mock.post("/_mock/clock", {"advance": "1h"})
            assert (await stream.next()).name == "clock"
            mine = await mock.create()
            assert (await stream.next()).data["id"] == mine
            exchange = await stream.next()
            assert (exchange.name, exchange.data["account"]) == ("exchange", await _account(mock))

    live(life)


def test_stream_resumes_after_the_last_exchange() -> None:
    async def life(mock: Listened) -> None:
        for _ in range(5):
            await mock.use()
        async with mock.listener(last_event_id="2") as stream:
            assert [(await stream.next()).id for _ in range(3)] == ["3", "4", "5"]
            await mock.use()
            assert (await stream.next()).id == "6"

    live(life)


def test_account_stream_resumes_with_its_own_exchanges() -> None:
    async def life(mock: Listened) -> None:
        for key in (KEY, OTHER, KEY, OTHER):
            await mock.use(key=key)
        async with mock.listener(f"key={OTHER}", last_event_id="0") as stream:
            assert [(await stream.next()).id for _ in range(2)] == ["2", "4"]

    live(life)


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "9" * 40])
def test_invalid_last_event_id_is_ignored(last: str) -> None:
    async def life(mock: Listened) -> None:
        await mock.use()
        async with mock.listener(last_event_id=last) as stream:
            await mock.use()
            assert (await stream.next()).id == "2"

    live(life)


def test_stream_names_its_journal_and_its_position() -> None:
    async def life(mock: Listened) -> None:
        await mock.use()
        async with mock.listener() as first, mock.listener() as second:
            assert first.headers["videodb-mock-journal"] == second.headers["videodb-mock-journal"] != ""
        answer = await mock.client.head("/_mock/events")
        assert answer.headers["videodb-mock-journal"] == first.headers["videodb-mock-journal"]

    live(life)


def test_stream_that_resumes_too_late_reports_missed_exchanges() -> None:
    async def life(mock: Listened) -> None:
        for _ in range(PER_ACCOUNT + 2):
            await mock.use()
        async with mock.listener(last_event_id="1") as stream:
            assert (await stream.next()) == ("missed", {"changes": False, "exchanges": True}, None)
            assert (await stream.next()).id == "3"
        async with mock.listener(last_event_id="2") as stream:
            assert (await stream.next()).id == "3"

    live(life)


def test_stream_that_resumes_after_a_restart_starts_over() -> None:
    async def life(mock: Listened) -> None:
        await mock.use()
        async with mock.listener(last_event_id="77") as stream:
            assert (await stream.next()).name == "missed"
            assert (await stream.next()).id == "1"

    live(life)


def test_client_that_does_not_read_blocks_nobody_and_misses_changes() -> None:
    async def life(mock: Listened) -> None:
        async with mock.listener() as slow, mock.listener() as quick:
            slow.reads.clear()
            names = []
            for _ in range(MOST + 3):
                names.append(await mock.create())
                assert (await quick.next("session")).data["id"] == names[-1]

            slow.reads.set()
            assert (await slow.next("session")).data["id"] == names[0]  # the client stopped while this was sent
            assert (await slow.next("exchange")).id == "1"
            assert (await slow.next()) == ("missed", {"changes": True, "exchanges": True}, None)
            assert [(await slow.next("session")).data["id"] for _ in range(MOST)] == names[3:]
            # and the exchanges that the journal still has
            assert [(await slow.next("exchange")).id for _ in range(3)] == ["4", "5", "6"]

    live(life)


def test_slow_client_gets_a_report_of_dropped_exchanges() -> None:
    async def life(mock: Listened) -> None:
        for _ in range(PER_ACCOUNT):
            await mock.use()
        async with mock.listener(last_event_id="0") as slow:
            slow.reads.clear()
            for _ in range(PER_ACCOUNT):
                await mock.use()
            slow.reads.set()
            told = [await slow.next()]
            while told[-1].name != "missed":
                told.append(await slow.next())
            told.append(await slow.next())
            numbers = [int(event.id or 0) for event in told if event.name == "exchange"]
            assert numbers[:-1] == list(range(1, len(numbers)))
            assert numbers[-1] == PER_ACCOUNT + 1

    live(life)


def test_fifty_clients_receive_the_same_events() -> None:
    async def life(mock: Listened) -> None:
        async with AsyncExitStack() as clients:
            streams = [await clients.enter_async_context(mock.listener()) for _ in range(50)]
            name = await mock.create()
            assert {(await stream.next("session")).data["id"] for stream in streams} == {name}

    live(life)


def test_silent_stream_sends_a_heartbeat() -> None:
    async def life() -> None:
        bus, client = EventBus(), Stream()
        reply = EventStream(_no_events, bus, account=None, journal="1", position=0, awake=nullcontext, heartbeat=0.01)
        task = asyncio.create_task(reply({"type": "http", "method": "GET"}, client.receive, client.send))
        assert [await client.comment() for _ in range(3)] == ["live", "still here", "still here"]
        bus.close()
        await asyncio.wait_for(task, PATIENCE)
        assert client.has_ended

    asyncio.run(life())


def test_disconnected_client_leaves_no_task_behind() -> None:
    async def life(mock: Listened) -> None:
        resting = asyncio.all_tasks()
        async with mock.listener():
            assert len(asyncio.all_tasks()) > len(resting)
        await mock.use()
        assert asyncio.all_tasks() == resting

    live(life)


def test_stream_is_neither_cached_nor_buffered(mock: Mock) -> None:
    response = mock.request("HEAD", "/_mock/events")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream"
    assert response.headers["cache-control"] == "no-store"
    assert "content-length" not in response.headers


@pytest.mark.parametrize("query", ["key=", "key=x", "keys=sk-a", "key=sk-a&key=sk-b"])
def test_invalid_stream_request_is_refused(mock: Mock, query: str) -> None:
    refused(mock.get(f"/_mock/events?{query}"), 400, "invalid_request")


def test_stream_of_an_unknown_account_is_not_found(mock: Mock) -> None:
    refused(mock.get("/_mock/events?key=acct_000000000000"), 404, "not_found")


def test_other_methods_are_refused(mock: Mock) -> None:
    assert mock.post("/_mock/events").headers["allow"] == "GET, HEAD, OPTIONS"


def test_stream_needs_the_control_token(start: Start) -> None:
    mock = start(control_token="sesame")
    refused(mock.get("/_mock/events"), 401, "control_token_required")
    allowed = {"authorization": "Bearer sesame"}
    assert mock.request("HEAD", "/_mock/events", headers=allowed).status_code == 200


async def _account(mock: Listened) -> str:
    found: str = (await mock.client.get(f"/_mock/accounts?key={KEY}")).json()["accounts"][0]["id"]
    return found


async def _no_events(listener: Subscription) -> AsyncIterator[bytes]:
    for _ in ():
        yield b""
