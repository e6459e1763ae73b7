from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

import mockserver
from mockserver import AccountMock, Mock
from mockserver.client.async_account_mock import _in_thread


async def pays_and_looks(mock: Mock) -> None:
    account = mock.async_account()
    session = await account.create(amount=9)
    assert (await account.pay(session))["status"] == "completed"
    assert (await account.balance, len(await account.invoices), len(await account.requests)) == (9, 1, 1)
    assert (await account.usage)["credit_balance"] == 9
    assert [each["id"] for each in await account.sessions] == [session["id"]]
    assert await account.faults == []
    before = await account.clock.now
    assert await account.clock.advance("2h") >= before + timedelta(hours=2)
    with pytest.raises(mockserver.SessionCompleted):
        await account.pay(session)


def test_async_account_does_the_same(mock: Mock) -> None:
    asyncio.run(pays_and_looks(mock))


def test_async_account_does_the_same_under_trio(mock: Mock) -> None:
    # in a process of its own: the tests keep sniffio out of theirs, which Trio needs
    script = (
        "import sys, trio, mockserver\n"
        "async def pays():\n"
        "    account = mockserver.AsyncAccountMock(mockserver.AccountMock(sys.argv[1]))\n"
        "    await account.pay(await account.create(amount=9))\n"
        "    print(await account.balance)\n"
        "trio.run(pays)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, mock.url], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("9\n", "")


def test_cancelled_call_ends_before_its_task_does(mock: Mock) -> None:
    account, may_give = mock.account(), threading.Event()

    def give() -> None:
        may_give.wait(timeout=20)
        account.give(7)

    async def story() -> None:
        giving = asyncio.create_task(_in_thread(give))
        await asyncio.sleep(0)
        giving.cancel()
        for _ in range(9):
            await asyncio.sleep(0)
        assert not giving.done()
        may_give.set()
        with pytest.raises(asyncio.CancelledError):
            await giving
        assert account.balance == 7

    asyncio.run(story())


def test_async_account_has_every_member() -> None:
    def members(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    clock = type(mockserver.AsyncAccountMock(AccountMock("http://127.0.0.1:1")).clock)
    assert members(AccountMock) <= members(mockserver.AsyncAccountMock)
    assert members(type(AccountMock("http://127.0.0.1:1").clock)) <= members(clock)
