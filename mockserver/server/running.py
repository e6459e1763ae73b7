"""A mock that runs in the background, for tests and scripts."""

from __future__ import annotations

import _thread
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, NamedTuple

from mockserver.settings import SettingError, Settings

if TYPE_CHECKING:
    from mockserver.client.account_mock import AccountMock
    from mockserver.client.async_account_mock import AsyncAccountMock
    from mockserver.client.control_api import ControlApi

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these


class Mock(NamedTuple):
    """A running mock; `url` is its address. The settings of a mock that was started elsewhere are None."""

    url: str
    settings: Settings | None

    def __repr__(self) -> str:
        return f"<Mock at {self.url}>"

    def account(self, api_key: str | None = None) -> AccountMock:
        """The account of a key, or a fresh account, in the hand of a test.

        On a mock with a seed, the key of a fresh account is the same at each run. On a mock that knows some keys and
        refuses all others, the account is that of the first known one.
        """
        from mockserver.client.account_mock import AccountMock, seeded_account  # a served mock needs no client

        api_key = self.known_key if api_key is None else api_key
        if api_key is None and self.settings is not None and self.settings.seed is not None:
            return seeded_account(self.control_api(), self.settings.seed)
        return AccountMock(self.control_api(), api_key=api_key)

    @property
    def known_key(self) -> str | None:
        """The first of the keys that the mock knows; None if it takes every key, or was started elsewhere."""
        return min(self.settings.api_keys, default=None) if self.settings is not None else None

    def control_api(self) -> ControlApi:
        """The calls of its control API, with its token: that of a mock elsewhere is in MOCKSERVER_CONTROL_TOKEN."""
        from mockserver.client.control_api import ControlApi

        if self.settings is None:
            return ControlApi(self.url, token=os.environ.get("MOCKSERVER_CONTROL_TOKEN"))
        return ControlApi(self.url, token=self.settings.control_token)

    def async_account(self, api_key: str | None = None) -> AsyncAccountMock:
        """The same for async tests."""
        from mockserver.client.async_account_mock import AsyncAccountMock

        return AsyncAccountMock(self.account(api_key))


@contextmanager
def running(settings: Settings | None = None, *, own_process: bool = False, **overrides: object) -> Iterator[Mock]:
    """Run a mock in the background until the block ends. It uses a free port unless `port` is given.

    Overrides are settings by name, such as `profile="openapi"` or `session_ttl="2h"`. The mock runs in a thread, or in
    a process of its own, out of reach of tools that change time, sockets or threads of this one. Where gevent or
    eventlet has replaced the threads, it is always a process.
    Raises SettingError, ContractError, StoreError and PortTaken.
    """
    if settings is not None and not isinstance(settings, Settings):
        raise SettingError(f"settings is {settings!r}; give settings by name, such as running(profile='observed')")
    settings = (settings or Settings(port=0)).having(**overrides)
    if settings.workers > 1:
        raise SettingError(f"workers is {settings.workers}; 1 is needed: only `mockserver serve` has several processes")
    # a process that starts another one for the mock does without the server itself
    if own_process or not _has_threads():
        from mockserver.server.own_process import process_of as started
    else:
        from mockserver.server.server import thread_of as started
    with started(settings) as url:
        yield Mock(url, settings)


def _has_threads() -> bool:
    """False if a tool has replaced them by tasks, which the server would block all."""
    return isinstance(_thread.start_new_thread, BuiltinFunctionType)
