"""The client of the checks: sends requests through the gate and remembers the exchanges of a run."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode, urlsplit

from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.exchange import Exchange, Headers, Request, Turn, as_latin_1, shortened
from mockserver_contracts.target.answer import ABSENT, Session, session_of
from mockserver_contracts.target.gate import Gate, NotSent
from mockserver_contracts.target.paging import PageLengths
from mockserver_contracts.target.transport.asgi_transport import new_event_loop
from mockserver_contracts.target.undecided import Unavailable, Undecided

JSON: Final = "application/json"
_DEFAULTS: Final = (("accept", "*/*"), ("user-agent", "videodb-mockserver-check"))
# With these statuses a server serves nobody, or not now.
_UNAVAILABLE: Final = frozenset({429, 502, 503, 504})
# Of many large responses the first are enough to remember.
_MOST_LARGE: Final = 20
_LARGE: Final = 64 * 1024
# The longest wait for the threads that send at once.
_LONGEST_START: Final = 5.0

Call = tuple[str, str, Mapping[str, str], bytes, Mapping[str, object] | None]
"""Method, path, headers, body and query of a request."""


@dataclass(slots=True)
class TargetClient:
    """Sends requests to the target and to its control API, and remembers what the checks of a whole run need."""

    gate: Gate
    key_header: str
    is_in_process: bool
    control: str | None
    control_gate: Gate | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    # The turns of the check that is under way, those with the control API included.
    trail: list[Turn] = field(default_factory=list)
    without_response: list[Exchange] = field(default_factory=list)
    # The calls to the control API that it answered with a server error.
    control_failures: list[Exchange] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    # The exchange on which every claim about the form of a reply is decided.
    reply: Exchange | None = None
    on_rails: bool = False
    # The smallest order that the target takes, and the seconds by which its list is late; a probe finds them out.
    least_dollars: int = 1
    page_lengths: PageLengths = field(default_factory=PageLengths)
    list_lag: float = 0.0
    _loop: asyncio.AbstractEventLoop = field(default_factory=new_event_loop)

    def close(self) -> None:
        """Close the loop in which an application of this process answers."""
        self._loop.close()

    @property
    def url(self) -> str:
        """The base URL of the target."""
        return self.gate.url

    @property
    def requests_sent(self) -> int:
        """The number of requests that went out, those to the control API included."""
        return self.gate.requests_sent + (self.control_gate.requests_sent if self.control_gate else 0)

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        query: Mapping[str, object] | None = None,
    ) -> Exchange:
        """Send a request; raise Undecided if it gets no response."""
        return self.send_at_once([(method, path, headers, body, query)])[0]

    def send_at_once(self, calls: Sequence[Call]) -> list[Exchange]:
        """Send requests at the same time; raise Undecided if one of them gets no response."""
        gate = self._gate_of(calls[0][1])
        requests = [_request(gate.url, *call) for call in calls]
        if len(requests) == 1:
            exchanges = [self._loop.run_until_complete(_send_or_none(gate, requests[0]))]
        elif self.is_in_process:
            exchanges = self._loop.run_until_complete(_gather(gate, requests))
        else:
            exchanges = _send_in_threads(gate, requests)
        received = [self._receive(gate, exchange) for exchange in exchanges]
        self.trail.append(tuple(received))
        return received

    def _receive(self, gate: Gate, exchange: Exchange | None) -> Exchange:
        if exchange is None:
            raise Undecided(self._reason(gate))
        if exchange.no_response is not None:
            self.without_response.append(exchange)
            raise Undecided("a request got no whole answer")
        if gate.failure is not None:
            raise Undecided(self._reason(gate))
        if exchange.status in _UNAVAILABLE:
            if (failure := gate.failure_if_gone()) is not None:
                gate.fail(failure)
            raise Unavailable(exchange.status)
        if len(self.exchanges) < _MOST_LARGE or len(exchange.response.body) <= _LARGE:
            self.exchanges.append(exchange)
        is_checkout = exchange.request.method == "POST" and exchange.request.path_below(gate.url) == CHECKOUT
        if is_checkout and (session := session_of(exchange, 1)) is not None:
            kept = replace(exchange, response=shortened(exchange.response))
            self.sessions.append(replace(session, answer=kept) if len(exchange.response.body) > _LARGE else session)
        return exchange

    def _gate_of(self, path: str) -> Gate:
        is_control = path.startswith("/sessions") or path in ("/clock", "/usage", "/credits")
        return self.control_gate if self.control_gate is not None and is_control else self.gate

    def _reason(self, gate: Gate) -> str:
        if gate.failure is not None:
            return "the target stopped answering"
        if gate.stopped is not None:
            return "time budget" if "time budget" in gate.stopped else gate.stopped
        return "a rail forbids it" if self.on_rails else "the request cannot be sent"

    def control_call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Exchange:
        """Call the control API."""
        return self.control_calls(1, method, path, body, query)[0]

    def control_calls(
        self,
        times: int,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> list[Exchange]:
        """Call the control API this many times at once."""
        payload = b"" if body is None else json.dumps(body).encode()
        headers = {"content-type": JSON} if body is not None else {}
        return self._control([(method, self._control_path(path), headers, payload, query)] * times)

    def control_posts(self, paths: Sequence[str]) -> list[Exchange]:
        """Post an empty object to each of these paths of the control API at once."""
        headers = {"content-type": JSON}
        return self._control([("POST", self._control_path(path), headers, b"{}", None) for path in paths])

    def control_bodies(self, path: str, bodies: Sequence[Mapping[str, object]]) -> list[Exchange]:
        """Post each of these bodies to a path of the control API at once."""
        headers, place = {"content-type": JSON}, self._control_path(path)
        return self._control([("POST", place, headers, json.dumps(body).encode(), None) for body in bodies])

    def _control(self, calls: Sequence[Call]) -> list[Exchange]:
        """Call the control API; raise Undecided if it fails, because the check is not about the control API."""
        answers = self.send_at_once(calls)
        # A call that the target does not implement (501) is no failure.
        failures = [answer for answer in answers if answer.status >= 500 and answer.status not in ABSENT]
        self.control_failures += failures
        if failures:
            raise Undecided(f"the control API answered {failures[0].status}")
        return answers

    def _control_path(self, path: str) -> str:
        if self.on_rails:
            raise Undecided("a rail forbids it")
        if self.control is None:
            raise Undecided("no control API")
        if self.control_gate is not None:
            return path
        return urlsplit(self.control).path.removeprefix(urlsplit(self.url).path.rstrip("/")) + path


def _request(
    base: str, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object] | None
) -> Request:
    given = {name.lower() for name in headers}
    lines = [*(line for line in _DEFAULTS if line[0] not in given), *headers.items()]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(("content-length", str(len(body))))
    encoded = Headers((as_latin_1(name), as_latin_1(value)) for name, value in lines)
    url = base + as_latin_1(path) + (f"?{urlencode(query)}" if query else "")
    return Request(method, url, encoded, body)


async def _gather(gate: Gate, requests: Sequence[Request]) -> list[Exchange | None]:
    return await asyncio.gather(*(_send_or_none(gate, request) for request in requests))


async def _send_or_none(gate: Gate, request: Request) -> Exchange | None:
    try:
        return await gate.send(request)
    except NotSent:
        return None


def _send_in_threads(gate: Gate, requests: Sequence[Request]) -> list[Exchange | None]:
    ready = threading.Barrier(len(requests))

    def send_when_all_are_ready(request: Request) -> Exchange | None:
        ready.wait(_LONGEST_START)
        return asyncio.run(_send_or_none(gate, request))

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send_when_all_are_ready, requests))
