"""The one door through which every request of a run goes to its target.

Rule 1: a request goes nowhere but to the target, whatever host it names; no redirect is followed here.
Rule 2: no request goes out after the run is stopped, and none beyond the limits.
Rule 3: the door knows whether the target is gone, and says so once.

To its caller the door is an ASGI application, so the fuzzer needs no network of its own.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mockserver_contracts.results.events import RunFailure

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]

# Statuses by which a server says that it does not serve this caller, or nobody, now.
REFUSALS: Final = frozenset({401, 403, 429, 502, 503, 504})
_GATEWAY: Final = frozenset({502, 503, 504})
CASE_HEADER: Final = b"x-schemathesis-testcaseid"
# Each waits for the time-out; a few of them are proof enough.
_MOST_UNANSWERED: Final = 5
# Something answered, if only nonsense: the target is there, and wrong.
_SPOKE: Final = frozenset({"malformed", "endless"})
_SLOW: Final = frozenset({"timeout", "endless"})
_RETRIES_AFTER_429: Final = 3
_LONGEST_WAIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request on its way out."""

    method: str
    path: bytes
    query: bytes
    headers: RawHeaders
    body: bytes

    @property
    def target(self) -> bytes:
        """Path and query, as they stand in the request line."""
        return self.path + (b"?" + self.query if self.query else b"")


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer on its way back."""

    status: int
    headers: RawHeaders
    body: bytes


class NoResponse(Exception):
    """The request got no whole answer; `cause` is a word for it, `gone` where nobody listens any more."""

    def __init__(self, cause: str, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.cause = cause
        self.gone = gone


class UnsendableRequest(Exception):
    """The request cannot be put on the wire."""


class Transport(Protocol):
    """How requests reach a target.

    `send` gives the whole answer or raises Unanswered or NotSendable; `again` gives the status of a request that
    was answered before, or why it gets none now; `lifespan` starts and ends what has to be.
    """

    async def lifespan(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None: ...

    async def send(self, request: RawRequest, *, within: float) -> RawAnswer: ...

    def again(self, request: RawRequest) -> int | RunFailure: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may do to its target."""

    requests: int | None = None
    per_second: float | None = None
    seconds_per_request: float = 10.0
    forbids: Callable[[RawRequest], bool] | None = None


class Gate:
    """Counts, paces and bounds the requests of one run."""

    def __init__(self, transport: Transport, limits: Limits, *, deadline: float | None = None) -> None:
        self.requests_sent = 0
        self.failure: RunFailure | None = None
        self.stopped: str | None = None
        self.unanswered: dict[str, NoResponse] = {}
        self.unsent: set[str] = set()
        self.on_stop: Callable[[], None] = lambda: None
        self._transport = transport
        self._limits = limits
        self._deadline = deadline
        self._known: RawRequest | None = None
        self._known_accepted = False
        self._next_at = 0.0

    def stop(self, reason: str) -> None:
        """Let nothing more through; the first reason stays."""
        if self.stopped is None and self.failure is None:
            self.stopped = reason
        self.on_stop()

    def fail(self, failure: RunFailure) -> None:
        """The target cannot be tested any further."""
        if self.failure is None:
            self.failure = failure
        self.on_stop()

    @property
    def is_shut(self) -> bool:
        """Whether nothing more goes through."""
        return self.failure is not None or self.stopped is not None

    def looks_gone(self) -> RunFailure | None:
        """Why the target is gone, if a request that it accepted before fails now."""
        return self._gone() if self._known_accepted else None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._transport.lifespan(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != CASE_HEADER]
        case = next((value.decode() for name, value in scope["headers"] if name == CASE_HEADER), "")
        path = scope.get("raw_path") or scope["path"].encode()
        request = RawRequest(scope["method"], path, scope["query_string"], headers, await _body(receive))
        answer = await self.answer(request, case)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def answer(self, request: RawRequest, case: str) -> RawAnswer:
        """The target's answer; a stand-in where there is none, with the case among `unsent` or `unanswered`."""
        if not self._may_send(request):
            self.unsent.add(case)
            return _NOTHING
        try:
            answer = await self._sent(request)
        except UnsendableRequest:
            self.unsent.add(case)
            return _NOTHING
        except NoResponse as unanswered:
            self._note(unanswered, case)
            return _NOTHING
        accepted = 200 <= answer.status < 300
        if self._known is None or (accepted and not self._known_accepted):
            self._known, self._known_accepted = request, accepted
        return answer

    async def _sent(self, request: RawRequest) -> RawAnswer:
        retries = _RETRIES_AFTER_429
        while True:
            self._wait_for_turn()
            self.requests_sent += 1
            within = self._limits.seconds_per_request
            if self._deadline is not None:
                within = min(within, max(self._deadline - time.monotonic(), 0.05))
            answer = await self._transport.send(request, within=within)
            pause = _retry_after(answer) if answer.status == 429 else None
            if pause is None or retries == 0 or not self._can_wait(pause) or not self._may_send(request):
                return answer
            retries -= 1
            time.sleep(pause)

    def _may_send(self, request: RawRequest) -> bool:
        if self.is_shut:
            return False
        if self._limits.requests is not None and self.requests_sent >= self._limits.requests:
            self.stop(f"the budget of {self._limits.requests} requests is spent")
            return False
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self.stop("the time budget is spent")
            return False
        return self._limits.forbids is None or not self._limits.forbids(request)

    def _can_wait(self, seconds: float) -> bool:
        return seconds <= _LONGEST_WAIT and (self._deadline is None or time.monotonic() + seconds < self._deadline)

    def _wait_for_turn(self) -> None:
        if self._limits.per_second is None:
            return
        time.sleep(max(self._next_at - time.monotonic(), 0))
        self._next_at = time.monotonic() + 1 / self._limits.per_second

    def _note(self, unanswered: NoResponse, case: str) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            # The run's own clock cut this one short: that says nothing about the target.
            self.unsent.add(case)
            self.stop("the time budget is spent")
            return
        if unanswered.cause in _SPOKE:
            self._remember(unanswered, case)
            return
        if unanswered.gone or self._known is None:
            self.fail(RunFailure(unanswered.cause, str(unanswered)))
            return
        if (failure := self._gone()) is not None:
            self.fail(failure)
            return
        self._remember(unanswered, case)

    def _gone(self) -> RunFailure | None:
        if self._known is None:
            return None
        self.requests_sent += 1
        outcome = self._transport.again(self._known)
        if isinstance(outcome, RunFailure):
            return RunFailure(outcome.code, f"the target stopped answering half-way: {outcome.message}")
        if outcome in (REFUSALS if self._known_accepted else _GATEWAY):
            return RunFailure("died", f"the target answers {outcome} to a request that it answered before")
        return None

    def _remember(self, unanswered: NoResponse, case: str) -> None:
        self.unanswered[case] = unanswered
        if sum(known.cause in _SLOW for known in self.unanswered.values()) >= _MOST_UNANSWERED:
            self.stop(f"{_MOST_UNANSWERED} requests were not answered in time")


_NOTHING: Final = RawAnswer(400, [(b"content-type", b"application/json")], b"{}")


async def _body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _retry_after(answer: RawAnswer) -> float | None:
    for name, value in answer.headers:
        if name.lower() == b"retry-after" and value.strip().isdigit():
            return float(value)
    return None
