"""The clock of one account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mockserver.client.control_api import ControlApi

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these


class AccountClock:
    """The clock of one account. Times are aware datetimes in UTC; each method returns the time after it."""

    def __init__(self, api: ControlApi, api_key: str) -> None:
        self._api = api
        self._api_key = api_key

    def __repr__(self) -> str:
        return f"<AccountClock {self.now.isoformat()}>"

    @property
    def now(self) -> datetime:
        """The time on the clock."""
        return _time(self._api.call("GET", "/clock", query={"key": self._api_key}))

    def advance(self, by: str | float | timedelta) -> datetime:
        """Move the clock forward by a timedelta, a duration such as `24h`, or a number of seconds."""
        return self._move(advance=by.total_seconds() if isinstance(by, timedelta) else by)

    def set(self, to: str | datetime) -> datetime:
        """Set the clock to an aware datetime or an RFC 3339 time that is not in its past."""
        return self._move(now=to.isoformat() if isinstance(to, datetime) else to)

    def freeze(self) -> datetime:
        """Stop the clock."""
        return self._move(frozen=True)

    def unfreeze(self) -> datetime:
        """Start a stopped clock again."""
        return self._move(frozen=False)

    def reset(self) -> datetime:
        """Return to real time."""
        return _time(self._api.call("DELETE", "/clock", query={"key": self._api_key}))

    def _move(self, **change: Any) -> datetime:
        return _time(self._api.call("POST", "/clock", body={"key": self._api_key, **change}))


def _time(face: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(face["now"])
