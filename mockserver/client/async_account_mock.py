"""The same account for async tests: everything is awaited, properties too.

The calls are those of AccountMock, each in a thread, on the event loop of asyncio or of Trio. A call that is cancelled
ends first: its effect on the mock is known.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial, wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from mockserver.client.account_clock import AccountClock
from mockserver.client.account_mock import AccountMock
from mockserver.client.account_requests import AccountRequests
from mockserver.client.http_client import NoAnswer
from mockserver.client.shapes import FaultJson, InvoiceJson, Number, SessionJson, UsageJson
from mockserver.client.state_diff import diff_states
from mockserver.domain.errors import CheckoutError

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

_P = ParamSpec("_P")
_T = TypeVar("_T")


async def _in_thread(call: Callable[[], _T]) -> _T:
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        result: _T = await trio.to_thread.run_sync(call)
        return result
    return await _in_thread_of_asyncio(call)


async def _in_thread_of_asyncio(call: Callable[[], _T]) -> _T:
    import asyncio  # a suite without async tests does without it

    running = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        with suppress(Exception):  # the cancellation says more
            await running
        raise


def _awaited(method: Callable[Concatenate[Any, _P], _T]) -> Callable[Concatenate[Any, _P], Coroutine[Any, Any, _T]]:
    """The method of the object's `sync`, to be awaited."""

    @wraps(method)
    async def call(self: Any, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await _in_thread(partial(method, self.sync, *args, **kwargs))

    return call


class AsyncAccountClock:
    """See AccountClock."""

    def __init__(self, sync: AccountClock) -> None:
        self.sync: Final = sync

    def __repr__(self) -> str:
        return f"<AsyncAccountClock of {self.sync._api_key}>"  # the time is awaited

    advance = _awaited(AccountClock.advance)
    set = _awaited(AccountClock.set)
    freeze = _awaited(AccountClock.freeze)
    unfreeze = _awaited(AccountClock.unfreeze)
    reset = _awaited(AccountClock.reset)

    @property
    async def now(self) -> datetime:
        """See AccountClock.now."""
        return await _in_thread(lambda: self.sync.now)


class AsyncAccountMock:
    """See AccountMock. `sync` is the account without await."""

    def __init__(self, sync: AccountMock) -> None:
        self.sync: Final = sync
        self.url: Final = sync.url
        self.api_key: Final = sync.api_key
        self.clock: Final = AsyncAccountClock(sync.clock)

    def __repr__(self) -> str:
        return f"<AsyncAccountMock {self.api_key} at {self.url}>"

    create = _awaited(AccountMock.create)
    pay = _awaited(AccountMock.pay)
    decline = _awaited(AccountMock.decline)
    cancel = _awaited(AccountMock.cancel)
    expire = _awaited(AccountMock.expire)
    give = _awaited(AccountMock.give)
    consume = _awaited(AccountMock.consume)
    fail_next = _awaited(AccountMock.fail_next)
    reset = _awaited(AccountMock.reset)
    checkpoint = _awaited(AccountMock.checkpoint)
    rewind = _awaited(AccountMock.rewind)
    control = _awaited(AccountMock.control)

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[list[str]]:
        """See AccountMock.changes."""
        before = await self.checkpoint()
        lines: list[str] = []
        try:
            yield lines
        except Exception:
            with suppress(NoAnswer, CheckoutError):  # the exception of the block says more
                lines += diff_states(before, await self.checkpoint())
            raise
        lines += diff_states(before, await self.checkpoint())

    @property
    async def sessions(self) -> list[SessionJson]:
        """See AccountMock.sessions."""
        return await _in_thread(lambda: self.sync.sessions)

    @property
    async def invoices(self) -> list[InvoiceJson]:
        """See AccountMock.invoices."""
        return await _in_thread(lambda: self.sync.invoices)

    @property
    async def requests(self) -> AccountRequests:
        """See AccountMock.requests."""
        return await _in_thread(lambda: self.sync.requests)

    @property
    async def faults(self) -> list[FaultJson]:
        """See AccountMock.faults."""
        return await _in_thread(lambda: self.sync.faults)

    @property
    async def usage(self) -> UsageJson:
        """See AccountMock.usage."""
        return await _in_thread(lambda: self.sync.usage)

    @property
    async def balance(self) -> Number:
        """See AccountMock.balance."""
        return await _in_thread(lambda: self.sync.balance)
