"""A local, stateful mock of VideoDB's billing checkout API.

with mockserver.running(profile="page") as mock:
    requests.post(mock.url + "/billing/checkout", json={"amount": 50}, headers={"x-access-token": "sk-test"})
    account = mock.account("sk-test")
    account.pay(account.sessions[0])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockserver._version import __version__

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.client.account_mock import AccountMock
    from mockserver.client.async_account_mock import AsyncAccountMock
    from mockserver.client.http_client import NoAnswer
    from mockserver.domain.errors import (
        AuthenticationRequired,
        CardDeclined,
        CheckoutError,
        InsufficientCredits,
        SessionCompleted,
        SessionExpired,
    )
    from mockserver.server import Mock, running
    from mockserver.settings import Settings

__all__ = [
    "AccountMock",
    "AsyncAccountMock",
    "AuthenticationRequired",
    "CardDeclined",
    "CheckoutError",
    "InsufficientCredits",
    "Mock",
    "NoAnswer",
    "SessionCompleted",
    "SessionExpired",
    "Settings",
    "__version__",
    "create_app",
    "running",
]

_ROOMS = {
    "AccountMock": "mockserver.client.account_mock",
    "AsyncAccountMock": "mockserver.client.async_account_mock",
    "Mock": "mockserver.server",
    "NoAnswer": "mockserver.client.http_client",
    "Settings": "mockserver.settings",
    "create_app": "mockserver.app",
    "running": "mockserver.server",
}
"""The rooms of the names; those without one are errors of the domain."""


if not TYPE_CHECKING:  # a checker of types would take any name for one of this package

    def __getattr__(name: str) -> Any:
        # every pytest run imports this package for its plugin: a room is imported on first use
        if name not in __all__:
            raise AttributeError(f"module 'mockserver' has no attribute {name!r}")
        return getattr(import_module(_ROOMS.get(name, "mockserver.domain.errors")), name)
