"""The corpus, sent: each entry through the door, in order, with the run's key and what its links take from answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from mockserver.contract.pointer import value_at
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Link
from mockserver_contracts.results.finding import Request, Response
from mockserver_contracts.target.gate import Gate, NoResponse, RawAnswer, RawRequest
from mockserver_contracts.target.transports import quiet_loop

# A link's value that fills no place: it would make another path of it.
_LONGEST_VALUE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """An entry as it was sent, and its answer; `unanswered` where there is no whole one."""

    entry: CorpusEntry
    request: Request
    response: Response
    seconds: float
    unanswered: NoResponse | None = None
    # What its links took from earlier answers, by the link's name.
    linked: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Request, Response]:
        """What anybody can see of it."""
        return self.request, self.response

    @property
    def is_accepted(self) -> bool:
        """Whether the answer says that the request was done."""
        return self.unanswered is None and 200 <= self.response.status < 300

    @property
    def is_refused(self) -> bool:
        """Whether the answer refuses the request, as it should be refused."""
        return self.unanswered is None and 400 <= self.response.status < 500


class Replay:
    """Sends entries to one target; what the door does not let through is left out."""

    def __init__(self, gate: Gate, *, url: str, key: str) -> None:
        self._gate = gate
        self._url = url.rstrip("/")
        self._key = key
        self._loop = quiet_loop()
        self._answers: dict[str, Response] = {}
        self._sent = 0

    def close(self) -> None:
        """Close the loop in which an application of this process answers."""
        self._loop.close()

    def exchanges(self, entries: Iterable[CorpusEntry]) -> Iterator[Exchange]:
        """What comes of the entries, one by one; ends early when the door stops."""
        for entry in entries:
            if self._gate.is_shut:
                return
            exchange = self.exchange(entry)
            if exchange is not None:
                yield exchange

    def exchange(self, entry: CorpusEntry) -> Exchange | None:
        """What comes of the entry; None where it cannot be sent."""
        linked = {link.name: self._value(link) for link in entry.links}
        raw = self._raw(entry, linked)
        self._sent += 1
        case = f"replay-{self._sent}"
        began = time.monotonic()
        answer = self._loop.run_until_complete(self._gate.answer(raw, case))
        seconds = time.monotonic() - began
        if case in self._gate.unsent or (self._gate.failure is not None and case not in self._gate.unanswered):
            return None
        response = _response(answer)
        if entry.id not in self._answers:
            self._answers[entry.id] = response
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw.headers}
        request = Request(raw.method, self._url + raw.target.decode("latin-1"), headers, raw.body)
        return Exchange(entry, request, response, seconds, self._gate.unanswered.get(case), linked)

    def _raw(self, entry: CorpusEntry, linked: Mapping[str, str]) -> RawRequest:
        target, body = entry.target, entry.body
        for link in entry.links:
            value = linked[link.name]
            target = target.replace(link.mark, quote(value, safe=""))
            body = body.replace(json.dumps(link.mark).encode(), json.dumps(value).encode())
        headers = [(name, value.replace(KEY, self._key) if KEY in value else value) for name, value in entry.headers]
        if body or entry.method in ("POST", "PUT", "PATCH"):
            headers.append(("content-length", str(len(body))))
        path, _, query = target.partition("?")
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
        return RawRequest(entry.method, path.encode(), query.encode(), encoded, body)

    def _value(self, link: Link) -> str:
        answer = self._answers.get(link.parent)
        if answer is None:
            return link.recorded
        if link.place == "header":
            return next((v for name, v in answer.headers.items() if name.lower() == link.where), link.recorded)
        try:
            value: Any = value_at(json.loads(answer.body), link.where)
        except (ValueError, LookupError, RecursionError):
            return link.recorded
        is_plain = isinstance(value, str | int) and not isinstance(value, bool) and str(value)
        return str(value)[:_LONGEST_VALUE] if is_plain else link.recorded


def _response(answer: RawAnswer) -> Response:
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        told = name.decode("latin-1")
        headers[told] = f"{headers[told]}, {value.decode('latin-1')}" if told in headers else value.decode("latin-1")
    return Response(answer.status, headers, answer.body)
