"""The contract that the client of a strict test must keep.

This module does not hide its frames: pytest would say so below the failure, which has a frame of no other module.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from mockserver.pytest_plugin.accounts import ACCOUNT, latest_described
from mockserver.pytest_plugin.options import options_of


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """With strict, fail the test if its client left the contract."""
    yield
    account = item.stash.get(ACCOUNT, None)
    if account is None or not options_of(item).strict:
        return
    from mockserver.client.account_mock import all_requests  # few tests are strict

    broken = [exchange for exchange in all_requests(account) if exchange["contract"]["request"]]
    if broken:
        lines = "\n".join(latest_described(broken))
        pytest.fail(f"the client of this test left the contract (strict):\n{lines}", pytrace=False)
