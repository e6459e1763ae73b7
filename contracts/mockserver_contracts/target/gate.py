"""The one gate through which every request of a run goes to its target.

Rule 1: no request goes out after the run is stopped, and none beyond the limits.
Rule 2: the gate finds out that the target is gone, and reports it once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from mockserver_contracts.exchange import MISSING, Exchange, NoResponse, Request, Response
from mockserver_contracts.results.events import RunFailure

# With these statuses a server serves this caller not at all, or nobody now.
REFUSALS: Final = frozenset({401, 403, 429, 502, 503, 504})
_GATEWAY: Final = frozenset({502, 503, 504})
# Each of them waits for the time-out; a few are proof enough.
_MOST_SLOW: Final = 5
# Something answered, if only nonsense: the target is there, and wrong.
SPOKE: Final = frozenset({"malformed", "endless", "incomplete", "excess"})
_SLOW: Final = frozenset({"timeout", "endless"})
# With these statuses and Retry-After a server asks to come again (RFC 9110, 10.2.3).
_COME_AGAIN: Final = frozenset({429, 503})
_RETRIES: Final = 3
_LONGEST_WAIT: Final = 30.0
_BUDGET_SPENT: Final = "the time budget is spent"


class NotSent(Exception):
    """The request went nowhere: the gate did not let it pass, or HTTP has no form for it."""


class Transport(Protocol):
    """A connection to a target.

    `send` returns the whole response, or raises NoResponse or NotSent. `retry` sends a request that was
    answered before and returns the status, or the reason why there is none now.
    """

    @property
    def url(self) -> str: ...

    async def send(self, request: Request, *, within: float) -> Response: ...

    def retry(self, request: Request) -> int | RunFailure: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a run on its target."""

    requests: int | None = None
    per_second: float | None = None
    seconds_per_request: float = 10.0
    forbids: Callable[[Request], bool] | None = None


class Gate:
    """Counts, paces and bounds the requests of one run."""

    def __init__(
        self,
        transport: Transport,
        limits: Limits,
        *,
        deadline: float | None = None,
        listener: Callable[[Exchange], None] | None = None,
    ) -> None:
        """A gate to a target; the listener hears of each exchange."""
        self.requests_sent = 0
        self.failure: RunFailure | None = None
        self.stopped: str | None = None
        # The exchange after which the target answered nothing any more.
        self.last_words: Exchange | None = None
        self._transport = transport
        self._limits = limits
        self._deadline = deadline
        self._listener = listener
        self._known: Request | None = None
        self._known_accepted = False
        self._slow = 0
        # The statuses that stayed the same after every wait: to wait again is in vain.
        self._in_vain: set[int] = set()
        self._next_at = 0.0

    @property
    def url(self) -> str:
        """The base URL of the target."""
        return self._transport.url

    @property
    def is_closed(self) -> bool:
        """Nothing passes any more."""
        return self.failure is not None or self.stopped is not None

    def stop(self, reason: str) -> None:
        """Let nothing more pass; the first reason stays."""
        if not self.is_closed:
            self.stopped = reason

    def fail(self, failure: RunFailure) -> None:
        """End the run: the target cannot be tested any further."""
        if self.failure is None:
            self.failure = failure

    def failure_if_gone(self) -> RunFailure | None:
        """The failure if a request that the target accepted before fails now."""
        return self._retry_known() if self._known_accepted else None

    async def send(self, request: Request) -> Exchange:
        """Send the request; raise NotSent if it may not or cannot be sent."""
        if not self._may_send(request):
            raise NotSent
        began = time.monotonic()
        try:
            response = await self._send(request)
        except NoResponse as no_response:
            exchange = Exchange(request, MISSING, time.monotonic() - began, no_response)
            self._record(exchange, no_response)
            return self._heard(exchange)
        accepted = 200 <= response.status < 300
        if self._known is None or (accepted and not self._known_accepted):
            self._known, self._known_accepted = request, accepted
        return self._heard(Exchange(request, response, time.monotonic() - began))

    def _heard(self, exchange: Exchange) -> Exchange:
        if self._listener is not None:
            self._listener(exchange)
        return exchange

    async def _send(self, request: Request) -> Response:
        retries = _RETRIES
        while True:
            self._wait_for_turn()
            self.requests_sent += 1
            within = self._limits.seconds_per_request
            if self._deadline is not None:
                within = min(within, max(self._deadline - time.monotonic(), 0.05))
            response = await self._transport.send(request, within=within)
            pause = self._pause_after(response)
            if pause is None or retries == 0 or not self._can_wait(pause) or not self._may_send(request):
                if pause is not None and retries == 0 and response.status != 429:
                    self._in_vain.add(response.status)
                return response
            retries -= 1
            time.sleep(pause)

    def _pause_after(self, response: Response) -> float | None:
        if response.status not in _COME_AGAIN or response.status in self._in_vain:
            return None
        return retry_after(response)

    def _may_send(self, request: Request) -> bool:
        if self.is_closed:
            return False
        if self._limits.requests is not None and self.requests_sent >= self._limits.requests:
            self.stop(f"the budget of {self._limits.requests} requests is spent")
            return False
        if self._is_late():
            self.stop(_BUDGET_SPENT)
            return False
        return self._limits.forbids is None or not self._limits.forbids(request)

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    def _can_wait(self, seconds: float) -> bool:
        return seconds <= _LONGEST_WAIT and (self._deadline is None or time.monotonic() + seconds < self._deadline)

    def _wait_for_turn(self) -> None:
        if self._limits.per_second is None:
            return
        time.sleep(max(self._next_at - time.monotonic(), 0))
        self._next_at = time.monotonic() + 1 / self._limits.per_second

    def _record(self, exchange: Exchange, no_response: NoResponse) -> None:
        """Decide between a finding, which the caller reports, and the end of the run, which raises NotSent."""
        if self._is_late():
            # The run's own clock cut this request short: that says nothing about the target.
            self.stop(_BUDGET_SPENT)
            raise NotSent
        if no_response.cause not in SPOKE:
            is_gone = no_response.gone or self._known is None
            failure = RunFailure(no_response.cause, str(no_response)) if is_gone else self._retry_known()
            if failure is not None:
                # Where nobody listens any more, an earlier request was the last one.
                if self._known is not None and not no_response.gone and no_response.cause != "unreachable":
                    self.last_words = exchange
                self.fail(failure)
                raise NotSent
        self._slow += no_response.cause in _SLOW
        if self._slow >= _MOST_SLOW:
            self.stop(f"{_MOST_SLOW} requests were not answered in time")

    def _retry_known(self) -> RunFailure | None:
        if self._known is None:
            return None
        self.requests_sent += 1
        outcome = self._transport.retry(self._known)
        if isinstance(outcome, RunFailure):
            return RunFailure(outcome.code, f"the target stopped answering half-way: {outcome.message}")
        if outcome in (REFUSALS if self._known_accepted else _GATEWAY):
            return RunFailure("died", f"the target answers {outcome} to a request that it answered before")
        return None


def retry_after(response: Response) -> float | None:
    """The seconds that Retry-After asks to wait, as a number or until a date; None without either."""
    value = (response.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        now = datetime.now(UTC) if until.tzinfo else datetime.now(UTC).replace(tzinfo=None)
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
