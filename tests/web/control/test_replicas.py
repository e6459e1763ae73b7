"""Two mocks on one store: one journal and one event stream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from mockserver.billing import event_messages
from tests.store.backends import BACKENDS, SHARED
from tests.store.postgres.proxy import Proxy, running_proxy
from tests.store.postgres_server import postgres_address, schema_of
from tests.web.event_client import Listened, Stream, listened
from tests.web.mock_client import KEY, OTHER

Life = Callable[[Listened, Listened], Coroutine[Any, Any, None]]
SOON = 1.0
"""The seconds in which an event reaches the clients of another mock."""


@pytest.fixture(params=SHARED)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a shared store of each kind."""
    return BACKENDS[request.param].address(tmp_path)


def live(life: Life, store: str, *, second: str | None = None, **overrides: object) -> None:
    """Run two mocks on a store; `second` is its address for the second one if that has another way to the database."""

    async def whole() -> None:
        async with AsyncExitStack() as mocks:
            running = [
                await mocks.enter_async_context(listened(store=each, **overrides)) for each in (store, second or store)
            ]
            await life(*running)

    asyncio.run(whole())


async def journal(mock: Listened, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await mock.client.get(f"/_mock/requests?{query}")).json()["requests"]
    return found


async def until_journal(mock: Listened, is_right: Callable[[list[dict[str, Any]]], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_right(await journal(mock)):
            await asyncio.sleep(0.01)


def test_journal_of_one_mock_is_read_from_another_with_the_same_ids_and_filters(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        for number in range(3):
            await first.create()
            assert len(await journal(first)) == 2 * number + 1, "a mock shows its own exchanges at once"
            await second.use(key=OTHER)
            await until_journal(first, lambda found, number=number: len(found) == 2 * number + 2)  # type: ignore[misc]  # bound now
        both = await journal(first)
        assert both == await journal(second)
        assert [each["id"] for each in both] == [6, 5, 4, 3, 2, 1]
        assert [each["method"] for each in both] == ["GET", "POST"] * 3
        for mock in (first, second):
            assert await journal(mock, "method=POST&limit=2") == both[1:4:2]
            assert await journal(mock, f"key={OTHER}&before=5") == both[2::2]
            assert await journal(mock, "path=/billing/usage") == both[::2]

    live(life, store)


def test_exchanges_of_a_kind_are_found_on_the_other_mock(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        await first.create()
        await journal(first)  # what a mock has shown, all of them have
        wrong_order = {"amount": "5", "sucess_url": "x"}
        await second.client.post("/billing/checkout", json=wrong_order, headers={"x-access-token": KEY})
        await journal(second)
        await first.post("/_mock/faults", {"match": {"path": "/billing/usage"}, "then": "empty"})
        await first.use()
        fault, wrong, right = await journal(first)  # the empty answer violates the contract, too
        for mock in (first, second):
            assert await journal(mock, "violations=true") == [fault, wrong]
            assert await journal(mock, "faults=true") == [fault]
            assert await journal(mock, "notes=true") == [wrong]
            assert await journal(mock, "operation=POST /billing/checkout&violations=false") == [right]
            archive = (await mock.client.get("/_mock/requests.har?faults=false")).json()
            assert [each["_exchange"] for each in archive["log"]["entries"]] == [right["id"], wrong["id"]]

    live(life, store)


def test_exchange_is_the_same_in_the_journals_of_one_mock_and_of_two(store: str) -> None:
    strange = {"content-type": "application/json", "x-access-token": KEY, "x-strange": "ü"}
    bodies = [b'{"amount": 5}', b'{"amount": "\xff"}', b"\x00\r\n", b'{"amount": 1e2, "mode": "\\u0000"}']

    async def exchanges(mock: Listened) -> list[dict[str, Any]]:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in strange.items()]
        for body in bodies:
            await mock.client.post("/billing/checkout?a=%00", content=body, headers=headers)
        await mock.client.get("/unknown")
        entries = await journal(mock)
        for entry in entries:
            del entry["duration_ms"], entry["response_body"]
        return entries

    async def alone() -> list[dict[str, Any]]:
        async with listened(store="memory") as mock:
            return await exchanges(mock)

    async def life(first: Listened, second: Listened) -> None:
        shared = await exchanges(first)
        expected = await alone()
        assert len(shared) == 5
        for own, other in zip(shared, expected, strict=True):
            del own["response_headers"], other["response_headers"]  # they hold the length of the id
        assert shared == expected
        await second.use()

    live(life, store)


@pytest.mark.parametrize("key", [KEY, None])
def test_cleared_journal_is_clear_on_all_mocks(store: str, key: str | None) -> None:
    query = f"key={key}" if key else ""

    async def life(first: Listened, second: Listened) -> None:
        await first.use(key=OTHER)
        await journal(first)
        await first.use()
        first.real_time.advance(seconds=1)
        second.real_time.advance(seconds=1)
        async with first.listener() as stream:
            await second.client.delete(f"/_mock/requests?{query}")
            assert (await stream.next("forgotten")).data["forgotten"] is not None
        left = 0 if key is None else 1
        for mock in (first, second):
            assert len(await journal(mock)) == left, "the entry that the first had not stored yet is gone, too"
        await second.use()
        assert (await journal(second))[0]["id"] > left + 1, "ids are used once"

    live(life, store)


def test_reset_of_an_account_clears_its_journal(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        await first.use()
        await journal(first)
        await second.post("/_mock/reset", {"key": KEY})
        assert await journal(first) == []

    live(life, store)


async def next_of_each(stream: Stream, *names: str) -> list[Any]:
    """The next events of these names, in any order, soon."""
    found: dict[str, Any] = {}
    async with asyncio.timeout(SOON + 1):
        while not set(names) <= set(found):
            event = await stream.next()
            found.setdefault(event.name, event.data)
    return [found[name] for name in names]


def test_everything_that_happens_on_one_mock_reaches_the_clients_of_another_soon(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        async with second.listener() as stream, second.listener(f"key={OTHER}") as other:
            created = await first.create()
            session, exchange = await next_of_each(stream, "session", "exchange")
            assert (session["id"], exchange["path"]) == (created, "/billing/checkout")
            await first.post(f"/_mock/sessions/{created}/pay", {"card": "4242424242424242"})
            session, account = await next_of_each(stream, "session", "account")
            assert (session["status"], account["credit_balance"]) == ("completed", 5)
            await first.post("/_mock/clock", {"advance": "1h"})
            [clock] = await next_of_each(stream, "clock")
            assert (clock["account"], clock["offset_seconds"]) == (None, 3_600)
            await first.client.delete("/_mock/requests")
            assert await next_of_each(stream, "forgotten") == [{"forgotten": "everything"}]
            await first.post("/_mock/reset", {"key": OTHER})
            [reset] = await next_of_each(stream, "reset")
            assert (await other.next("clock")).data == clock
            assert (await other.next("reset")).data == reset

    live(life, store)


def test_event_of_a_mock_reaches_its_own_clients_once(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        async with first.listener() as stream:
            created = [await first.create(), await second.create(), await first.create()]
            seen = [await stream.next() for _ in range(2 * len(created))]
            assert sorted(each.data["id"] for each in seen if each.name == "session") == sorted(created)
            assert [each.id for each in seen if each.name == "exchange"] == ["1", "2", "3"]

    live(life, store)


def test_client_resumes_on_another_mock(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        async with first.listener() as stream:
            for _ in range(3):
                await first.use()
            assert [(await stream.next("exchange")).id for _ in range(3)] == ["1", "2", "3"]
        async with second.listener(last_event_id="1") as stream:
            assert [(await stream.next("exchange")).id for _ in range(2)] == ["2", "3"]

    live(life, store)


def test_lost_connection_is_reported_and_exchanges_are_caught_up(tmp_path: Path) -> None:
    async def life(proxy: Proxy, first: Listened, second: Listened) -> None:
        async with second.listener() as stream:
            proxy.refuse()
            await first.use()
            await journal(first)
            proxy.accept()
            assert (await stream.next("missed")).data == {"changes": True, "exchanges": False}
            assert (await stream.next("exchange")).id == "1"
            created = await first.create()
            assert (await stream.next("session")).data["id"] == created

    with running_proxy() as proxy:
        through_proxy = proxy.address(schema_of(tmp_path))
        live(lambda first, second: life(proxy, first, second), postgres_address(tmp_path), second=through_proxy)


def test_more_events_than_can_be_sent_are_reported_as_missed(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_messages, "MOST", 0)

    async def life(first: Listened, second: Listened) -> None:
        async with second.listener() as stream:
            await first.create()
            assert (await stream.next("missed")).data == {"changes": True, "exchanges": False}

    live(life, store)


def test_shared_journal_is_bounded_in_bytes(store: str) -> None:
    async def life(first: Listened, second: Listened) -> None:
        async with second.listener() as stream:
            for number in range(1, 5):
                await first.client.post("/billing/checkout", content=b"x" * 3_000)
                await journal(first)
                assert (await stream.next("exchange")).id == str(number)
            assert [each["id"] for each in await journal(second)] == [4, 3]
        async with second.listener(last_event_id="1") as stream:
            assert (await stream.next("missed")).data == {"changes": False, "exchanges": True}
            assert (await stream.next("exchange")).id == "3"

    live(life, store, journal_bytes=12_000)


def test_expiry_is_sent_once_to_each_client_of_each_mock(store: str) -> None:
    async def statuses(stream: Stream, last: set[str]) -> list[str]:
        """The states that a session was sent in, until both last ones have come."""
        found = []
        while last:
            session = (await stream.next("session")).data
            if session["id"] in last:
                last = last - {session["id"]}
            else:
                found.append(session["status"])
        return found

    async def life(first: Listened, second: Listened) -> None:
        async with first.listener() as here, second.listener() as there:
            await first.create()
            for stream in (here, there):
                assert (await stream.next("session")).data["status"] == "pending"
            await second.post("/_mock/clock", {"advance": "24h"})
            for stream in (here, there):
                assert (await stream.next("session")).data["status"] == "expired"
            last = {await first.create(), await second.create()}  # what one mock sends arrives in its order
            assert (await statuses(here, last), await statuses(there, last)) == ([], [])

    live(life, store)
