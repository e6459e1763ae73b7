"""The way of a check's request: through the run's door, and remembered."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.results.finding import Request, Response
from mockserver_contracts.target.answer import Answer, Away, Session, Undecided, session_of
from mockserver_contracts.target.gate import Gate, NoResponse, RawAnswer, RawRequest
from mockserver_contracts.target.transports import AsgiTransport, quiet_loop

JSON: Final = "application/json"
# By these a server says that it does not serve anybody, or not now.
_AWAY: Final = frozenset({429, 502, 503, 504})
# Of many large answers the first are enough to remember.
_MOST_LARGE: Final = 20
_LARGE: Final = 64 * 1024
# For the threads that send at once to be there.
_LONGEST_START: Final = 5.0


@dataclass(slots=True)
class TargetClient:
    """Sends requests through the door and remembers what has to be remembered of all of them."""

    gate: Gate
    url: str
    key_header: str
    is_in_process: bool
    control: str | None
    control_gate: Gate | None = None
    seen: list[Answer] = field(default_factory=list)
    unanswered: list[tuple[Request, NoResponse]] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    # The answer on which every claim about the form of an answer is decided.
    reply: Answer | None = None
    on_rails: bool = False
    _loop: asyncio.AbstractEventLoop = field(default_factory=quiet_loop)
    _sent: int = 0

    def close(self) -> None:
        """Close the loop in which an application of this process answers."""
        self._loop.close()

    @property
    def requests_sent(self) -> int:
        """How many requests went out, through both doors."""
        return self.gate.requests_sent + (self.control_gate.requests_sent if self.control_gate else 0)

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """The target's answer; raises Undecided where there is none."""
        return self.together([(method, path, headers, body, query)])[0]

    def together(
        self, calls: Sequence[tuple[str, str, Mapping[str, str], bytes, Mapping[str, object] | None]]
    ) -> list[Answer]:
        """The answers to requests that are sent at once."""
        raw = [self._raw(*call) for call in calls]
        cases = [f"check-{self._sent + number}" for number in range(len(raw))]
        self._sent += len(raw)
        gate, url = self._gate(raw[0])
        began = time.monotonic()
        if self.is_in_process or len(raw) == 1:

            async def all_at_once() -> list[RawAnswer]:
                return await asyncio.gather(*(gate.answer(one, case) for one, case in zip(raw, cases, strict=True)))

            answers = self._loop.run_until_complete(all_at_once())
        else:
            ready = threading.Barrier(len(raw))

            def when_all_are(pair: tuple[RawRequest, str]) -> RawAnswer:
                ready.wait(_LONGEST_START)
                return asyncio.run(gate.answer(*pair))

            with ThreadPoolExecutor(len(raw)) as pool:
                answers = list(pool.map(when_all_are, zip(raw, cases, strict=True)))
        seconds = time.monotonic() - began
        return [
            self._answer(one, case, answer, gate, url, seconds)
            for one, case, answer in zip(raw, cases, answers, strict=True)
        ]

    def _answer(self, raw: RawRequest, case: str, answer: RawAnswer, gate: Gate, url: str, seconds: float) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw.headers}
        request = Request(raw.method, url.rstrip("/") + raw.target.decode("latin-1"), headers, raw.body)
        if case in gate.unsent:
            raise Undecided(_why(gate, on_rails=self.on_rails))
        if (unanswered := gate.unanswered.get(case)) is not None:
            self.unanswered.append((request, unanswered))
            raise Undecided("a request got no whole answer")
        if gate.failure is not None:
            raise Undecided(_why(gate, on_rails=self.on_rails))
        if answer.status in _AWAY:
            if (failure := gate.looks_gone()) is not None:
                gate.fail(failure)
            raise Away(answer.status)
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
        result = Answer(request, Response(answer.status, told, answer.body), seconds)
        if len(self.seen) < _MOST_LARGE or len(answer.body) <= _LARGE:
            self.seen.append(result)
        if raw.method == "POST" and raw.path == CHECKOUT.encode() and (session := session_of(result, 1)) is not None:
            self.sessions.append(session)
        return result

    def _raw(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object] | None
    ) -> RawRequest:
        lines = [("accept", "*/*"), ("user-agent", "videodb-mockserver-check"), *headers.items()]
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(("content-length", str(len(body))))
        # Over HTTP a name goes out as it is written; an application of this process gets it as a server hands it on.
        cased = (lambda name: name.lower()) if self.is_in_process else str
        encoded = [(cased(name).encode(), value.encode()) for name, value in lines]
        return RawRequest(method, path.encode(), urlencode(query or {}).encode(), encoded, body)

    def _gate(self, request: RawRequest) -> tuple[Gate, str]:
        if self.control_gate is not None and request.path.startswith(b"/sessions"):
            return self.control_gate, self.control or self.url
        if self.control_gate is not None and request.path in (b"/clock", b"/usage", b"/credits"):
            return self.control_gate, self.control or self.url
        return self.gate, self.url

    def control_call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """The answer to a call of the control API."""
        return self.control_calls(1, method, path, body, query)[0]

    def control_calls(
        self,
        times: int,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> list[Answer]:
        """The answers to the same call, sent so many times at once."""
        if self.on_rails:
            raise Undecided("a rail forbids it")
        if self.control is None:
            raise Undecided("no control API")
        if self.control_gate is None:
            path = urlsplit(self.control).path.removeprefix(urlsplit(self.url).path.rstrip("/")) + path
        sent = b"" if body is None else json.dumps(body).encode()
        headers = {"content-type": JSON} if body is not None else {}
        return self.together([(method, path, headers, sent, query)] * times)


def _why(gate: Gate, *, on_rails: bool) -> str:
    if gate.failure is not None:
        return "the target stopped answering"
    if gate.stopped is not None:
        return "time budget" if "time budget" in gate.stopped else gate.stopped
    return "a rail forbids it" if on_rails else "the request cannot be sent"


def in_process(transport: object) -> bool:
    """Whether the way leads into an application of this process."""
    return isinstance(transport, AsgiTransport)
