"""`/_mock/health` and `/_mock/live`: the answers to probes of a container, a balancer or a test."""

from __future__ import annotations

from typing import Final

from mockserver.billing import Accounts
from mockserver.contract import Profile
from mockserver.store.patience import patience
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply

_SECONDS: Final = 1.5
"""The patience with the store: a probe waits for two seconds, and is to learn of the store."""


class HealthHandlers:
    """Show the mock's health."""

    def __init__(self, accounts: Accounts, profile: Profile, *, version: str, store: str) -> None:
        self._accounts = accounts
        self._health = {"status": "ok", "version": version, "profile": profile.name, "store": store}
        self.health_methods = {"GET": Method(self.show_health)}
        self.live_methods = {"GET": Method(self.show_live)}

    async def show_health(self, request: ControlRequest) -> Reply:
        """Show that the mock can serve, with its version, profile and store. Raises StoreUnavailable."""
        with patience(_SECONDS):
            await self._accounts.reach_store()
        return Reply.json(self._health)

    async def show_live(self, request: ControlRequest) -> Reply:
        """Show that the process answers. A restart brings no lost store back, so the store is not asked."""
        return Reply.json({"status": "ok"})
