"""A local, stateful mock of VideoDB's billing checkout API.

with mockserver.running(profile="page") as mock:
    requests.post(mock.url + "/billing/checkout", json={"amount": 50}, headers={"x-access-token": "sk-test"})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver._version import __version__

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.server import Mock, running
    from mockserver.settings import Settings

__all__ = ["Mock", "Settings", "__version__", "create_app", "running"]


def __getattr__(name: str) -> Any:
    # every pytest run imports this package for its plugin: the server is imported on first use
    if name == "create_app":
        from mockserver.app import create_app

        return create_app
    if name in ("Mock", "running"):
        from mockserver import server

        return getattr(server, name)
    if name == "Settings":
        from mockserver.settings import Settings

        return Settings
    raise AttributeError(f"module 'mockserver' has no attribute {name!r}")
